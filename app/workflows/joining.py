"""From the commits of parts to one line of work: merged in the parts' order, and built anew where they do not merge."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.forge.clean import clean_plain
from app.forge.git import commit_tree
from app.forge.joining import merge_trees
from app.policy.values import Sha
from app.workflows.texts import one_line


@dataclass(frozen=True)
class Built:
    """What came of a part's run: a commit on top of `start`, or the `reason` why there is none."""

    part: int
    title: str
    start: Sha
    commit: Sha | None
    branch: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Joined:
    """`left`: the numbers of parts that do not merge with what was joined before them."""

    head: Sha
    left: tuple[int, ...]


async def join(mirror: Path, head: Sha, built: Sequence[Built], author: str, run_id: str, at: float) -> Joined:
    """Merge these on top of `head`. The same arguments give the same commits, so that it can be done again."""
    left: list[int] = []
    for each in built:
        if each.commit is None:
            continue
        if each.start == head:
            head = each.commit
            continue
        tree = await merge_trees(mirror, head, each.commit)
        if tree is None:
            left.append(each.part)
            continue
        title = one_line(clean_plain(f"Join part {each.part}: {each.title}"))
        head = await commit_tree(mirror, tree, [head, each.commit], f"{title}\n\nQuorum-Run: {run_id}\n", author, at)
    return Joined(head, tuple(left))
