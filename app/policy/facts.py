"""What the gate judges by. Every default is "not known", and what is not known never opens the gate."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from app.policy.finding import Outcome
from app.policy.values import Sha

PullState = Literal["open", "closed", "merged"]
PolicySource = Literal["base", "org", "default", "invalid", "unknown"]
"""`invalid`: the base branch's file cannot be used. `unknown`: it could not be loaded, which is not "absent"."""
TestResult = Literal["passed", "failed", "not_configured", "unknown"]


@dataclass(frozen=True)
class VerdictFact:
    """The newest finished verdict of a perspective. It is worth something for `head_sha` with `fingerprint` only.

    `carried_from`: the head that was really read, when the diff at `head_sha` is the same. `blocking`: titles of
    findings that block. `reason`: why there was no usable answer, for an abstention.
    """

    perspective: str
    outcome: Outcome
    head_sha: Sha
    fingerprint: str
    confidence: float
    model: str
    carried_from: Sha | None = None
    blocking: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True)
class Facts:
    """One pull request at one moment.

    `verdicts` and `running` (under review now) are by perspective. `stopped`: why the newest review of the head ended
    without a verdict. `files_unread` were too large or too many to read;
    `files_set_aside` are generated, vendored or lock files. `policy_changed`: the diff touches the policy file.
    `foreign_gates`: who else posts a check or a status that is named like ours.
    """

    pull_state: PullState | None = None
    draft: bool | None = None
    head_sha: Sha | None = None
    base_ref: str | None = None
    fingerprint: str | None = None
    changed_files: int | None = None
    verdicts: Mapping[str, VerdictFact] = field(default_factory=dict)
    running: frozenset[str] | None = None
    stopped: str | None = None
    files_unread: tuple[str, ...] | None = None
    files_set_aside: tuple[str, ...] = ()
    tests: TestResult = "unknown"
    policy_source: PolicySource = "unknown"
    policy_error: str | None = None
    policy_changed: bool | None = None
    proposed_policy_error: str | None = None
    foreign_gates: tuple[str, ...] = ()
