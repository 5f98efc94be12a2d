"""From an issue to a proposal: plans made side by side, and votes where there are two."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from app.agents.envelope import enclose
from app.agents.planning import Desk, make_plans, vote_on
from app.forge.git import list_files
from app.knowledge.mapping import map_repository
from app.knowledge.planned import show_planned
from app.policy.asking import asked_for_files
from app.policy.changed import planned_file
from app.policy.facts import Facts
from app.policy.plan import LETTERS
from app.policy.rules import KNOWN
from app.policy.votes import alike, choose
from app.policy.words import words_on
from app.runs.engine import Context
from app.wiring import Services
from app.workflows.agreed import Proposal
from app.workflows.listening import listener
from app.workflows.metering import metered
from app.workflows.plan_texts import tell_plan
from app.workflows.said import said_below
from app.workflows.task import Task
from app.workflows.timed import timed
from app.workflows.understood import notes_told, project_told, wanted_told
from app.workflows.workshop import ReadingSteps, Workshop

_VOTERS = 7
"""A request each; who is named later in the policy has no vote."""


async def open_desk(ctx: Context, services: Services, task: Task, workshop: Workshop) -> Desk:
    """Where planners and voters of this run work, in all rounds: on the tree as it is, within the run's budget."""
    return Desk(
        model=metered(ctx, services, task.policy.budget),
        box=services.box,
        worktree=workshop.directory,
        steps=ReadingSteps(ctx, workshop),
        shared="\n\n".join(await _shared(ctx, task, workshop)),
        hear=listener(ctx, services),
    )


async def propose(
    desk: Desk, task: Task, workshop: Workshop, round_: int, planners: int, reasons: Sequence[str]
) -> Proposal | str:
    """A proposal, or why there is none. `reasons`: those for which people refused what was proposed before."""
    desk = _in_time(desk, task, workshop)
    planned = await make_plans(desk, f"plan-{round_}", planners=planners, reasons=reasons)
    workshop.worked_s += planned.seconds
    if task.policy.split == "never":
        planned = replace(planned, plans=tuple(plan.model_copy(update={"parts": ()}) for plan in planned.plans))
    plans = planned.plans
    if not plans:
        return planned.why
    if len(plans) == 1 or alike(*plans):  # nobody could tell which is better
        return Proposal(planned, {}, choose(plans, {}))
    files = [path for plan in plans for path in plan.files]
    words = words_on(task.policy, files)
    asked = asked_for_files(Facts(files=tuple(map(planned_file, files))), task.policy)
    voters = [each for each in asked if each in KNOWN or words.on(each) is not None][:_VOTERS]
    shown = {letter: tell_plan(plan) for letter, plan in zip(LETTERS, plans, strict=True)}
    code = await _code(desk, task, workshop, round_, files, shown.values())
    voted = await vote_on(_in_time(desk, task, workshop), f"vote-{round_}", shown, voters, words, code)
    workshop.worked_s += voted.seconds
    return Proposal(planned, voted.votes, choose(plans, voted.votes))


def _in_time(desk: Desk, task: Task, workshop: Workshop) -> Desk:
    """With what is left of the run's time."""
    return replace(desk, max_seconds=task.policy.max_seconds - workshop.worked_s)


async def _code(
    desk: Desk, task: Task, workshop: Workshop, round_: int, files: Sequence[str], told: Iterable[str]
) -> str:
    """What voters, who have no tools, are shown of the code; journalled for the same reason as the map."""
    name, words = f"planned-code-{round_}", "\n\n".join(told)
    mirror, base = workshop.mirror, task.ground.base_sha
    return await timed(desk.steps, name, str, workshop, lambda: show_planned(mirror, base, files, words))


async def _shared(ctx: Context, task: Task, workshop: Workshop) -> list[str]:
    """What planners and voters are told alike, so that a provider reads it from its cache.

    The map is journalled: how far a parser comes in its time is not the same twice, and the prompt must be.
    """
    issue, mirror, base = task.issue, workshop.mirror, task.ground.base_sha

    async def draw() -> str:
        names = await list_files(mirror, base)
        return await map_repository(mirror, base, names, f"{issue.title}\n{issue.body}")

    drawn = await timed(ctx, "plan-map", str, workshop, draw)
    said = said_below(issue)
    return [
        "The issue:",
        enclose("issue", f"#{issue.number}: {issue.title}\n\n{issue.body}"),
        *([enclose("comments", said)] if said else []),
        *wanted_told(task.understanding),
        f"A map of the project:\n\n{enclose('map', drawn, rendered=False)}",
        *project_told(task.understanding),
        f"Its tests, before anything is changed: {task.understanding.tested}.",
        *notes_told(task.ground.notes),
    ]
