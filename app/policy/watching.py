"""What is done about a check that fails on the default branch: by whose policy, since when, and what is said. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field

from app.policy.ci import FAILED, Check, newest

AUTONOMOUS = 4
"""From this autonomy on Quorum works on such an issue by itself."""


class WatchDefault(BaseModel):
    """What a check that fails on the default branch becomes."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    issue: bool = Field(default=False, description="One issue for it, with the commits among which the cause is.")


@dataclass(frozen=True)
class Red:
    """A check that fails on a branch. `green`: the last commit at which it passed, "" if none was found; `red`: the
    first one behind that at which it failed; `newest`: its last failure.
    """

    check: Check
    green: str
    red: str
    newest: str


History = Sequence[tuple[str, Sequence[Check]]]
"""A branch's own commits with the checks of others on each, the newest first."""


def find_red(history: History) -> list[Red]:
    """A commit at which a check did not end says nothing of it; what was run again counts as it ended last."""
    found = []
    for told in _by_check(history):
        failing: list[tuple[str, Check]] = []
        for sha, check in told:
            if check.conclusion not in FAILED:
                break
            failing.append((sha, check))
        if failing:
            green = told[len(failing)][0] if len(failing) < len(told) else ""
            found.append(Red(failing[0][1], green, failing[-1][0], failing[0][0]))
    return found


def find_green(history: History) -> set[str]:
    """Names of the checks that ended well where they ended last."""
    red = {each.check.name for each in find_red(history)}
    return {told[0][1].name for told in _by_check(history)} - red


def _by_check(history: History) -> list[list[tuple[str, Check]]]:
    """How each check ended, the newest first."""
    ended = [(sha, {each.key: each for each in newest(checks) if each.conclusion}) for sha, checks in history]
    keys = dict.fromkeys(key for _, checks in ended for key in checks)
    return [[(sha, checks[key]) for sha, checks in ended if key in checks] for key in keys]
