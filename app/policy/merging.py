"""Merging by itself: when the policy lets it, and by which method."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from app.policy.conditions import Condition

Method = Literal["merge", "squash", "rebase"]


class Automerge(BaseModel):
    """Merge a pull request that the gate has approved, if it is one that `applies_to` speaks of."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    method: Method = "squash"
    applies_to: Condition | None = Field(default=None, description="Which pull requests; without it, all of them.")
