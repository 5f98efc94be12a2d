"""Merging by itself: when the policy lets it, and by which method."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from app.policy.conditions import Condition

_MOVED, _NOT_ALLOWED = 409, 405
Next = Literal["enqueue", "look again", "stop"]
Method = Literal["merge", "squash", "rebase"]


class Automerge(BaseModel):
    """Merge a pull request that the gate has approved, if it is one that `applies_to` speaks of."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    method: Method = "squash"
    applies_to: Condition | None = Field(default=None, description="Which pull requests; without it, all of them.")


def after_refusal(status: int, message: str) -> Next:
    """What to do when GitHub would not merge: https://docs.github.com/en/rest/pulls/pulls#merge-a-pull-request.

    405 has several reasons, which only its words tell apart: the branch has a merge queue; the base moved just then;
    or something that the branch demands is missing, and its coming is an event of its own.
    """
    told = message.casefold()
    if status == _NOT_ALLOWED and "merge queue" in told:
        return "enqueue"
    if status == _MOVED or (status == _NOT_ALLOWED and "base branch was modified" in told):
        return "look again"
    return "stop"
