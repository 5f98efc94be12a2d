"""Labels that show on a pull request how it stands, if the policy wants them. Pure.

They are ours by their names, which no other label of a project is likely to have; all others are left alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool

from app.policy.decision import Status
from app.policy.risk import Level

_PREFIX = "quorum: "
_STATES = ("blocked", "approved", "needs human")
_LEVELS: tuple[Level, ...] = ("low", "medium", "high")
OURS = frozenset({*(f"{_PREFIX}{each}" for each in _STATES), *(f"{_PREFIX}{each} risk" for each in _LEVELS)})


class Labels(BaseModel):
    """Which labels are set."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    state: bool = Field(default=True, description="`quorum: blocked`, `approved` or `needs human`.", examples=[True])
    risk: bool = Field(default=True, description="`quorum: low risk`, `medium risk` or `high risk`.", examples=[False])


LabelsKey = Labels | StrictBool


@dataclass(frozen=True)
class Standing:
    """How a pull request stands. `asks_person`: author and council do not agree."""

    status: Status
    risk: Level | None
    asks_person: bool = False


def labels_for(wanted: LabelsKey, standing: Standing) -> frozenset[str] | None:
    """Those it should have of ours; None: the policy does not want any, and nothing is touched.

    While it is not decided it has none that says how: one of yesterday's would be wrong.
    """
    if wanted is False:
        return None
    chosen = Labels() if wanted is True else wanted
    names = set()
    state = _state(standing)
    if chosen.state and state is not None:
        names.add(f"{_PREFIX}{state}")
    if chosen.risk and standing.risk is not None:
        names.add(f"{_PREFIX}{standing.risk} risk")
    return frozenset(names)


def to_change(wanted: frozenset[str], there: Iterable[str]) -> tuple[list[str], list[str]]:
    """Labels to add and to take away; GitHub tells labels apart without regard to case."""
    known = {name.casefold(): name for name in there}
    add = sorted(name for name in wanted if name.casefold() not in known)
    remove = sorted(known[name.casefold()] for name in OURS - wanted if name.casefold() in known)
    return add, remove


def _state(standing: Standing) -> Literal["blocked", "approved", "needs human"] | None:
    if standing.status == "approved":
        return "approved"
    if standing.status == "error" or (standing.status == "blocked" and standing.asks_person):
        return "needs human"
    return "blocked" if standing.status == "blocked" else None
