"""Before anything is changed: what is wanted, what the project says, how its tests run; and asking where need be."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from app.agents.envelope import enclose
from app.agents.loop import AgentOutcome, Brief, run_agent
from app.agents.roles import load_role
from app.agents.tools.questions import Ask, Understood, ask_tool, understood_tool
from app.forge.git import changed_paths, list_files
from app.forge.permissions import READ
from app.forge.read import IssueFacts, read_issue
from app.knowledge.suites.candidate import Candidate
from app.runs.engine import Context
from app.wiring import Services
from app.workflows.asking import QuestionsError, ask_people
from app.workflows.ground import Ground, find_ground
from app.workflows.journalled import journalled
from app.workflows.metering import metered
from app.workflows.probing import prove_tests
from app.workflows.progress import Progress
from app.workflows.said import all_said, said_below
from app.workflows.sources import Sources, find_candidates, read_sources
from app.workflows.task import Task
from app.workflows.testing import Tests, run_tests
from app.workflows.timed import timed
from app.workflows.told_tests import FOUND_STEP
from app.workflows.toolchain import read_toolchain
from app.workflows.understood import TestCommand, render_start, wanted_told
from app.workflows.workshop import Workshop
from app.workflows.writing import Written

_SMALL_CHARS = 1500
"""What is shorter is read by the writer alone; another request would cost more than it could save."""
_FILES = 200
_BESIDES = (
    "Say what must hold when this issue is solved. It lists that itself, and the list stays as it is: give only what "
    "comments of its author and of maintainers, and the issues that it speaks of, ask for besides, and where one of "
    "them corrects the list, what holds instead. If there is nothing, give an empty list."
)


async def understand(
    ctx: Context, services: Services, progress: Progress, task: Task, workshop: Workshop
) -> tuple[Task, Tests]:
    """The task as it is understood, its policy with the command by which the tests run, and their result now.

    Raises `NeedsPersonError` when nobody answers what had to be asked, or when tests that are configured cannot run.
    """
    gh = services.forge.on(ctx.run.repo, READ)
    mirror, base = workshop.mirror, task.ground.base_sha
    asker = task.asker.login
    sources = await timed(ctx, "sources", Sources, workshop, lambda: read_sources(gh, mirror, base, task.issue, asker))
    told = replace(
        task.understanding,
        criteria=sources.stated,
        linked=sources.linked,
        guidance=sources.guidance,
        setup=sources.setup,
        project=sources.project,
    )
    task = await _settle_what_is_wanted(ctx, services, progress, replace(task, understanding=told), workshop)
    task, before = await _with_tests(ctx, services, task, sources.candidates, workshop)
    command = task.understanding.tests

    async def proved() -> TestCommand:
        return command

    await journalled(ctx, FOUND_STEP, TestCommand, proved)  # for the reviews of what comes of it
    await progress.stage("reading", render_start(task.understanding, before.line))
    return task, before


async def find_tests(ctx: Context, services: Services, task: Task, workshop: Workshop) -> tuple[Task, Tests]:
    """The task with the command by which the tests run, and their result now; for the repair of a change.

    A configured command may be kept from running by the very change that is to be repaired.
    """
    if task.policy.test is not None:
        return task, await run_tests(ctx, services, "tests-before", task.policy.test, workshop)
    mirror, base = workshop.mirror, task.ground.base_sha

    async def find() -> tuple[Candidate, ...]:
        return await find_candidates(mirror, base, await changed_paths(mirror, base, workshop.tree))

    found = await timed(ctx, "suites", tuple[Candidate, ...], workshop, find)
    return await _with_tests(ctx, services, task, found, workshop)


async def write_when_clear(
    ctx: Context,
    services: Services,
    progress: Progress,
    task: Task,
    workshop: Workshop,
    before: Tests,
    write: Callable[[Task, Tests], Awaitable[Written]],
) -> tuple[Task, Written, Tests]:
    """Let the writer work; what it asks before it changes anything is answered first, and it begins anew with that."""
    while True:
        try:
            return task, await write(task, before), before
        except QuestionsError as asked:
            task = await _ask(ctx, services, progress, task, asked.questions)
        number, known = len(task.understanding.answers), workshop.tree
        task = await _begin_anew(ctx, services, task, workshop)
        if workshop.tree != known:
            before = await run_tests(ctx, services, f"tests-before-{number}", task.policy.test, workshop)


async def _with_tests(
    ctx: Context, services: Services, task: Task, found: Sequence[Candidate], workshop: Workshop
) -> tuple[Task, Tests]:
    command, before = await prove_tests(ctx, services, task.policy.test, found, workshop)

    async def read() -> str:
        names = await list_files(workshop.mirror, workshop.tree)
        return await read_toolchain(services.box, workshop, names)

    toolchain = await journalled(ctx, "toolchain", str, read)
    understanding = replace(task.understanding, tests=command, toolchain=toolchain, tested=before.line)
    policy = task.policy.model_copy(update={"test": command.command})
    return replace(task, understanding=understanding, policy=policy), before


async def _settle_what_is_wanted(
    ctx: Context, services: Services, progress: Progress, task: Task, workshop: Workshop
) -> Task:
    """One request, for what is not small; where the issue lists what must hold, that is what stands elsewhere."""
    listed = task.understanding.criteria
    if _size(task) < _SMALL_CHARS:
        return task
    outcome = await _analyze(ctx, services, task, workshop)
    if outcome.value is None:
        return task  # the writer reads it without, and may ask as well
    if "criteria" in outcome.value:
        understood = Understood.model_validate(outcome.value)
        criteria = tuple(dict.fromkeys((*listed, *understood.criteria)))
        return replace(task, understanding=replace(task.understanding, criteria=criteria))
    task = await _ask(ctx, services, progress, task, Ask.model_validate(outcome.value).questions)
    return await _begin_anew(ctx, services, task, workshop)


async def _analyze(ctx: Context, services: Services, task: Task, workshop: Workshop) -> AgentOutcome:
    role = load_role("roles", "analyst")
    names = await list_files(workshop.mirror, task.ground.base_sha)
    parts = [
        _BESIDES if task.understanding.criteria else "Say what must hold when this issue is solved.",
        enclose("issue", all_said(task.issue)),
        *wanted_told(task.understanding),
        enclose("files", "\n".join(names[:_FILES]), rendered=False),
    ]

    async def nothing() -> str:
        return ""

    outcome = await run_agent(
        Brief(
            *("analyst", "analyst", role.prompt, "\n\n".join(parts)),
            max_turns=role.about.max_turns,
            max_seconds=task.policy.max_seconds,
        ),
        model=metered(ctx, services, task.policy.budget),
        tools=[understood_tool(besides=bool(task.understanding.criteria)), ask_tool(nothing)],
        steps=ctx,
    )
    workshop.worked_s += outcome.seconds
    return outcome


async def _ask(
    ctx: Context, services: Services, progress: Progress, task: Task, questions: tuple[str, ...] | list[str]
) -> Task:
    answered = await ask_people(ctx, services, progress, task, questions)
    told = task.understanding
    return replace(task, understanding=replace(told, answers=(*told.answers, answered)))


async def _begin_anew(ctx: Context, services: Services, task: Task, workshop: Workshop) -> Task:
    """From the base branch and the issue as they are after the answer, which may have come days later."""
    repo, ref, number = ctx.run.repo, task.ground.base_ref, len(task.understanding.answers)
    gh = services.forge.on(repo, READ)
    ground = await journalled(ctx, f"ground-after-{number}", Ground, lambda: find_ground(services, repo, ref))
    again = await journalled(ctx, f"issue-after-{number}", IssueFacts, lambda: read_issue(gh, ctx.run.number))
    if ground.base_sha != task.ground.base_sha:
        workshop.begin_anew(ground.base_sha)
    policy = ground.policy()
    test = policy.test or task.understanding.tests.command
    issue = replace(task.issue, title=again.title, body=again.body)
    return replace(task, ground=ground, policy=policy.model_copy(update={"test": test}), issue=issue)


def _size(task: Task) -> int:
    """Characters of what is wanted; of what stands beside the list, where the issue has one."""
    told = said_below(task.issue) if task.understanding.criteria else all_said(task.issue)
    return len(told) + sum(map(len, task.understanding.linked))
