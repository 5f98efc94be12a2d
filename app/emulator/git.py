"""git on the emulator's own bare repositories."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

_ENVIRONMENT = {
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "LC_ALL": "C.UTF-8",
    "HOME": "/nonexistent",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_AUTHOR_NAME": "GitHub",
    "GIT_AUTHOR_EMAIL": "noreply@github.com",
    "GIT_COMMITTER_NAME": "GitHub",
    "GIT_COMMITTER_EMAIL": "noreply@github.com",
}
_UPDATE_HOOK = """#!/bin/sh
# What is refused was written down before; only whether history is rewritten shows here, where the new commits are.
none=0000000000000000000000000000000000000000
kind=plain
if [ "$2" != $none ] && [ "$3" != $none ] && ! git merge-base --is-ancestor "$2" "$3"; then kind=forced; fi
if [ -f "$EMULATOR_REFUSALS/$1.$kind" ]; then cat "$EMULATOR_REFUSALS/$1.$kind" >&2; exit 1; fi
"""


class GitFailedError(Exception):
    """git ended with a failure; `code` is its exit status."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code


async def run_git(repository: Path, *args: str, stdin: bytes = b"", env: Mapping[str, str] | None = None) -> str:
    """Raises `GitFailedError`."""
    process = await asyncio.create_subprocess_exec(
        "git",
        *args,
        cwd=repository,
        env={**_ENVIRONMENT, "GIT_DIR": str(repository), **(env or {})},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate(stdin)
    if process.returncode:
        raise GitFailedError(process.returncode, err.decode(errors="replace"))
    return out.decode(errors="surrogateescape")


async def rev(repository: Path, ref: str) -> str | None:
    try:
        return (await run_git(repository, "rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}")).strip()
    except GitFailedError:
        return None


async def refs(repository: Path) -> dict[str, str]:
    told = await run_git(repository, "for-each-ref", "--format=%(refname) %(objectname)", "refs/heads/")
    return dict(line.split(" ", 1) for line in told.splitlines())


async def create(path: Path) -> None:
    await asyncio.to_thread(path.mkdir, parents=True)
    # Without git's template, which is a dozen sample hooks.
    await run_git(path, "init", "--quiet", "--bare", "--template=", "--initial-branch=main")
    await asyncio.to_thread(_set_up, path)


def _set_up(path: Path) -> None:
    with (path / "config").open("a") as config:
        config.write("[http]\n\treceivepack = true\n")
    hook = path / "hooks" / "update"
    hook.parent.mkdir()
    hook.write_text(_UPDATE_HOOK)
    hook.chmod(0o755)


async def merge_tree(repository: Path, base: str, head: str) -> str | None:
    """The tree of a clean merge; None when there are conflicts."""
    try:
        return (await run_git(repository, "merge-tree", "--write-tree", base, head)).split("\n", 1)[0].strip()
    except GitFailedError as error:
        if error.code == 1:
            return None
        raise


async def is_ancestor(repository: Path, older: str, newer: str) -> bool:
    try:
        await run_git(repository, "merge-base", "--is-ancestor", older, newer)
    except GitFailedError:
        return False
    return True


async def count(repository: Path, *revisions: str) -> int:
    return int(await run_git(repository, "rev-list", "--count", *revisions))
