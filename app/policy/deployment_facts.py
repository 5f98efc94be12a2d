"""What a deployment is judged by. Every default is "not known", and what is not known lets nothing through."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from app.policy.facts import PolicySource
from app.policy.values import Sha

Origin = Literal["deployed", "baseline", "gap"]
"""Where the landings begin: at a commit that was let into this environment before, where Quorum came to the branch, or
at a commit of which nothing is on record."""


@dataclass(frozen=True)
class LandingFact:
    """A change that came onto the branch, ending at `after_sha`. `pull` None: it was pushed there.

    `reason`: why it is not approved. `still_enough`: whether the policy in force asks for no more than the one that it
    was approved under, which `policy_hash` names. `undone_by`: the end of the landing that took all of it back.
    `without_effect`: it changes nothing, or lies between two commits of which the later holds the files of the earlier.
    """

    after_sha: Sha
    pull: int | None = None
    approved: bool | None = None
    reason: str = ""
    security: bool | None = None
    approved_at: float | None = None
    policy_hash: str = ""
    still_enough: bool | None = None
    undone_by: Sha | None = None
    without_effect: bool | None = None


@dataclass(frozen=True)
class MigrationFact:
    path: str
    reversible: bool


@dataclass(frozen=True)
class DeploymentFacts:
    """One request at one moment; `now` in seconds since 1970.

    `sha` is what is to be deployed, `run_sha` what the workflow ran for. `branches` are the allowed ones that it is on.
    `landings`, oldest first, end at `sha`; they begin behind `origin_sha`. `rollback`: it is, or lies before, a commit
    that was let in here. `had`: for each environment that comes first, by its name in lower case, since when it has had
    the commit; None if it has not. `migrations` lie between what runs here and `sha`, in either direction.
    """

    environment: str
    now: float
    sha: Sha | None = None
    run_sha: Sha | None = None
    default_branch: str | None = None
    branches: tuple[str, ...] | None = None
    landings: tuple[LandingFact, ...] | None = None
    origin: Origin | None = None
    origin_sha: Sha | None = None
    rollback: bool | None = None
    had: Mapping[str, float | None] | None = None
    migrations: tuple[MigrationFact, ...] | None = None
    policy_source: PolicySource = "unknown"
    policy_error: str | None = None
