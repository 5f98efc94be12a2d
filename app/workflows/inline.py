"""Findings as comments on their lines: as many as a person reads, and each within what GitHub takes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.policy.checked import checked, commented_on
from app.policy.finding import Finding, spot_of
from app.workflows.check_text import cleaned
from app.workflows.fitting import ROOM
from app.workflows.texts import render_inline

_MOST = 50
"""In one review. GitHub names no limit, but refuses what takes it too long, and nobody reads more."""

_ALSO = "\n\n---\n\n"


@dataclass
class _Told:
    """A comment in the making: `names` are those of who speak in it."""

    first: Finding
    names: set[str]
    body: str


def render_comments(findings: Sequence[tuple[str, Finding]]) -> tuple[list[dict[str, Any]], int]:
    """The comments of one review, the gravest first, and how many findings got none. `findings`: with who says them.

    What several perspectives say of the same lines stands in one, begun by the gravest: the thread is about that.
    https://docs.github.com/en/rest/pulls/reviews#create-a-review-for-a-pull-request
    """
    ranked = sorted(findings, key=lambda each: each[1].severity.rank)
    told: list[_Told] = []
    at: dict[tuple[object, ...], _Told] = {}
    for name, finding in ranked:
        body, place = _body(name, finding), (*spot_of(finding), *commented_on(finding))
        there = at.get(place)
        if there is not None and name not in there.names and len(there.body) + len(body) + len(_ALSO) <= ROOM:
            there.names.add(name)
            there.body += f"{_ALSO}{body}"
        else:
            told.append(_Told(finding, {name}, body))
            at.setdefault(place, told[-1])
    return [_comment(each.first, each.body) for each in told[:_MOST]], sum(len(each.names) for each in told[_MOST:])


def _comment(finding: Finding, body: str) -> dict[str, Any]:
    side, first, last = commented_on(finding)
    place: dict[str, Any] = {"path": finding.path, "line": last, "side": side}
    if last > first:
        place |= {"start_line": first, "start_side": side}
    return {**place, "body": body}


def _body(name: str, finding: Finding) -> str:
    """A suggestion is there as a whole or not at all: half of one would be put into the code all the same."""
    body = render_inline(cleaned(finding), name)
    if len(body) <= ROOM:
        return body
    shorter = cleaned(checked(finding, suggestion=None, evidence="", offer=""))
    return f"{render_inline(shorter, name)}\n\n*(evidence and suggestion are too long for a comment)*"
