"""What happened, as somebody knows it who saw everything: the oracle's only source beside the commits themselves."""

from dataclasses import dataclass, field
from datetime import datetime

Diff = tuple[str, str]
"""A base branch and the identity of the difference from it."""


_TAKEN = ("Overridden: ", "Dismissed finding ", "The gate stays closed ", "Taken back: ")


@dataclass
class Review:
    """A person's review on GitHub. `state`: approved, changes_requested or dismissed.

    `seen`: everything was worked out once since. `late`: the base branch became another one before that.
    """

    id: int
    login: str
    state: str
    commit: str
    diff: Diff
    seen: bool = False
    late: bool = False


@dataclass
class Word:
    """A comment that speaks to Quorum. `diff` is the one that its writer looked at; `plain`: it is meant as a command.

    `others`: diffs that came before the answer, where the word does not name its commit.
    `answer`: how Quorum answered, None until it did. `gone`: edited or deleted before it was answered.
    """

    id: int
    login: str
    verb: str
    target: str
    diff: Diff
    head: str
    plain: bool = True
    gone: bool = False
    bare: bool = False
    others: set[Diff] = field(default_factory=set)
    answer: str | None = None

    @property
    def waits(self) -> bool:
        """Whether it should have been answered and was not."""
        return self.plain and not self.gone and self.answer is None

    @property
    def taken(self) -> bool | None:
        """Whether Quorum said that it is kept; None while it has said nothing."""
        return None if self.answer is None else self.answer.startswith(_TAKEN)


@dataclass
class Pull:
    """`labels`: each with whether somebody set it who may. `pushes`: who, and whether the diff was another then.

    `heard`: which perspective was shown which difference; `shown`: how often one was, all told.
    `settled`: heads at which everything was worked out once.
    """

    number: int
    author: str
    branch: str
    base: str
    head: str
    title: str
    draft: bool = False
    open: bool = True
    labels: dict[str, bool] = field(default_factory=dict)
    reviews: list[Review] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)
    pushes: list[tuple[str, bool]] = field(default_factory=list)
    heard: set[tuple[str, Diff]] = field(default_factory=set)
    shown: int = 0
    heads: list[str] = field(default_factory=list)
    settled: set[str] = field(default_factory=set)
    bases: list[tuple[datetime, str]] = field(default_factory=list)

    def bases_since(self, moment: datetime) -> set[str]:
        """Every base branch that it had from then on."""
        before = [base for at, base in self.bases if at <= moment][-1:]
        return {*before, *(base for at, base in self.bases if at > moment)}
