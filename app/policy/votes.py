"""Which of two plans is built: the one with more votes, else the one with less risk, else the smaller one. Pure."""

import re
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from app.policy.plan import LETTERS, LEVELS, Letter, Plan, Vote

By = Literal["only", "votes", "risk", "size", "order"]


class Choice(NamedTuple):
    """`by`: what settled it. `counts`: votes for each plan, in the plans' order."""

    plan: Letter
    by: By
    counts: tuple[int, ...]


def choose(plans: Sequence[Plan], votes: Mapping[str, Vote]) -> Choice:
    """`votes` by voter; who gave none has none. Raises `ValueError` without a plan."""
    if not plans:
        raise ValueError("there is no plan to choose")
    letters = LETTERS[: len(plans)]
    counts = tuple(sum(vote.plan == letter for vote in votes.values()) for letter in letters)
    if len(plans) == 1:
        return Choice(letters[0], "only", counts)
    ranks: list[tuple[By, list[int]]] = [
        ("votes", [-count for count in counts]),
        ("risk", [LEVELS.index(plan.risk) for plan in plans]),
        ("size", [plan.lines for plan in plans]),
    ]
    for by, rank in ranks:
        if rank[0] != rank[1]:
            return Choice(letters[rank.index(min(rank))], by, counts)
    return Choice(letters[0], "order", counts)


def alike(first: Plan, second: Plan) -> bool:
    """Whether the same is done by both: the same files, parts and steps, however these are spelt."""
    return (set(first.files), first.parts, _words(first)) == (set(second.files), second.parts, _words(second))


def _words(plan: Plan) -> list[list[str]]:
    return [re.findall(r"\w+", step.casefold()) for step in plan.steps]


def objections(votes: Mapping[str, Vote], chosen: Letter) -> dict[str, str]:
    """What voters say, by voter: what to heed in the chosen plan or in both, and why somebody wanted the other one.

    What was to be heeded in the other plan alone is no matter of this one.
    """
    told = {}
    for name, vote in votes.items():
        if vote.plan != chosen:
            words = [f"wanted plan {vote.plan} rather than this one, plan {chosen}: {vote.reason}"]
            words += [f"Of both plans: {vote.for_both}"] if vote.for_both.strip() else []
        else:
            words = [vote.objection, vote.for_both]
        if word := " ".join(each.strip() for each in words if each.strip()):
            told[name] = word
    return told
