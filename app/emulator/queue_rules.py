"""What a merge queue demands and whom it lets through. Pure.

https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/configuring-pull-request-merges/managing-a-merge-queue
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter, ValidationError
from typing_extensions import TypedDict

from app.emulator.rules import Change, applies, check_states, violations
from app.emulator.state import Actor, Entry, Repository, User

Json = dict[str, Any]
Some = Annotated[int, Field(ge=0, le=100)]
Standing = Literal["passed", "failed", "waiting", "refused"]
NOBODY = Actor(User("", 0))
"""Bypasses nothing."""


class Parameters(TypedDict):
    """https://docs.github.com/en/rest/repos/rules. Nothing here waits: no entry for others, no check for its time."""

    check_response_timeout_minutes: Annotated[int, Field(ge=1, le=360)]
    grouping_strategy: Literal["ALLGREEN", "HEADGREEN"]
    max_entries_to_build: Some
    max_entries_to_merge: Some
    merge_method: Literal["MERGE", "SQUASH", "REBASE"]
    min_entries_to_merge: Some
    min_entries_to_merge_wait_minutes: Annotated[int, Field(ge=0, le=360)]


_PARAMETERS = TypeAdapter(Parameters)


def are_parameters(told: Mapping[str, Any]) -> bool:
    try:
        _PARAMETERS.validate_python(told, strict=True)
    except ValidationError:
        return False
    return True


def queue_of(repository: Repository, branch: str) -> Parameters | None:
    """None when the branch is merged to without a queue."""
    for ruleset in repository.rulesets.values():
        if ruleset["enforcement"] == "active" and applies(repository, ruleset, branch):
            for rule in ruleset["rules"]:
                if rule["type"] == "merge_queue":
                    parameters: Parameters = rule["parameters"]
                    return parameters
    return None


def why_out(repository: Repository, branch: str, entry: Entry) -> str | None:
    """Why an entry may not stay, whatever its checks say, in the words of `pull_request.dequeued`."""
    issue = repository.issues[entry.pull]
    pull = issue["pull"]
    if pull["merged"]:
        return "ALREADY_MERGED"
    if queue_of(repository, branch) is None or pull["base_ref"] != branch:
        return "QUEUE_CLEARED"
    if issue["state"] != "open":
        return "MANUAL"
    if pull["head_sha"] != entry.head_sha or pull["draft"]:
        return "BRANCH_PROTECTIONS"
    return None


def standings(repository: Repository, branch: str, entries: Sequence[Entry]) -> list[Standing]:
    """How each group stands, as far as they are built."""
    built = [(entry, entry.group.head_sha) for entry in entries if entry.group is not None]
    return [_standing(repository, branch, entry, head) for entry, head in built]


def _standing(repository: Repository, branch: str, entry: Entry, head: str) -> Standing:
    states = check_states(repository, branch, head)
    if "failing" in states:
        return "failed"
    if any(state is not None for state in states):
        return "waiting"
    change = Change("update", branch, head, pull=repository.issues[entry.pull], queued=True)
    return "passed" if violations(repository, NOBODY, change) is None else "refused"


def first_out(queue: Parameters, found: Sequence[Standing]) -> int | None:
    """The place of the first entry that its group's standing throws out.

    By HEADGREEN a failure is forgiven to a group on which a later one builds that passes or may pass yet.
    """
    for place, standing in enumerate(found):
        forgiven = queue["grouping_strategy"] == "HEADGREEN" and {"passed", "waiting"} & set(found[place + 1 :])
        if standing == "refused" or (standing == "failed" and not forgiven):
            return place
    return None


def how_many_land(queue: Parameters, found: Sequence[Standing]) -> int:
    """How many entries from the front on may be merged at once. By HEADGREEN only the last of them has to pass."""
    most = found[: queue["max_entries_to_merge"] or len(found)]
    if queue["grouping_strategy"] == "HEADGREEN":
        return max((place + 1 for place, standing in enumerate(most) if standing == "passed"), default=0)
    return next((place for place, standing in enumerate(most) if standing != "passed"), len(most))
