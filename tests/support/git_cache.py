"""Answers of git that cannot change, kept for all examples: what stands in commits is told by their names alone.

Starting git takes longer than most of what it is asked here. Branches are read and moved where git keeps them, as
files; a new repository is a copy of one that git made. What has to be asked is waited for in the place, where nothing
is asked over HTTP: the loop's own way of starting a process, with three pipes, takes twice as long. Who else is due has
their turn before.
"""

import asyncio
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from app import gitcmd
from app.emulator import git as emulated
from tests.support.git_files import holds, holds_commit, move_ref, names_in, new_repository, place_of

_READS = frozenset({"diff-tree", "ls-tree", "merge-base", "cat-file", "log", "diff", "rev-list", "rev-parse"})
_NAME = re.compile(r"[0-9a-f]{40}")
_NAMES = re.compile(rf"\^?{_NAME.pattern}(\^{{tree}}|\.{{2,3}}{_NAME.pattern})?")
_AT_REST = {"git_dir", "timeout_s", "stdin"}
"""What does not matter to an answer that is told by names; an index or a work tree may."""
_ASKING = ("own_files", "git", "changed", "history", "touched", "entries", "groups", "joining", "diffstat", "mirrors")
_ours: dict[tuple[str | bytes, ...], bytes] = {}
_parts: dict[tuple[int | str, ...], tuple[bytes, bool]] = {}
_asking: dict[tuple[str | bytes, ...], asyncio.Lock] = {}
_githubs: dict[tuple[str, ...], str] = {}
_merged: dict[tuple[str, str], str | None] = {}
_older: dict[tuple[str, str], bool] = {}
_rev, _merge_tree, _is_ancestor = emulated.rev, emulated.merge_tree, emulated.is_ancestor


def keep_answers(patch: pytest.MonkeyPatch) -> None:
    """Quorum's git and that of the emulator."""
    for module in (*(f"app.forge.{name}" for name in _ASKING), "app.sandbox.worktree", "app.knowledge.blobs"):
        patch.setattr(f"{module}.git", _git)
    patch.setattr("app.forge.own_files.git_at_most", _git_at_most)
    patch.setattr("app.emulator.git.run_git", _run_git)
    patch.setattr("app.emulator.git.rev", _read_rev)
    patch.setattr("app.emulator.git.refs", _read_refs)
    patch.setattr("app.emulator.git.merge_tree", _read_merge)
    patch.setattr("app.emulator.git.is_ancestor", _read_older)


def _is_pure(repository: Path | None, args: tuple[str, ...], stdin: bytes = b"") -> bool:
    """Only what is asked of objects by their full names, where they are; `cat-file -e` asks what a repository holds."""
    lines = tuple(stdin.decode("utf-8", "replace").split("\n")[:-1])
    named = any(_NAMES.fullmatch(each) for each in args) or bool(lines)
    if not named or _READS.isdisjoint(args) or "-e" in args or "--is-ancestor" in args:
        return False
    return (
        all(_NAME.match(each) for each in lines)
        and repository is not None
        and holds(repository, names_in((*args, *lines)))
    )


async def _git(*args: str, **options: Any) -> bytes:
    if args[0] == "init":
        new_repository(Path(args[-1]))
        return b""
    place, stdin = options.get("git_dir"), options.get("stdin", b"")
    if args[:2] == ("cat-file", "-e") and place and holds_commit(place, args[-1].removesuffix("^{commit}")):
        return b""
    if options.keys() - _AT_REST or not _is_pure(place, args, stdin):
        return await _ask(*args, **options)
    key = (*args, stdin)
    if key not in _ours:
        # Five perspectives ask the same thing at once.
        asking = _asking.setdefault(key, asyncio.Lock())
        try:
            async with asking:
                if key not in _ours:
                    _ours[key] = await _ask(*args, **options)
        finally:
            _asking.pop(key, None)
    return _ours[key]


async def _ask(*args: str, **options: Any) -> bytes:
    if "secret_config" in options:
        return await gitcmd.git(*args, **options)
    await asyncio.sleep(0)
    places = [options.get(name) for name in ("git_dir", "work_tree", "index", "env")]
    code, out, err = _start(
        args,
        options.get("work_tree") or options.get("git_dir") or Path("/"),
        gitcmd._environment(*places, None),
        options.get("stdin", b""),
    )
    if code:
        raise gitcmd.GitError(args, code, err.decode("utf-8", "replace"))
    return out


def _start(args: tuple[str, ...], folder: Path, env: Mapping[str, str], stdin: bytes) -> tuple[int, bytes, bytes]:
    done = subprocess.run(("git", *args), cwd=folder, env=env, input=stdin, capture_output=True, check=False)
    return done.returncode, done.stdout, done.stderr


async def _git_at_most(most_bytes: int, *args: str, **options: Any) -> tuple[bytes, bool]:
    if options.keys() - _AT_REST or not _is_pure(options["git_dir"], args):
        return await gitcmd.git_at_most(most_bytes, *args, **options)
    key = (most_bytes, *args)
    if key not in _parts:
        _parts[key] = await gitcmd.git_at_most(most_bytes, *args, **options)
    return _parts[key]


async def _run_git(repository: Path, *args: str, stdin: bytes = b"", env: Mapping[str, str] | None = None) -> str:
    if args[0] == "init":
        new_repository(repository)
        return ""
    if args[0] == "update-ref" and args[1] != "-d" and move_ref(repository, *args[1:]):
        return ""
    if stdin or env or not _is_pure(repository, args):
        return await _ask_github(repository, *args, stdin=stdin, env=env)
    if args not in _githubs:
        _githubs[args] = await _ask_github(repository, *args)
    return _githubs[args]


async def _ask_github(repository: Path, *args: str, stdin: bytes = b"", env: Mapping[str, str] | None = None) -> str:
    await asyncio.sleep(0)
    around = {**emulated._ENVIRONMENT, "GIT_DIR": str(repository), **(env or {})}
    code, out, err = _start(args, repository, around, stdin)
    if code:
        raise emulated.GitFailedError(code, err.decode(errors="replace"))
    return out.decode(errors="surrogateescape")


async def _read_merge(repository: Path, base: str, head: str) -> str | None:
    """Its tree is in that repository as soon as it was asked for there."""
    if not _are_names(base, head) or not holds(repository, (base, head)):
        return await _merge_tree(repository, base, head)
    merged = _merged.get((base, head), "")
    if merged is not None and not (merged and holds(repository, (merged,))):
        merged = _merged[base, head] = await _merge_tree(repository, base, head)
    return merged


async def _read_older(repository: Path, older: str, newer: str) -> bool:
    """A no is also told of what is not there yet."""
    if not _are_names(older, newer) or not holds(repository, (older, newer)):
        return await _is_ancestor(repository, older, newer)
    if (older, newer) not in _older:
        _older[older, newer] = await _is_ancestor(repository, older, newer)
    return _older[older, newer]


def _are_names(*given: str) -> bool:
    return all(_NAME.fullmatch(each) for each in given)


async def _read_rev(repository: Path, ref: str) -> str | None:
    """A commit is looked for among the objects, which lie in files of their own here."""
    if _NAME.fullmatch(ref):
        return ref if (repository / place_of(ref)).exists() else await _rev(repository, ref)
    place = repository / ref
    return place.read_text().strip() if ref.startswith("refs/") and place.exists() else await _rev(repository, ref)


async def _read_refs(repository: Path) -> dict[str, str]:
    places = sorted(each for each in (repository / "refs" / "heads").rglob("*") if each.is_file())
    return {str(each.relative_to(repository)): each.read_text().strip() for each in places}
