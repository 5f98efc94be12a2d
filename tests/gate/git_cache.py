"""Answers of git that cannot change, kept for all examples: what stands in commits is told by their names alone."""

import re
from typing import Any

import pytest

from app import gitcmd

_READS = frozenset({"diff-tree", "ls-tree", "merge-base", "cat-file", "log"})
_NAME = re.compile(r"[0-9a-f]{40}(\.\.[0-9a-f]{40})?")
_KEPT: dict[tuple[str, ...], bytes] = {}


def keep_answers(patch: pytest.MonkeyPatch) -> None:
    """Only what is asked of objects by their full names, with success; `cat-file -e` asks what a mirror holds."""
    for module in ("git", "changed"):
        patch.setattr(f"app.forge.{module}.git", _git)


async def _git(*args: str, **options: Any) -> bytes:
    pure = not _READS.isdisjoint(args) and "-e" not in args and any(_NAME.fullmatch(each) for each in args)
    if not pure:
        return await gitcmd.git(*args, **options)
    if args not in _KEPT:
        _KEPT[args] = await gitcmd.git(*args, **options)
    return _KEPT[args]
