"""What the gate judges by. Every default is "not known", and what is not known never opens the gate."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from app.policy.changed import ChangedFile
from app.policy.finding import Outcome
from app.policy.globs import Paths
from app.policy.kinds import Kind, kinds_of
from app.policy.risk import Risk, risk_of
from app.policy.rules import CarryOver
from app.policy.values import Sha

PullState = Literal["open", "closed", "merged"]
PolicySource = Literal["base", "org", "default", "invalid", "org_invalid", "unknown"]
"""`invalid`: the base branch's file cannot be used; `org_invalid`: the organization's. `unknown`: it could not be
loaded, which is not "absent"."""
TestResult = Literal["passed", "failed", "not_configured", "unknown"]
StatementKind = Literal["override", "veto", "dismissal"]
EVERYTHING: frozenset[CarryOver] = frozenset({"exact", "same_tree", "same_diff", "same_diff_and_message"})


@dataclass(frozen=True)
class VerdictFact:
    """The newest finished verdict of a perspective. It is worth something for `head_sha` with `fingerprint` only.

    `carried_from`: the head that was really read, when the diff at `head_sha` is the same; `same`: what else is.
    `confidence` 0: a part of the change got no answer. `blocking`: titles of findings that block, `keys` what they are
    known by. `reason`: why there was no usable answer, for an abstention. `at`: when the diff was really read, in
    seconds since 1970. `whole_at`: the head at which all of it was read, where only what was new since was read for
    this verdict.
    """

    perspective: str
    outcome: Outcome
    head_sha: Sha
    fingerprint: str
    confidence: float
    model: str
    carried_from: Sha | None = None
    blocking: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    reason: str = ""
    same: frozenset[CarryOver] = EVERYTHING
    at: float | None = None
    whole_at: Sha | None = None


@dataclass(frozen=True)
class PersonFact:
    """An account as it stands now. `permission` and `teams` (`@org/team`, lower case) None: not known.

    A person that `teams` does not name for a team that could not be read is none of its members.
    """

    login: str
    bot: bool = False
    permission: str | None = None
    teams: frozenset[str] | None = frozenset()


@dataclass(frozen=True)
class ReviewFact:
    """The newest word of a person's own reviews. `current`: it was given for the diff as it is now."""

    who: PersonFact
    state: Literal["approved", "changes_requested"]
    current: bool


@dataclass(frozen=True)
class StatementFact:
    """What a person said in a comment. `target`: a perspective, `tests`, `people`, or a finding's key.

    `fingerprint`: the diff it was said of. `permission` is that of then. `removed`: the comment is gone, or was
    edited; the record stays.
    """

    kind: StatementKind
    target: str
    who: PersonFact
    permission: str
    reason: str
    fingerprint: str
    removed: bool = False


@dataclass(frozen=True)
class CheckFact:
    """Somebody else's check or status on the head. `conclusion` None: it has not ended.

    `app`: the slug of the App that reported it; a status has none, as whoever may write can report one.
    """

    name: str
    conclusion: str | None
    app: str = ""


@dataclass(frozen=True)
class Facts:
    """One pull request at one moment.

    `verdicts` and `running` (under review now) are by perspective. `stopped`: why the newest review of the head ended
    without a verdict; `halted`: whether a person stopped it. `files_unread` were too large or too many to read;
    `files_set_aside` are generated, vendored or lock files; `unreviewed_code` are those of them that can run and that
    the policy does not name. `policy_changed`: the diff touches the policy file.
    `foreign_gates`: who else posts a check or a status that is named like ours. `changed_text`: every added and removed
    line. `labels`: each with whether somebody set it who may. `contributors`: logins of who pushed a part of the diff.
    `owners`: for each changed file that has owners, who they are. `own`: Quorum wrote the change, with a model of
    `author_family`. `up_to_date`: the head holds the base branch's newest commit. `called`: the name that people call
    Quorum by. `now` and times are in seconds since 1970.
    """

    pull_state: PullState | None = None
    draft: bool | None = None
    head_sha: Sha | None = None
    base_ref: str | None = None
    guarded: bool | None = None
    fingerprint: str | None = None
    files: tuple[ChangedFile, ...] | None = None
    changed_text: str | None = None
    whitespace_only: bool | None = None
    title: str | None = None
    labels: Mapping[str, bool] | None = None
    author: PersonFact | None = None
    first_time: bool | None = None
    own: bool | None = None
    author_family: str | None = None
    contributors: frozenset[str] | None = None
    signed: bool | None = None
    up_to_date: bool | None = None
    checks: tuple[CheckFact, ...] | None = None
    reviews: tuple[ReviewFact, ...] | None = None
    owners: tuple[frozenset[str], ...] | None = None
    statements: tuple[StatementFact, ...] | None = None
    verdicts: Mapping[str, VerdictFact] = field(default_factory=dict)
    running: frozenset[str] | None = None
    stopped: str | None = None
    halted: bool | None = None
    files_unread: tuple[str, ...] | None = None
    files_set_aside: tuple[str, ...] = ()
    unreviewed_code: tuple[str, ...] | None = None
    tests: TestResult = "unknown"
    policy_source: PolicySource = "unknown"
    policy_error: str | None = None
    policy_changed: bool | None = None
    proposed_policy_error: str | None = None
    foreign_gates: tuple[str, ...] = ()
    called: str = "quorum"
    now: float | None = None

    @cached_property
    def paths(self) -> Paths | None:
        """Every name of every changed file, both of a rename."""
        return None if self.files is None else Paths([name for file in self.files for name in file.names])

    @cached_property
    def kinds(self) -> tuple[frozenset[Kind], ...] | None:
        """The kinds of each name."""
        return None if self.paths is None else tuple(kinds_of(name) for name in self.paths.names)

    @cached_property
    def risk(self) -> Risk | None:
        return None if self.files is None else risk_of(self.files)
