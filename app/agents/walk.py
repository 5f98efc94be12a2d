"""The words of a walkthrough: one reviewer is asked for them along with the review, so that they cost no request."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.agents.envelope import enclose
from app.policy.finding import Passage

WHOLE = "the whole change"
"""Stands in the place of a group of files for all of them."""


@dataclass(frozen=True)
class Walk:
    """`by`: the perspective that tells it. `groups`: folders of a large change, a stranger's words.

    `whole`: it reads everything, so that it can tell of the whole change, too.
    """

    by: str
    groups: tuple[str, ...]
    whole: bool = True


def walk_task(walk: Walk | None, perspective: str) -> str:
    """What is added to the task of the one who tells it; nothing for all others, who share no prompt from there on."""
    if walk is None or walk.by != perspective:
        return ""
    names = [*([WHOLE] if walk.whole else []), *walk.groups]
    if not names:
        return ""
    meant = f" `{WHOLE}` stands for all files together." if walk.whole else ""
    return (
        "\n\nPeople who decide what to look at are told what the change does. Beside your review say in `walkthrough`, "
        "for each of these groups of files that you were shown, what the change does there: one plain sentence, no "
        f"judgement, `group` as it stands here.{meant}\n\n{enclose('groups', chr(10).join(names), rendered=False)}"
    )


def words_of(walk: Sequence[Passage]) -> dict[str, str]:
    """By group; of one that was told in several parts of a large change, all that was told."""
    words: dict[str, str] = {}
    for each in walk:
        words[each.group] = f"{words[each.group]} {each.what}" if each.group in words else each.what
    return words
