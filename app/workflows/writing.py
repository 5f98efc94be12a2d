"""The writer at work: from an issue, or from findings, to a tree that may be committed."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.agents.envelope import enclose
from app.agents.loop import Brief, run_agent
from app.agents.roles import load_role
from app.agents.tools.endings import Submit, submit_tool
from app.agents.tools.files import bash_tool, edit_tool, reading_tools
from app.forge.git import diff, list_files
from app.runs.engine import Context
from app.sandbox.patches import validate
from app.wiring import Services
from app.workflows.errors import NeedsPersonError
from app.workflows.metering import metered
from app.workflows.standing import Voiced
from app.workflows.task import Task
from app.workflows.testing import Tests, look, look_back
from app.workflows.texts import render_finding
from app.workflows.workshop import Workshop, WorkshopSteps

_DIFF_CHARS = 30_000
_TAIL_CHARS = 600
_FILES = 300
_STAMP = "What you hand in: "
_CHECKLIST = (
    "Read it as a stranger would: is every point of the issue satisfied and tested, does the changelog (if the project "
    "keeps one) tell users of it, is anything in it that is not "
    "needed, would it fail for inputs you did not try? Mend what is wrong; call `submit` again when it is right."
)


@dataclass(frozen=True)
class Written:
    title: str
    summary: str


async def write(ctx: Context, services: Services, task: Task, workshop: Workshop, before: Tests) -> Written:
    """Solve the issue. Raises `NeedsPersonError` when the agent does not get there."""
    issue = task.issue
    told = "\n\n".join(
        f"@{comment.author}: {comment.body}" for comment in issue.comments if comment.author_type == "User"
    )
    parts = [
        "Solve this issue.",
        enclose("issue", f"#{issue.number}: {issue.title}\n\n{issue.body}"),
        *([enclose("comments", told)] if told else []),
        f"The project's files:\n\n{enclose('files', await _files(workshop), rendered=False)}",
        *(["The project's guidance:", enclose("guidance", task.ground.guidance)] if task.ground.guidance else []),
        _tests_told(task, before),
    ]
    return await _work(ctx, services, task, workshop, before, "write", "\n\n".join(parts))


async def repair(
    ctx: Context,
    services: Services,
    task: Task,
    workshop: Workshop,
    before: Tests,
    found: Sequence[Voiced],
    round_: int,
) -> Written:
    """Settle findings. Raises `NeedsPersonError` when the agent does not get there."""
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
        "The change so far:",
        enclose("diff", change[:_DIFF_CHARS], rendered=False),
        f"The test command is `{task.policy.test}`." if task.policy.test else "",
    ]
    return await _work(ctx, services, task, workshop, before, f"repair-{round_}", "\n\n".join(parts))


async def _work(
    ctx: Context, services: Services, task: Task, workshop: Workshop, before: Tests, name: str, prompt: str
) -> Written:
    role_name = "writer" if name == "write" else "repairer"
    role = load_role("roles", role_name)
    directory, start = workshop.directory, workshop.tree
    seen: dict[str, tuple[bool, str]] = {}

    async def handed_in() -> tuple[bool, str]:
        tree = await workshop.snapshot()
        if tree not in seen:
            seen[tree] = await _look_over(services, task, workshop, start, before)
        return seen[tree]

    outcome = await run_agent(
        Brief(name=name, role=role_name, system=role.prompt, task=prompt, max_turns=role.about.max_turns),
        model=metered(ctx, services, task.policy.budget),
        tools=[
            bash_tool(services.box, directory, writable=True),
            edit_tool(services.box, directory),
            *reading_tools(services.box, directory),
            submit_tool(handed_in),
        ],
        steps=WorkshopSteps(ctx, workshop),
    )
    if outcome.value is None:
        raise NeedsPersonError(
            f"The agent did not finish its work ({outcome.ended}): {outcome.reason}",
            "Say more in the issue if something was unclear, then take the label `quorum` off and set it again.",
        )
    submitted = Submit.model_validate(outcome.value)
    return Written(submitted.title, submitted.summary)


async def _look_over(services: Services, task: Task, workshop: Workshop, start: str, before: Tests) -> tuple[bool, str]:
    """Whether the work may be handed in, and what the agent is shown of it."""
    tests = await look(services, task.policy.test, workshop)
    patch = await diff(workshop.mirror, start, workshop.tree)
    if not patch:
        return False, "Nothing has changed yet, so there is nothing to hand in."
    refusals = validate(patch)
    if refusals:
        return False, "This may not be handed in:\n" + "\n".join(f"- {each.path}: {each.reason}" for each in refusals)
    if tests.result == "failed" and before.result != "failed":
        return False, f"The tests {tests.line}; nothing is handed in until they pass.\n\n{tests.output}"
    told = f"The tests: {tests.line}.\n\n{tests.output[-_TAIL_CHARS:]}"
    if tests.result == "failed":
        told = f"The tests {tests.line}. They did before your change; no failure may be yours:\n\n{tests.output}"
    back = await look_back(services, task.policy.test, workshop, task.ground.base_sha)
    if back.result == "passed":
        told += "\n\nYour tests pass on the code without your change as well, so they prove nothing. Is that meant so?"
    elif back.result == "failed":
        told += f"\n\nOn the code without your change your tests {back.line}, as they should:"
        told += f"\n\n{back.output[-_TAIL_CHARS:]}"
    shown = patch.decode("utf-8", "replace")[:_DIFF_CHARS]
    return True, f"{told}\n\nYour diff:\n\n{shown}\n\n{_CHECKLIST}\n{_STAMP}{workshop.tree}"


async def _files(workshop: Workshop) -> str:
    """The tracked files by name, so that nobody has to ask for them first."""
    names = await list_files(workshop.mirror, workshop.tree)
    rest = f"\n… and {len(names) - _FILES} more" if len(names) > _FILES else ""
    return "\n".join(names[:_FILES]) + rest


def _tests_told(task: Task, before: Tests) -> str:
    if task.policy.test is None:
        return "No test command is configured; find out how the project's tests are run."
    shown = before.output[-1500:] if before.result == "failed" else before.output[-_TAIL_CHARS:]
    told = f"The test command is `{task.policy.test}`; on the code as it is: {before.line}."
    return f"{told}\n\n{enclose('test output', shown, rendered=False)}"
