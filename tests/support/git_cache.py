"""Answers of git that cannot change, kept for all examples: what stands in commits is told by their names alone.

Starting git takes longer than most of what it is asked here. Branches are read where git keeps them, as files.
"""

import asyncio
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from app import gitcmd
from app.emulator import git as emulated

_READS = frozenset({"diff-tree", "ls-tree", "merge-base", "cat-file", "log", "diff", "rev-list", "rev-parse"})
_NAME = re.compile(r"[0-9a-f]{40}")
_NAMES = re.compile(rf"\^?{_NAME.pattern}(\^{{tree}}|\.{{2,3}}{_NAME.pattern})?")
_ours: dict[tuple[str, ...], bytes] = {}
_asking: dict[tuple[str, ...], asyncio.Lock] = {}
_githubs: dict[tuple[str, ...], str] = {}
_run, _rev = emulated.run_git, emulated.rev


def keep_answers(patch: pytest.MonkeyPatch) -> None:
    """Quorum's git and that of the emulator."""
    for module in ("git", "changed"):
        patch.setattr(f"app.forge.{module}.git", _git)
    patch.setattr("app.emulator.git.run_git", _run_git)
    patch.setattr("app.emulator.git.rev", _read_rev)
    patch.setattr("app.emulator.git.refs", _read_refs)


def _is_pure(args: tuple[str, ...]) -> bool:
    """Only what is asked of objects by their full names; `cat-file -e` asks what a repository holds."""
    named = any(_NAMES.fullmatch(each) for each in args)
    return named and not _READS.isdisjoint(args) and "-e" not in args and "--is-ancestor" not in args


async def _git(*args: str, **options: Any) -> bytes:
    if not _is_pure(args):
        return await gitcmd.git(*args, **options)
    if args not in _ours:
        # Five perspectives ask the same thing at once.
        asking = _asking.setdefault(args, asyncio.Lock())
        try:
            async with asking:
                if args not in _ours:
                    _ours[args] = await gitcmd.git(*args, **options)
        finally:
            _asking.pop(args, None)
    return _ours[args]


async def _run_git(repository: Path, *args: str, stdin: bytes = b"", env: Mapping[str, str] | None = None) -> str:
    if stdin or env or not _is_pure(args):
        return await _run(repository, *args, stdin=stdin, env=env)
    if args not in _githubs:
        _githubs[args] = await _run(repository, *args)
    return _githubs[args]


async def _read_rev(repository: Path, ref: str) -> str | None:
    """A commit is looked for among the objects, which lie in files of their own here."""
    if _NAME.fullmatch(ref):
        return ref if (repository / "objects" / ref[:2] / ref[2:]).exists() else await _rev(repository, ref)
    place = repository / ref
    return place.read_text().strip() if ref.startswith("refs/") and place.exists() else await _rev(repository, ref)


async def _read_refs(repository: Path) -> dict[str, str]:
    places = sorted(each for each in (repository / "refs" / "heads").rglob("*") if each.is_file())
    return {str(each.relative_to(repository)): each.read_text().strip() for each in places}
