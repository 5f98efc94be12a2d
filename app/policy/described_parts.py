"""The parts of a described pull request: files, people and what they said, verdicts. Each becomes a fact.

Keys are those of `app.policy.facts`, in fewer words; what is left out is what is usual.
"""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from app.policy.changed import ChangedFile, ChangeStatus
from app.policy.conditions import PERMISSIONS
from app.policy.facts import EVERYTHING, CheckFact, PersonFact, ReviewFact, StatementFact, StatementKind, VerdictFact
from app.policy.finding import Outcome
from app.policy.rules import CarryOver
from app.policy.values import Sha

HEAD = "a" * 40
DIFF = "this diff"
MODEL = "anthropic:claude"
_HOUR_S = 3600.0
_OUTCOMES = {
    "approve": Outcome.APPROVED,
    "block": Outcome.BLOCKED,
    "abstain": Outcome.ABSTAINED,
}


def _named(value: object) -> object:
    """A login alone is a person who may write."""
    return {"login": value} if isinstance(value, str) else value


def _worded(value: object) -> object:
    """An outcome alone is a verdict without a doubt on this very diff."""
    return {"outcome": value} if isinstance(value, str) else value


Text = Annotated[str, Field(max_length=100_000)]
Commit = Annotated[str, Field(pattern=r"^[0-9a-f]{40}$")]


class Part(BaseModel):
    """Keys that are not known are faults."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class DescribedFile(Part):
    """`was`: the old path of a rename or copy. `added` and `removed` count lines.

    `usual`: sensitive words that nearly all of the project's names have, such as `jwt`.
    """

    path: Annotated[Text, Field(min_length=1)]
    was: Text | None = None
    status: ChangeStatus | None = None
    added: int = Field(default=1, ge=0, strict=True)
    removed: int = Field(default=0, ge=0, strict=True)
    binary: bool = Field(default=False, strict=True)
    mode_changed: bool = Field(default=False, strict=True)
    submodule: bool = Field(default=False, strict=True)
    symlink: bool = Field(default=False, strict=True)
    usual: frozenset[Text] = frozenset()

    def fact(self) -> ChangedFile:
        status = self.status or ("modified" if self.was is None else "renamed")
        kept = self.model_dump(exclude={"status"})
        return ChangedFile(status=status, **kept)


class DescribedPerson(Part):
    """`permission` or `teams` null: not known. Teams are `@org/team`."""

    login: Annotated[Text, Field(min_length=1)]
    permission: Literal["none", "read", "triage", "write", "maintain", "admin"] | None = "write"
    teams: frozenset[Text] | None = frozenset()
    bot: bool = Field(default=False, strict=True)

    def fact(self) -> PersonFact:
        teams = None if self.teams is None else frozenset(team.casefold() for team in self.teams)
        return PersonFact(self.login, self.bot, self.permission, teams)


Person = Annotated[DescribedPerson, BeforeValidator(_named)]


class DescribedReview(Part):
    """`current`: given for the diff as it is now."""

    who: Person
    state: Literal["approved", "changes_requested"] = "approved"
    current: bool = Field(default=True, strict=True)

    def fact(self) -> ReviewFact:
        return ReviewFact(self.who.fact(), self.state, self.current)


class DescribedStatement(Part):
    """`target`: a perspective, `tests`, `people`, or a finding's key. `permission`: of then, if it was another."""

    kind: StatementKind
    target: Text = ""
    who: Person
    permission: Text | None = None
    reason: Text = "because"
    fingerprint: Text | None = None
    removed: bool = Field(default=False, strict=True)

    def fact(self, fingerprint: str) -> StatementFact:
        """`fingerprint`: of the diff that is meant where none is named."""
        given = fingerprint if self.fingerprint is None else self.fingerprint
        permission = self.permission or self.who.permission or PERMISSIONS[0]
        return StatementFact(self.kind, self.target, self.who.fact(), permission, self.reason, given, self.removed)


class DescribedVerdict(Part):
    """`blocking`: titles of findings that block, `keys` what they are known by.

    `hours_ago`: when the diff was read; null: it is not known.
    `head` and `fingerprint` are those of the pull request, if nothing else is said. `missing` is no verdict at all.
    """

    outcome: Literal["approve", "block", "abstain", "missing"] = "approve"
    confidence: float = Field(default=0.9, ge=0, le=1, strict=True)
    model: Text = MODEL
    blocking: tuple[Text, ...] = ()
    keys: tuple[Text, ...] = ()
    reason: Text = ""
    head: Commit | None = None
    fingerprint: Text | None = None
    carried_from: Commit | None = None
    same: frozenset[CarryOver] = EVERYTHING
    hours_ago: float | None = Field(default=1, ge=0, le=1_000_000, strict=True)
    whole_at: Commit | None = None

    def fact(self, perspective: str, head: str, fingerprint: str, now: float) -> VerdictFact | None:
        """None for a verdict that is missing. What is not said is that of the pull request."""
        if self.outcome == "missing":
            return None
        return VerdictFact(
            perspective=perspective,
            outcome=_OUTCOMES[self.outcome],
            head_sha=Sha(self.head or head),
            fingerprint=fingerprint if self.fingerprint is None else self.fingerprint,
            confidence=self.confidence,
            model=self.model,
            carried_from=Sha(self.carried_from) if self.carried_from else None,
            blocking=self.blocking,
            keys=self.keys,
            reason=self.reason,
            same=self.same,
            at=None if self.hours_ago is None else now - self.hours_ago * _HOUR_S,
            whole_at=Sha(self.whole_at) if self.whole_at else None,
        )


Verdict = Annotated[DescribedVerdict, BeforeValidator(_worded)]


def check_facts(checks: Mapping[str, tuple[str, ...]], apps: Mapping[str, str]) -> tuple[CheckFact, ...]:
    """Each name with how it ended; several of a name are several checks. Who is not named reported a status."""
    return tuple(
        CheckFact(name, None if ended == "running" else ended, apps.get(name, ""))
        for name, ends in checks.items()
        for ended in ends
    )
