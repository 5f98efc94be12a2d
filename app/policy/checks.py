"""Names of our check runs and what their external ids say."""

import re

GATE_CHECK = "quorum/gate"
"""The one check that branch protection requires; the same name for every base branch."""
WORK_CHECK = "quorum/work"
"""How the work on an issue stands, on the head of its pull request. Nobody should require it: it says nothing of the
change, and the gate does not read it."""

_PREFIX = "quorum/"
_EXTERNAL_ID = re.compile(r"pull-([1-9][0-9]{0,17})/")


def check_name(perspective: str) -> str:
    return f"{_PREFIX}{perspective}"


def perspective_of(name: str | None) -> str | None:
    """The perspective whose check run this is; None for our other checks and for names that are not ours."""
    if name is None or name in {GATE_CHECK, WORK_CHECK} or not name.startswith(_PREFIX):
        return None
    return name.removeprefix(_PREFIX) or None


def is_ours(name: str) -> bool:
    """Whether a check of this name is ours, or would be taken for it: GitHub knows no case in names of statuses."""
    return name.casefold().startswith(_PREFIX)


def external_id(number: int, key: str) -> str:
    """A check run's external id. It names the pull request, as events about forks' check runs name none."""
    return f"pull-{number}/{key}"


def pull_of(external_id: str | None) -> int | None:
    """The pull request that `external_id` put in; only to be believed of our own App's check runs."""
    found = _EXTERNAL_ID.match(external_id or "")
    return int(found[1]) if found else None
