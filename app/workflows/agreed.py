"""What comes of planning: a proposal with its votes, and what is to be built. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.agents.envelope import enclose
from app.agents.planning import Planned
from app.policy.plan import LETTERS, Letter, Plan, Vote
from app.policy.votes import Choice, objections
from app.workflows.plan_texts import tell_objections, tell_plan

HOW = (
    "This plan was agreed on. It was made by reading only: where the code or its tests show that it is wrong, go by "
    "what they show. Say in `left_plan` where and why you left it or did not heed a voter; not where you did."
)

_HEED = (
    "What voters said of the plan. What somebody who voted for it objects to, or says of both plans, "
    "outweighs it. Why one wanted the other "
    "plan tells what this one may lack: mend what is a fault; a wish for more is no duty."
)


@dataclass(frozen=True)
class Agreed:
    """What is to be built. Without a plan the writer finds the way by itself.

    `objections`: what voters want to be heeded, by perspective. `word`: what a person said along with `go`.
    `wanted`: how the issue was understood, for the runs that build parts of it; enclosed already. `comment`: the id of
    the one that shows the plan.
    """

    plan: Plan | None = None
    objections: Mapping[str, str] = field(default_factory=dict)
    word: str = ""
    login: str = ""
    wanted: tuple[str, ...] = ()
    comment: int = 0

    def told(self) -> list[str]:
        """What the writer is told of it: whoever wrote the words, they are data."""
        if self.plan is None:
            return []
        return [HOW, enclose("plan", tell_plan(self.plan)), *self.remarks()]

    @property
    def text(self) -> str:
        """The plan in words; empty without one."""
        return "" if self.plan is None else tell_plan(self.plan)

    @property
    def files(self) -> tuple[str, ...]:
        """Those that are to be changed or made, by the plan and its parts."""
        if self.plan is None:
            return ()
        return (*self.plan.files, *(path for part in self.plan.parts for path in part.files))

    @property
    def waited(self) -> bool:
        """Whether a person was waited for."""
        return bool(self.login)

    @property
    def splits(self) -> bool:
        """Whether it is built in parts."""
        return self.plan is not None and bool(self.plan.parts)

    def plan_of_parts(self) -> Plan:
        """Raises `ValueError` for one that is built as a whole."""
        if self.plan is None or not self.plan.parts:
            raise ValueError("this plan has no parts")
        return self.plan

    def remarks(self) -> list[str]:
        """What was said of the plan, by voters and by the person who let it go ahead."""
        parts = []
        if self.objections:
            heed = enclose("objections", tell_objections(self.objections))
            parts += [_HEED, heed]
        if self.word:
            parts += [f"@{self.login}, a maintainer, let it go ahead with these words:", enclose("word", self.word)]
        return parts


STEP = "agreed"
"""Of the run that plans: where others read what was agreed on."""


@dataclass(frozen=True)
class Proposal:
    """At least one plan, and which of them is proposed."""

    planned: Planned
    votes: Mapping[str, Vote]
    choice: Choice

    def agreed(self, letter: Letter | None = None, word: str = "", login: str = "") -> Agreed:
        """What is built if people take this plan, or the proposed one."""
        taken = letter or self.choice.plan
        return Agreed(self.plan(taken), objections(self.votes, taken), word, login)

    def plan(self, letter: Letter) -> Plan:
        return self.planned.plans[LETTERS.index(letter)]
