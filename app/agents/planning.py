"""Two planners who do not see each other, and sealed votes on what they made. What follows is the workflow's."""

import asyncio
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from app.agents.envelope import enclose
from app.agents.leading import Leading
from app.agents.listening import Hear
from app.agents.loop import AgentOutcome, Brief, run_agent
from app.agents.roles import load_role
from app.agents.steps import Steps
from app.agents.tool import AgentTool, ToolOutput
from app.agents.tools.files import reading_tools
from app.agents.views import vote_view_of
from app.llm.messages import Model
from app.llm.table import second
from app.policy.plan import Letter, Plan, Vote
from app.policy.words import Words
from app.sandbox.box import Box

PLANNERS = ("planner", second("planner"))
"""Roles; the second may have a model of its own."""
_CODE = "The code as it is now, at places that the plans name, and who uses it there; not all of it:"
_TASK = "Plan how this issue is solved and end with `plan`."
_CHARGES = (
    "Look for the smallest change that satisfies every sentence of the issue, and plan that one.",
    (
        "Begin with those who call or use what will change, and with what the issue says nothing of: other inputs, "
        "other ways to the same place, what comes next. Plan the change that serves them; it may be larger for that."
    ),
)
"""By planner: of two that are asked the same, only chance would make the plans differ."""


@dataclass(frozen=True)
class Desk:
    """Where planners work: a tree that they only read. `shared`: what all of them are told, untrusted text enclosed.

    `hear`: what people say while they plan; voters are too quick for that. `max_seconds` bounds the work of each.
    """

    model: Model
    box: Box
    worktree: Path
    steps: Steps
    shared: str
    hear: Hear | None = None
    max_seconds: float = math.inf


@dataclass(frozen=True)
class Planned:
    """`plans` and `models` go together; fewer than were asked for if somebody gave none, and then `why` tells.

    `seconds`: what the slowest took, where that is limited.
    """

    plans: tuple[Plan, ...]
    models: tuple[str, ...]
    why: str = ""
    seconds: float = 0.0


async def make_plans(desk: Desk, name: str, *, planners: int, reasons: Sequence[str] = ()) -> Planned:
    """Let them plan side by side, each with another charge. `name` begins their steps' names.

    `reasons`: why people refused earlier plans.
    """
    charges = _CHARGES if planners > 1 else ("",)
    desk = replace(desk, model=Leading(desk.model))
    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(_plan(desk, f"{name}-{role}", role, reasons, charge))
            for role, charge in zip(PLANNERS, charges, strict=False)
        ]
    made = [task.result() for task in tasks]
    good = [each for each in made if each.plan is not None]
    return Planned(
        tuple(each.plan for each in good if each.plan is not None),
        tuple(each.model for each in good),
        "; ".join(each.why for each in made if each.why),
        max(each.seconds for each in made),
    )


class Voted(NamedTuple):
    """Votes by voter, and what the slowest took, where that is limited."""

    votes: dict[str, Vote]
    seconds: float


class _Made(NamedTuple):
    plan: Plan | None
    model: str
    seconds: float
    why: str = ""


async def _plan(desk: Desk, name: str, role_name: str, reasons: Sequence[str], charge: str) -> _Made:
    role = load_role("roles", "planner")
    refused = "Earlier plans were refused by a maintainer, who said why. Heed it, the newest above all:"
    said = "\n\n".join(f"{number}. {reason}" for number, reason in enumerate(reasons, start=1))
    told = [refused, enclose("reasons", said)] if reasons else []
    brief = Brief(
        name=name,
        role=role_name,
        system=role.prompt,
        shared=desk.shared,
        task="\n\n".join([*told, " ".join(filter(None, [_TASK, charge]))]),
        max_turns=role.about.max_turns,
        max_seconds=desk.max_seconds,
    )
    tools = [*reading_tools(desk.box, desk.worktree), AgentTool("plan", Plan, _take)]
    outcome = await run_agent(brief, model=desk.model, tools=tools, steps=desk.steps, hear=desk.hear)
    if outcome.value is None:
        return _Made(None, outcome.model, outcome.seconds, f"{role_name}: {outcome.ended}: {outcome.reason}")
    return _Made(Plan.model_validate(outcome.value), outcome.model, outcome.seconds)


async def vote_on(
    desk: Desk, name: str, plans: Mapping[Letter, str], voters: Sequence[str], words: Words, code: str
) -> Voted:
    """The votes of those who see the issue, both plans, the `code` that these name, and no other vote.

    Who gives none is left out.
    """
    shown = [f"Plan {letter}:\n\n{enclose(f'plan {letter}', text)}" for letter, text in plans.items()]
    shown += [_CODE, enclose("code", code, rendered=False)] if code else []
    shared = "\n\n".join([desk.shared, *shown])
    desk = replace(desk, model=Leading(desk.model))
    async with asyncio.TaskGroup() as group:
        tasks = {voter: group.create_task(_vote(desk, f"{name}-{voter}", voter, shared, words)) for voter in voters}
    told = {voter: task.result() for voter, task in tasks.items()}
    votes = {voter: Vote.model_validate(each.value) for voter, each in told.items() if each.value is not None}
    return Voted(votes, max((each.seconds for each in told.values()), default=0.0))


async def _vote(desk: Desk, name: str, voter: str, shared: str, words: Words) -> AgentOutcome:
    role = load_role("roles", "voter")
    brief = Brief(
        name=name,
        role=f"voter:{voter}",
        system=role.prompt,
        shared=shared,
        task=f"{vote_view_of(voter, words)}\n\nThe change is what each plan would make. Vote on the plans by `vote`.",
        max_turns=role.about.max_turns,
        max_seconds=desk.max_seconds,
    )
    return await run_agent(brief, model=desk.model, tools=[AgentTool("vote", Vote, _take)], steps=desk.steps)


async def _take(_wanted: Plan | Vote, _previous: str | None) -> ToolOutput:
    return ToolOutput("Noted.", ends=True)
