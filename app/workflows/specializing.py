"""Choosing the specialists of a task: once for its run, and on record."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.agents.specialists import load_specialists
from app.forge.git import list_files
from app.policy.render import code
from app.policy.specialists import Chosen, Touch, choose_specialists, named_paths, telling_paths
from app.policy.values import Json
from app.runs.engine import Context
from app.store import audit
from app.store.specialists import CHOSEN, past_of_specialists
from app.store.work import work
from app.wiring import Services
from app.workflows.journalled import journalled
from app.workflows.progress import Progress
from app.workflows.task import Task


@dataclass(frozen=True)
class Way:
    """How the work is gone about: who is asked to do it, and by which plan (empty: none was made)."""

    chosen: tuple[Chosen, ...]
    plan: str = ""


async def with_specialists(
    ctx: Context, services: Services, progress: Progress | None, task: Task, *, plan: str = ""
) -> Task:
    """The task, with whom it asks for by the issue, its comments and the `plan`; nobody for most.

    `progress` None: the run has no comment that would show it.
    """
    way = await journalled(ctx, CHOSEN, Way, lambda: _choose(ctx, services, task, plan))
    if way.chosen and progress is not None:
        await progress.reached("planned", render_specialists(way.chosen), "specialists")
    return replace(task, specialists=tuple(each.name for each in way.chosen))


async def _choose(ctx: Context, services: Services, task: Task, plan: str) -> Way:
    """Should a crash repeat it, the audit log has both; the later one is what the run went by."""
    touch = await _touch(ctx, services, task, plan)
    draws = [each.draw for each in load_specialists().values()]
    async with work(services.database) as db:
        chosen = choose_specialists(touch, draws, await past_of_specialists(db, ctx.run.repo.id))
        if chosen:
            told: Json = {each.name: each.because for each in chosen}
            subject = ctx.run.repo.subject(ctx.run.number)
            await audit.append(db, "quorum", "specialists chosen", subject, {"run": ctx.run.id, "for": told})
    return Way(chosen, plan)


def render_specialists(chosen: Sequence[Chosen]) -> str:
    """A sentence for the progress comment; empty without any. Names of files are words of others."""
    if not chosen:
        return ""
    told = "; ".join(f"{each.name} ({code(each.because)})" for each in chosen)
    return f"Specialist{'s' if len(chosen) > 1 else ''}: {told}."


async def _touch(ctx: Context, services: Services, task: Task, plan: str) -> Touch:
    issue = task.issue
    text = "\n\n".join([issue.body, *(each.body for each in issue.comments if each.author_type == "User")])
    listed = await list_files(services.mirrors.path(ctx.run.repo), task.ground.base_sha)
    files = [path for path in listed if path.isprintable()]
    paths = dict.fromkeys([*named_paths(f"{issue.title}\n{text}", files), *telling_paths(plan, files)])
    return Touch(issue.title, text, frozenset(issue.labels), tuple(paths), ctx.run.repo.name, tuple(task.expected))
