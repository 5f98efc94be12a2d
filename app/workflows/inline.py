"""Findings as comments on their lines: as many as a person reads, and each within what GitHub takes."""

from collections.abc import Sequence
from typing import Any

from app.policy.checked import checked, commented_on
from app.policy.finding import Finding
from app.workflows.check_text import cleaned
from app.workflows.fitting import ROOM
from app.workflows.texts import render_inline

_MOST = 50
"""In one review. GitHub names no limit, but refuses what takes it too long, and nobody reads more."""


def render_comments(findings: Sequence[tuple[str, Finding]]) -> tuple[list[dict[str, Any]], int]:
    """The comments of one review, the gravest first, and how many findings got none. `findings`: with who says them.

    https://docs.github.com/en/rest/pulls/reviews#create-a-review-for-a-pull-request
    """
    ranked = sorted(findings, key=lambda each: each[1].severity.rank)
    return [_comment(*each) for each in ranked[:_MOST]], len(ranked[_MOST:])


def _comment(name: str, finding: Finding) -> dict[str, Any]:
    side, first, last = commented_on(finding)
    place: dict[str, Any] = {"path": finding.path, "line": last, "side": side}
    if last > first:
        place |= {"start_line": first, "start_side": side}
    return {**place, "body": _body(name, finding)}


def _body(name: str, finding: Finding) -> str:
    """A suggestion is there as a whole or not at all: half of one would be put into the code all the same."""
    body = render_inline(cleaned(finding), name)
    if len(body) <= ROOM:
        return body
    shorter = cleaned(checked(finding, suggestion=None, evidence="", offer=""))
    return f"{render_inline(shorter, name)}\n\n*(evidence and suggestion are too long for a comment)*"
