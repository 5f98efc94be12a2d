"""Sub-issues for the parts of a large issue: opened once, and closed again when the work on it comes to nothing."""

from collections.abc import Mapping, Sequence
from functools import partial

from app.forge import effects
from app.forge.api import GitHub
from app.forge.clean import clean_description, clean_markdown, clean_plain
from app.forge.effects import Effect
from app.forge.issues import close_issue, issue
from app.forge.permissions import PUBLISH, TALK
from app.forge.read import has_pull
from app.forge.sub_issues import blocked_by, sub_issue
from app.policy.plan import Part
from app.policy.render import code
from app.runs.admission import cancel_subject
from app.runs.engine import Context
from app.runs.journal import Step, steps_of
from app.runs.state import RunState
from app.store.work import work
from app.wiring import Services
from app.workflows.agreed import Agreed
from app.workflows.journalled import carry_out, journalled
from app.workflows.texts import one_line

_STEP = "sub-issue-"
_BRANCH = ".branch"
PUSH_STEP = "push-joined-"
"""With the wave's number: the integration branch as it was then."""


async def open_sub_issues(ctx: Context, services: Services, parts: Sequence[Part]) -> list[int]:
    """An issue for each part, below the large one and behind those that it needs; their numbers in that order."""
    talk, whole, numbers = services.forge.on(ctx.run.repo, TALK), ctx.run.number, list[int]()
    for number, part in enumerate(parts, start=1):
        body = _render(part, number, len(parts), whole, numbers)
        title = one_line(clean_plain(part.title), 120)
        receipt = await carry_out(ctx, f"{_STEP}{number}", _issue(ctx, talk, number, title, body))
        numbers.append(int(str(receipt["number"])))
        await carry_out(ctx, f"{_STEP}{number}.attached", sub_issue(talk, whole, numbers[-1]))
        for each in sorted(set(part.depends_on)):
            await carry_out(ctx, f"{_STEP}{number}.after-{each}", blocked_by(talk, numbers[-1], numbers[each - 1]))
    return numbers


async def take_away_branch(ctx: Context, services: Services, step: str, branch: str) -> None:
    """A part's branch, once its commits are in the integration branch or of no use."""
    publish = services.forge.on(ctx.run.repo, PUBLISH)
    await carry_out(ctx, f"{step}{_BRANCH}", effects.delete_branch(publish, branch))


async def tell_parts(ctx: Context, services: Services, pull: int, agreed: Agreed) -> None:
    """In the pull request: when it is merged the sub-issues are closed, too. Their titles are a model's words."""
    if not agreed.splits:
        return
    journal, rows = await ctx.journal(), list[str]()
    for number, part in enumerate(agreed.plan_of_parts().parts, start=1):
        title = " ".join(clean_description(part.title).split())
        rows.append(f"- Closes #{_opened(journal[f'{_STEP}{number}'])}: {title}")
    section = "\n".join(["### Parts", "", *rows])
    publish = services.forge.on(ctx.run.repo, PUBLISH)
    await carry_out(ctx, "told-parts", effects.add_to_pull(publish, pull, section))


async def settle_parts(ctx: Context, services: Services, reason: str) -> None:
    """End the runs of the parts, and close the sub-issues that this run opened, if no pull request came of it.

    What was joined stays on its branch for a person to go on with, unless people wanted the work to end; branches of
    parts do not. The runs are told first: one that was not told could still push when its branch has been looked for.
    """
    journal = await ctx.journal()
    if "pull-request" in journal and journal["pull-request"].finished_at:
        return
    opened = await _find_opened(ctx, services, journal)
    for number in opened.values():
        async with work(services.database) as db:
            told = f"the work on #{ctx.run.number} ended: {reason}"
            await cancel_subject(db, ctx.run.repo.id, number, ("part",), told[:500])
    await _take_away_branches(ctx, services, journal)
    talk = services.forge.on(ctx.run.repo, TALK)
    for name, number in opened.items():
        await carry_out(ctx, f"cleanup.{name}", close_issue(talk, number, "not_planned"))


async def _find_opened(ctx: Context, services: Services, journal: Mapping[str, Step]) -> dict[str, int]:
    """Numbers of the sub-issues by their steps; one whose opening broke off may be there all the same."""
    talk, found = services.forge.on(ctx.run.repo, TALK), dict[str, int]()
    for name, step in journal.items():
        part = name.removeprefix(_STEP)
        if part == name or not part.isdecimal():
            continue
        receipt = step.value if step.finished_at else await _issue(ctx, talk, int(part)).find()
        if isinstance(receipt, dict):
            found[name] = int(str(receipt["number"]))
    return found


def _issue(ctx: Context, talk: GitHub, number: int, title: str = "", body: str = "") -> Effect:
    """The opening of a part's sub-issue; without words only to look for it."""
    return issue(talk, f"part-{number}-{ctx.run.id}", title, body, ctx.run.created_at)


async def _take_away_branches(ctx: Context, services: Services, journal: Mapping[str, Step]) -> None:
    """Those of the parts, and the one they were joined on where nobody wants the work any more.

    What somebody else pushed or opened a pull request for stays.
    """
    publish = services.forge.on(ctx.run.repo, PUBLISH)
    found = await _branches(services, journal)
    if ctx.run.ending == RunState.CANCELLED and any(name.startswith(PUSH_STEP) for name in journal):
        found["joined"] = (str(journal["branch"].value), joined_heads(journal))
    for name, (branch, ours) in found.items():
        if await services.mirrors.remote_ref(ctx.run.repo, f"refs/heads/{branch}") not in ours:
            continue
        if not await journalled(ctx, f"cleanup.{name}.has-pull", bool, partial(has_pull, publish, branch)):
            await carry_out(ctx, f"cleanup.{name}", effects.delete_branch(publish, branch))


def joined_heads(journal: Mapping[str, Step]) -> set[str]:
    """All that the integration branch may be at if nobody else pushed to it: what was joined, built on it, repaired."""
    values = {name: step.value for name, step in journal.items() if step.finished_at}
    heads = {str(value) for name, value in values.items() if name.startswith("commit-")}
    for name, value in values.items():
        if isinstance(value, dict) and name.startswith("joined-"):
            heads.add(str(value["head"]))
        if isinstance(value, dict) and name.endswith(".built") and value["commit"]:
            heads.add(str(value["commit"]))
    return heads


def _opened(step: Step) -> int:
    """The number of the issue whose opening this step is."""
    return int(str(step.value["number"])) if isinstance(step.value, dict) else 0


async def _branches(services: Services, journal: Mapping[str, Step]) -> dict[str, tuple[str, set[str]]]:
    """What the runs of parts have pushed: branches with their commits, by the step that asked for the run."""
    found = {}
    asked = [name for name in journal if name.startswith("child:part:") and name.endswith(":asked")]
    async with services.database.connect() as db:
        for name in asked:
            steps = {step.name: step.value for step in await steps_of(db, str(journal[name].value))}
            if "push-1" in steps:
                found[name] = (str(steps["branch"]), {str(steps["commit-1"])})
    return found


def _render(part: Part, number: int, count: int, whole: int, before: Sequence[int]) -> str:
    after = [f"#{before[each - 1]}" for each in sorted(set(part.depends_on))]
    files = ", ".join(code(path) for path in part.files)
    return "\n\n".join(
        [
            f"Part {number} of {count} of #{whole}{f', after {_and(after)}' if after else ''}.",
            clean_markdown(part.body),
            *([f"**Files:** {files}"] if files else []),
        ]
    )


def _and(names: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
