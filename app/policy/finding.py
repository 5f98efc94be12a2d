"""What a reviewer may say: findings and a verdict. Model replies are parsed into these and into nothing else."""

import hashlib
import json
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.policy.categories import CATEGORIES

MOST_OF_A_PATH = 1024
"""Characters."""


class Severity(StrEnum):
    """`critical` and `major` block; `minor` and `nit` are advice."""

    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"
    NIT = "nit"

    @property
    def blocks(self) -> bool:
        return self in {Severity.CRITICAL, Severity.MAJOR}

    @property
    def rank(self) -> int:
        """The less, the graver."""
        return list(Severity).index(self)


class Finding(BaseModel):
    """One claim about changed lines. Lines are counted from 1 in the file at the reviewed head, both ends included.

    `quote` is the code the claim is about, as it stands there; a finding whose quote is not found on a changed
    line is dropped. `suggestion` replaces exactly the quoted lines. Without a `confidence` of its own it is as sure as
    its report.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    severity: Severity
    # Reviewers are told the list; one who says another word is understood all the same, by `category_of`.
    category: str = Field(max_length=60, description="The kind of fault.", json_schema_extra={"enum": list(CATEGORIES)})
    path: str = Field(max_length=MOST_OF_A_PATH)
    start_line: int = Field(ge=1, description="About where; the lines are put right by the quote.")
    end_line: int = Field(ge=1)
    quote: str = Field(
        min_length=1, max_length=4000, description="Whole lines of the file, at least one of them changed."
    )
    claim: str = Field(min_length=1, max_length=2000, description="What is wrong, in a sentence or two.")
    why: str = Field(default="", max_length=4000, description="What then happens, and to whom.")
    evidence: str = Field(default="", max_length=8000, description="The input, what is expected, what comes instead.")
    suggestion: str | None = Field(
        default=None, max_length=8000, description="The full new text of exactly the quoted lines."
    )
    confidence: float | None = Field(
        default=None, ge=0, le=1, description="How sure you are that this holds and is worth a change."
    )

    @model_validator(mode="after")
    def _ordered(self) -> "Finding":
        if self.end_line < self.start_line:
            raise ValueError("end_line comes before start_line")
        return self


class Passage(BaseModel):
    """What a change does in a group of files, for people who are led through it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    group: str = Field(max_length=1024)
    what: str = Field(max_length=1000)


class Report(BaseModel):
    """What one reviewer answers: the schema of the tool it ends with. `verdict` is checked against the findings."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    verdict: Literal["approve", "block"]
    confidence: float = Field(ge=0, le=1, description="How sure you are of the verdict; below 0.5, you could not tell.")
    summary: str = Field(min_length=1, max_length=4000)
    findings: list[Finding] = Field(default_factory=list, max_length=30)
    walkthrough: list[Passage] = Field(
        default_factory=list,
        max_length=20,
        description="Only if your task names groups of files: what changed in each.",
    )


class Outcome(StrEnum):
    """A perspective's standing on a head. Only `approved` counts for the gate."""

    APPROVED = "approved"
    BLOCKED = "blocked"
    ABSTAINED = "abstained"
    """Did not run, ran out of budget, or gave no usable answer: not reviewed is not approved."""


def spot_of(finding: Finding) -> tuple[str, str]:
    """Path and quote, without the category: reviewers call one thing by several names."""
    return finding.path, " ".join(finding.quote.split())


def key_of(finding: Finding) -> str:
    """A finding's identity: no line number in it, so that it is known again when the code has moved.

    Path and quote are the author's to choose, so that no sign between the parts could tell where one ends.
    """
    told = json.dumps([finding.path, " ".join(finding.quote.split()), finding.category.lower()])
    return hashlib.sha256(told.encode()).hexdigest()[:16]
