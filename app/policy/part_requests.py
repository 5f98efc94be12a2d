"""The run that builds one part of a large issue: what it is told, and the request for it."""

from pydantic import BaseModel, ConfigDict

from app.policy.request import RunRequest
from app.policy.values import Json, Repo

PARTS = ":part:"
"""Stands in the serial key between that of the work on the large issue and what sets a part apart from the others."""
_PRIORITY = 100
"""As for any work on an issue."""


class PartCause(BaseModel):
    """`parent`: the run that asked; what was agreed on stands in its journal. `issue`: the large one.

    `base`: where policy and guidance are read. `start`: the commit to build on, with the parts in it that this one
    needs. `test`: the command by which the parent runs the tests. `earlier`: start and commit of an earlier try, which
    did not merge with the other parts.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    parent: str
    issue: int
    part: int
    base_ref: str
    base: str
    start: str
    sender: str
    sender_id: int = 0
    permission: str
    test: str | None = None
    earlier: tuple[str, str] | None = None


def part_request(repo: Repo, number: int, cause: PartCause) -> RunRequest:
    """Once for each part of a run, and once more where the first did not merge. `number`: its sub-issue."""
    again = ":again" if cause.earlier else ""
    told: Json = cause.model_dump(mode="json")
    return RunRequest(
        workflow="part",
        repo=repo,
        number=number,
        dedupe_key=f"part:{cause.parent}:{cause.part}{again}",
        dedupe_until="forever",
        serial_key=f"issue:{repo.id}:{cause.issue}{PARTS}{number}",
        priority=_PRIORITY,
        cause=told,
    )
