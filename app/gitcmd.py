"""One hardened way to start git. Nothing a repository or a user's configuration says can make it run a program.

The host's git works on trees that strangers wrote: no hooks, no system or user configuration, no fsmonitor, filters,
submodules, external diffs, lazy fetches or foreign protocols (CVE-2024-32002, CVE-2025-48384 and their kin).
"""

import asyncio
import os
from asyncio.subprocess import Process
from collections.abc import Container, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

_CONFIG = {
    "core.hooksPath": "/dev/null",
    "core.fsmonitor": "false",
    "core.attributesFile": "/dev/null",
    "core.excludesFile": "/dev/null",
    "core.symlinks": "true",
    "core.protectHFS": "true",
    "core.protectNTFS": "true",
    "core.quotePath": "false",
    "core.autocrlf": "false",
    "credential.helper": "",
    "diff.external": "",
    "gc.auto": "0",
    "maintenance.auto": "false",
    "protocol.allow": "never",
    "protocol.http.allow": "always",
    "protocol.https.allow": "always",
    "protocol.file.allow": "never",
    "protocol.ext.allow": "never",
    "safe.bareRepository": "all",
    "submodule.recurse": "false",
    "fetch.recurseSubmodules": "false",
    "transfer.fsckObjects": "true",
    "uploadpack.packObjectsHook": "",
    "commit.gpgSign": "false",
    "init.defaultBranch": "main",
}


class GitError(Exception):
    """git ended with a failure. `args` are shown without anything that came in through `secret_config`."""

    def __init__(self, command: Sequence[str], code: int, stderr: str) -> None:
        super().__init__(f"git {' '.join(command)} ended with {code}: {stderr.strip()[-2000:]}")
        self.code = code
        self.stderr = stderr


async def git(
    *args: str,
    git_dir: Path | None = None,
    work_tree: Path | None = None,
    index: Path | None = None,
    stdin: bytes = b"",
    env: Mapping[str, str] | None = None,
    secret_config: Mapping[str, str] | None = None,
    timeout_s: float = 120.0,
    launcher: Sequence[str] = (),
) -> bytes:
    """Run git and return its standard output. `launcher`: a program that starts what its last arguments say.

    `secret_config` (an authorization header) is handed over in the environment, never on the command line.
    Raises `GitError` when git fails, `TimeoutError` after `timeout_s`; the process is gone in either case.
    """
    environment = _environment(git_dir, work_tree, index, env, secret_config)
    process = await asyncio.create_subprocess_exec(
        *launcher,
        "git",
        *args,
        cwd=work_tree or git_dir or "/",
        env=environment,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(timeout_s):
            out, err = await process.communicate(stdin)
    except BaseException:
        if process.returncode is None:
            await _end(process)
        raise
    if process.returncode:
        raise GitError(args, process.returncode, err.decode("utf-8", "replace"))
    return out


async def git_at_most(
    most_bytes: int, *args: str, git_dir: Path, fine: Container[int] = (0,), timeout_s: float = 120.0
) -> tuple[bytes, bool]:
    """Run git and return what it prints, up to `most_bytes`, and whether that is all; the rest is never made.

    `fine` are exit codes that are no failure. Raises as `git` does.
    """
    process = await asyncio.create_subprocess_exec(
        "git",
        *args,
        cwd=git_dir,
        env=_environment(git_dir, None, None, None, None),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    try:
        async with asyncio.timeout(timeout_s):
            (out, whole), err = await asyncio.gather(_read_at_most(process, most_bytes), _rest(process.stderr))
            await process.wait()
    except BaseException:
        if process.returncode is None:
            await _end(process)
        raise
    if whole and process.returncode not in fine:
        raise GitError(args, process.returncode or 0, err.decode("utf-8", "replace"))
    return out, whole


async def _read_at_most(process: Process, most_bytes: int) -> tuple[bytes, bool]:
    """Git is ended as soon as there is more, so that it takes no more time either."""
    read = bytearray()
    while process.stdout is not None and (piece := await process.stdout.read(64 * 1024)):
        read += piece
        if len(read) > most_bytes:
            with suppress(ProcessLookupError):
                process.kill()
            await _drop(process.stdout)
            return bytes(read[:most_bytes]), False
    return bytes(read), True


async def _end(process: Process) -> None:
    with suppress(ProcessLookupError):
        process.kill()
    await asyncio.gather(_drop(process.stdout), _drop(process.stderr))
    await process.wait()


async def _drop(stream: asyncio.StreamReader | None) -> None:
    """Read out what is left: asyncio tells of a process's end only when its pipes were, and stops reading full ones."""
    while stream is not None and await stream.read(64 * 1024):
        pass


async def _rest(stream: asyncio.StreamReader | None) -> bytes:
    return await stream.read() if stream is not None else b""


def _environment(
    git_dir: Path | None,
    work_tree: Path | None,
    index: Path | None,
    env: Mapping[str, str] | None,
    secret_config: Mapping[str, str] | None,
) -> dict[str, str]:
    config = {**_CONFIG, **(secret_config or {})}
    environment = {
        "PATH": os.defpath,
        "HOME": "/nonexistent",
        "LC_ALL": "C.UTF-8",
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": "/dev/null",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_LFS_SKIP_SMUDGE": "1",
        "GIT_NO_LAZY_FETCH": "1",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_CONFIG_COUNT": str(len(config)),
        **{f"GIT_CONFIG_KEY_{i}": key for i, key in enumerate(config)},
        **{f"GIT_CONFIG_VALUE_{i}": value for i, value in enumerate(config.values())},
        **(env or {}),
    }
    if git_dir is not None:
        environment["GIT_DIR"] = str(git_dir)
    if work_tree is not None:
        environment["GIT_WORK_TREE"] = str(work_tree)
    if index is not None:
        environment["GIT_INDEX_FILE"] = str(index)
    return environment
