"""What two heads of a pull request have in common, so far as approvals may be carried from one to the other."""

from pathlib import Path

from app.forge.changed import messages
from app.forge.git import is_replay, tree_of
from app.gitcmd import GitError
from app.policy.facts import EVERYTHING
from app.policy.rules import CarryOver


async def what_is_same(mirror: Path, old: tuple[str, str], new: tuple[str, str]) -> frozenset[CarryOver]:
    """Each of `old` and `new` is a merge base and a head. What git can no longer tell is not the same."""
    if old == new:
        return EVERYTHING
    if not await is_replay(mirror, *old, *new):
        return frozenset()
    same: set[CarryOver] = {"same_diff"}
    try:
        if await messages(mirror, *old) == await messages(mirror, *new):
            same.add("same_diff_and_message")
        if [await tree_of(mirror, each) for each in old] == [await tree_of(mirror, each) for each in new]:
            same.add("same_tree")
    except GitError:
        return frozenset(same)
    return frozenset(same)
