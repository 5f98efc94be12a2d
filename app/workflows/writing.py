"""The writer at work: from an issue, or from findings, to a tree that may be committed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from app.agents.cut import first_lines, last_lines
from app.agents.envelope import enclose
from app.agents.failing import failing_tests
from app.agents.loop import AgentOutcome, Brief, run_agent
from app.agents.roles import load_role
from app.agents.specialists import must_measure, what_they_add
from app.agents.tool import AgentTool
from app.agents.tools.files import bash_tool, edit_tool, reading_tools
from app.agents.tools.handing_in import Answer, Look, Point, Submit, SubmitRepair, repair_tool, submit_tool
from app.agents.tools.questions import TOO_LATE, Ask, ask_tool
from app.agents.variables import variables_of
from app.forge.git import diff, list_files
from app.knowledge.mapping import map_repository
from app.policy.values import Json
from app.runs.engine import Context
from app.wiring import Services
from app.workflows.agreed import HOW
from app.workflows.asking import QuestionsError, conversation, may_ask
from app.workflows.attempts import persevere
from app.workflows.errors import NeedsPersonError
from app.workflows.failed_before import told_to_workers
from app.workflows.handing_in import look_over
from app.workflows.lasting import last_in
from app.workflows.listening import listener
from app.workflows.manners import manners_told
from app.workflows.measuring import quick_look
from app.workflows.metering import metered
from app.workflows.researching import research_for
from app.workflows.said import said_below
from app.workflows.standing import Voiced
from app.workflows.task import Task
from app.workflows.testing import Tests
from app.workflows.texts import handle, render_finding
from app.workflows.timed import timed
from app.workflows.understood import notes_told, project_told, wanted_told
from app.workflows.unfinished import hand_over
from app.workflows.workshop import Workshop, WorkshopSteps

Ending = Callable[[Look], AgentTool[Any]]
"""Makes the tool that ends the work from a look at whether it may be handed in."""

TAKE_OVER = "Take over the pull request; a push of yours, or a review that says more, lets me try again."
_DIFF_CHARS = 30_000
_TAIL_CHARS, _FAILED_CHARS = 600, 1500


@dataclass(frozen=True)
class Written:
    """What an agent handed in. `left`: what it says is not done; `answers`: what became of the findings.

    `points` and `left` are None where a repair leaves them as they were told before.
    """

    title: str
    summary: str
    points: tuple[Point, ...] | None = ()
    left: str | None = ""
    answers: tuple[Answer, ...] = ()
    measure: str = ""
    """The command by which the writer measured what it made faster; untrusted, as all that it says."""
    left_plan: str = ""
    """Where it is not what was planned, and what became of what voters wanted; for the description only."""
    planned: str = ""
    """What the description tells of the plan, cleaned already."""
    repairs: tuple[str, ...] = ()
    """What is told of each repair since, as sections that are cleaned already."""


async def write(
    ctx: Context, services: Services, task: Task, workshop: Workshop, before: Tests, plan: Sequence[str] = ()
) -> Written:
    """Solve the issue. `plan`: what the writer is told of it.

    Raises `NeedsPersonError` when the agent does not get there, `QuestionsError` if it must ask.
    """
    issue = task.issue
    told = said_below(issue)
    parts = [
        "Solve this issue.",
        enclose("issue", f"#{issue.number}: {issue.title}\n\n{issue.body}"),
        *([enclose("comments", told)] if told else []),
        *wanted_told(task.understanding),
        f"A map of the project:\n\n{enclose('map', await _map(ctx, workshop, task), rendered=False)}",
        *project_told(task.understanding),
        *notes_told(task.ground.notes),
        *plan,
        *_tests_told(task, before),
        manners_told(task.manners),
        what_they_add(task.specialists),
    ]
    measure = quick_look(services, workshop, task.ground.base_sha) if must_measure(task.specialists) else None
    prompt = "\n\n".join(filter(None, parts))
    value = await _work(
        *(ctx, services, task, workshop, before, "write", prompt),
        lambda look: submit_tool(look, measure, planned=HOW in plan),
    )
    if "questions" in value:
        raise QuestionsError(Ask.model_validate(value).questions)
    made = Submit.model_validate(value)
    return Written(
        made.title, made.summary, tuple(made.points), made.left, measure=made.measure, left_plan=made.left_plan
    )


async def repair(
    ctx: Context,
    services: Services,
    task: Task,
    workshop: Workshop,
    before: Tests,
    found: Sequence[Voiced],
    round_: int,
    more: Sequence[str] = (),
    described: str = "",
) -> Written:
    """Settle findings. `more`: what is told besides. `described`: what an own pull request says of the change.

    Raises `NeedsPersonError` when the agent does not get there.
    """
    change = (await diff(workshop.mirror, task.ground.base_sha, workshop.tree)).decode("utf-8", "replace")
    told = "\n\n".join(f"From {voiced.perspective}: {render_finding(voiced.finding)}" for voiced in found)
    suggested = "\n\n".join(
        f"Suggested for {voiced.finding.path}, lines {voiced.finding.start_line} to {voiced.finding.end_line}:\n"
        f"{voiced.finding.suggestion}"
        for voiced in found
        if voiced.finding.suggestion is not None
    )
    parts = [
        "Settle these findings.",
        enclose("findings", f"{told}\n\n{suggested}"),
        "The issue that the change is for:",
        enclose("issue", f"{task.issue.title}\n\n{task.issue.body}"),
        *wanted_told(task.understanding),
        *(["What the pull request says of it so far:", enclose("description", described)] if described else []),
        "The change so far:",
        enclose("diff", first_lines(change, _DIFF_CHARS), rendered=False),
        *_command_told(task),
        *more,
        *notes_told(task.ground.notes),
        manners_told(task.manners),
        what_they_add(task.specialists),
    ]
    asked = {handle(voiced.finding) for voiced in found}
    name, prompt = f"repair-{round_}", "\n\n".join(parts)
    value = await _work(
        *(ctx, services, task, workshop, before, name, prompt),
        lambda look: repair_tool(look, asked, described=bool(described)),
        since=workshop.tree,
    )
    return repaired(value)


def repaired(value: Json) -> Written:
    """What was handed in by `repair_tool`."""
    made = SubmitRepair.model_validate(value)
    points = None if made.points is None else tuple(made.points)
    return Written(made.title, made.summary, points, made.left, answers=tuple(made.answers))


async def amend(
    ctx: Context,
    services: Services,
    task: Task,
    workshop: Workshop,
    before: Tests,
    parts: Sequence[str],
    ending: Ending,
    since: str = "",
) -> Json:
    """Settle what `parts` tell of; returns what the tool of `ending` was called with. `since`: see `look_over`.

    Raises `NeedsPersonError` when the agent does not get there.
    """
    prompt = "\n\n".join([*parts, *notes_told(task.ground.notes), manners_told(task.manners)])
    try:
        return await _work(ctx, services, task, workshop, before, "amend", prompt, ending, since)
    except NeedsPersonError as error:
        raise NeedsPersonError(error.reason, TAKE_OVER) from error


async def _work(
    ctx: Context,
    services: Services,
    task: Task,
    workshop: Workshop,
    before: Tests,
    name: str,
    prompt: str,
    ending: Ending,
    since: str = "",
) -> Json:
    """Returns what the tool that ended the work was called with."""
    role_name = "writer" if name == "write" else "repairer"
    role = load_role("roles", role_name)
    directory, start = workshop.directory, workshop.tree
    last = last_in(ctx, services.box, directory, workshop.left)
    tools: list[AgentTool[Any]] = [
        bash_tool(services.box, directory, writable=True, last=last, variables=variables_of(task.policy.test or "")),
        edit_tool(services.box, directory),
        *reading_tools(services.box, directory),
    ]
    seen: dict[tuple[str, str], tuple[bool, str]] = {}

    async def handed_in(known: str) -> tuple[bool, str]:
        key = await workshop.snapshot(), known
        if key not in seen:
            fine, shown = await look_over(services, task, workshop, start, before, known, since)
            if not fine:
                return fine, shown  # tests may fail by chance: the same work may be tried again
            seen[key] = seen[key[0], shown.rpartition("\n")[2]] = fine, shown
        return seen[key]

    async def why_not_ask() -> str:
        return TOO_LATE if await diff(workshop.mirror, start, await workshop.snapshot()) else ""

    asking = [ask_tool(why_not_ask)] if role_name == "writer" and may_ask(task) else []

    async def attempt(brief: Brief) -> AgentOutcome:
        model, steps = metered(ctx, services, task.policy.budget), WorkshopSteps(ctx, workshop)
        research = research_for(brief.name, services, model, workshop, steps)
        mine, hear = [*tools, research, *asking, ending(handed_in)], listener(ctx, services)
        return await run_agent(brief, model=model, tools=mine, steps=steps, hear=hear)

    brief = Brief(
        name=conversation(name, task),
        role=role_name,
        system=role.prompt,
        task=prompt,
        max_turns=role.about.max_turns,
        max_seconds=task.policy.max_seconds,
        failing=failing_tests(before.output),
    )
    outcome = await persevere(brief, workshop, attempt)
    if outcome.value is None:
        raise await hand_over(ctx, services, task, workshop, outcome)
    return outcome.value


async def _map(ctx: Context, workshop: Workshop, task: Task) -> str:
    """Journalled: how far a parser comes in its time is not the same twice, and the prompt must be."""

    async def make() -> str:
        names = await list_files(workshop.mirror, workshop.tree)
        return await map_repository(workshop.mirror, workshop.tree, names, f"{task.issue.title}\n{task.issue.body}")

    return await timed(ctx, conversation("map", task), str, workshop, make)


def _tests_told(task: Task, before: Tests) -> list[str]:
    if task.policy.test is None:
        return ["No test command is configured; find out how the project's tests are run."]
    shown = last_lines(before.output, _FAILED_CHARS if before.result == "failed" else _TAIL_CHARS)
    output = enclose("test output", shown, rendered=False)
    return [*_command_told(task), f"On the code as it is: {before.line}.", output, *told_to_workers(task, before)]


def _command_told(task: Task) -> list[str]:
    if task.policy.test is None:
        return []
    names = ", ".join(f"`{name}`" for name in variables_of(task.policy.test))
    set_too = f" What it sets at its beginning ({names}) is set for each of your commands, too." if names else ""
    return [f"The test command is `{task.policy.test}`.{set_too}"]
