"""A pull request that somebody describes in a file, so that a policy can be tried on it. Pure.

What is left out is as it is on a good day: everything is known, every perspective approves. What is null is not known.
"""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, PrivateAttr, ValidationInfo, field_validator

from app.policy.changed import ChangedFile
from app.policy.config import makes_policy
from app.policy.described_parts import (
    DIFF,
    HEAD,
    Commit,
    DescribedFile,
    DescribedPerson,
    DescribedReview,
    DescribedStatement,
    DescribedVerdict,
    Part,
    Person,
    Text,
    Verdict,
    check_facts,
)
from app.policy.documents import parse_document
from app.policy.facts import Facts, PolicySource, PullState, TestResult, VerdictFact
from app.policy.own import OwnPerspective
from app.policy.rules import KNOWN, sound_names
from app.policy.values import Sha

NOW = 1_790_000_000.0
"""A description has no clock: everything in it is told by how long ago it was."""
_FACTS = {each.name for each in fields(Facts)}


def _trusted(value: object) -> object:
    """Labels as a list were set by somebody who may."""
    return dict.fromkeys(value, True) if isinstance(value, list) and all(isinstance(x, str) for x in value) else value


def _several(value: object) -> object:
    """One end of a check stands for a list of one."""
    if not isinstance(value, dict):
        return value
    return {name: [ended] if isinstance(ended, str) else ended for name, ended in value.items()}


Labels = Annotated[Mapping[Text, Annotated[bool, Field(strict=True)]], BeforeValidator(_trusted)]
Checks = Annotated[Mapping[Text, tuple[Text, ...]], BeforeValidator(_several)]
_Flag = Annotated[bool, Field(strict=True)]


class Described(Part):
    """One pull request. The keys say what `app.policy.facts.Facts` says of each."""

    state: PullState | None = "open"
    draft: _Flag | None = False
    title: Text | None = "Change something"
    author: Person | None = DescribedPerson(login="author")
    first_time: _Flag | None = False
    own: _Flag | None = False
    author_family: Text | None = "claude"
    base: Text | None = "main"
    guarded: _Flag | None = True
    up_to_date: _Flag | None = True
    head: Commit | None = HEAD
    fingerprint: Text | None = DIFF
    files: tuple[DescribedFile, ...] | None = (DescribedFile(path="src/example.py"),)
    changed_text: Text | None = ""
    whitespace_only: _Flag | None = False
    labels: Labels | None = Field(default_factory=dict)
    contributors: frozenset[Text] | None = frozenset()
    signed: _Flag | None = False
    checks: Checks | None = Field(default_factory=dict)
    check_apps: Mapping[Text, Text] = Field(default_factory=dict)
    reviews: tuple[DescribedReview, ...] | None = ()
    owners: tuple[frozenset[Text], ...] | None = ()
    statements: tuple[DescribedStatement, ...] | None = ()
    verdicts: Mapping[str, Verdict] = Field(default_factory=dict)
    running: frozenset[Text] | None = frozenset()
    stopped: Text | None = None
    halted: _Flag | None = False
    files_unread: tuple[Text, ...] | None = ()
    files_set_aside: tuple[Text, ...] = ()
    unreviewed_code: tuple[Text, ...] | None = ()
    tests: TestResult = "passed"
    policy_source: PolicySource = "base"
    policy_error: Text | None = None
    policy_changed: _Flag | None = None
    proposed_policy_error: Text | None = None
    foreign_gates: tuple[Text, ...] = ()
    now: Annotated[float, Field(ge=0, le=1e11)] | None = NOW

    _own: tuple[str, ...] = PrivateAttr(default=())

    def model_post_init(self, context: Any, /) -> None:
        if context:
            self._own = tuple(each.name for each in context.get("own", ()))

    @field_validator("verdicts", mode="after")
    @classmethod
    def _perspectives_are_known(
        cls, value: Mapping[str, DescribedVerdict], info: ValidationInfo
    ) -> Mapping[str, DescribedVerdict]:
        sound_names(tuple(value), info)
        return value

    def facts(self) -> Facts:
        """What the gate judges by. Whether the policy is changed is told by the files, if nothing else is said."""
        as_they_are = {name: getattr(self, name) for name in _FACTS & type(self).model_fields.keys()}
        files = None if self.files is None else tuple(file.fact() for file in self.files)
        told: dict[str, Any] = {
            "pull_state": self.state,
            "head_sha": None if self.head is None else Sha(self.head),
            "base_ref": self.base,
            "files": files,
            "author": None if self.author is None else self.author.fact(),
            "checks": None if self.checks is None else check_facts(self.checks, self.check_apps),
            "reviews": None if self.reviews is None else tuple(each.fact() for each in self.reviews),
            "owners": None if self.owners is None else tuple(frozenset(map(str.lower, each)) for each in self.owners),
            "statements": None if self.statements is None else tuple(each.fact(self._diff) for each in self.statements),
            "verdicts": self._verdicts(),
        }
        if "policy_changed" not in self.model_fields_set:
            told["policy_changed"] = _changes_policy(files)
        return Facts(**{**as_they_are, **told})

    @property
    def _diff(self) -> str:
        return DIFF if self.fingerprint is None else self.fingerprint

    def _verdicts(self) -> dict[str, VerdictFact]:
        """Of every perspective that there is: who is not asked does not count."""
        head, now = self.head or HEAD, NOW if self.now is None else self.now
        given = {name: self.verdicts.get(name, DescribedVerdict()) for name in (*KNOWN, *self._own)}
        facts = {name: each.fact(name, head, self._diff, now) for name, each in given.items()}
        return {name: fact for name, fact in facts.items() if fact is not None}


def parse_described(text: str, own: Sequence[OwnPerspective] = ()) -> Described:
    """Read a description in YAML or JSON. Raises `PolicyError` for the first fault, from the top.

    `own`: the project's own perspectives, which can be spoken of as well.
    """
    if text.lstrip().startswith("{"):
        text = text.replace("\t", " ")  # JSON may be indented with tabs, which YAML does not take
    return parse_document(Described, text, "the output of `quorum gate simulate --example`", {"own": own})


def _changes_policy(files: tuple[ChangedFile, ...] | None) -> bool | None:
    return None if files is None else any(makes_policy(file.names) for file in files)
