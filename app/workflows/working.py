"""What is going on for an issue, in a few lines for people."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.policy.render import code
from app.policy.values import MicroUsd, Repo
from app.runs.run import Run
from app.store import usage
from app.store.instructions import Instruction, instructions_of
from app.wiring import Services
from app.workflows.listening import sort_out
from app.workflows.solved import find_work
from app.workflows.wishes import newest_wish

_WISHES = ("budget", "autonomy", "priority")
_DOES = {
    "solve": "works on this issue",
    "part": "builds a part of it",
    "mend": "repairs its pull request",
    "tend": "looks after its pull request",
    "amend": "changes its pull request",
}


@dataclass(frozen=True)
class Doing:
    """A run that has not ended, and what it has cost so far."""

    run: Run
    cost: MicroUsd


async def tell_status(services: Services, repo: Repo, issue: int) -> str:
    """What is under way, by whom it is paused, what was wished for it."""
    async with services.database.connect() as db:
        going_on = await find_work(db, repo, issue)
        doing = [Doing(run, (await usage.totals(db, run.id)).cost) for run in going_on]
        wished = [found for verb in _WISHES if (found := await newest_wish(db, repo.id, issue, verb))]
        since = min((run.created_at for run in going_on), default=0.0)
        told = await instructions_of(db, repo.id, issue, since=since, verbs=("pause", "resume", "tell"))
    return render_status(issue, doing, wished, sort_out(told).paused if doing else None)


def render_status(issue: int, doing: Sequence[Doing], wished: Sequence[Instruction], paused: Instruction | None) -> str:
    """Pure."""
    if not doing:
        lines = [f"Nothing is under way for #{issue}."]
    else:
        lines = [
            f"- Run `{each.run.id}` {_DOES.get(each.run.workflow, each.run.workflow)}: {each.run.state}, "
            f"${each.cost / 1e6:.2f} so far."
            for each in doing
        ]
    if paused is not None:
        lines.append(f"- It is paused by {code(paused.login)}.")
    lines += [f"- {each.verb.capitalize()} {each.text}, as {code(each.login)} wished." for each in wished]
    return "\n".join(lines)
