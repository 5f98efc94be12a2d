"""`stop`: the work on an issue ends, wherever it was said."""

from app.runs.admission import cancel_subject
from app.runs.engine import Context
from app.store import audit
from app.store.work import work
from app.wiring import Services
from app.workflows.solved import cancel_work, count_cancelled

_HERE = ("solve", "part", "review", "mend", "amend", "remedy")


async def stop(ctx: Context, services: Services, issue: int | None, login: str, comment_id: int) -> str:
    """End what goes on here, and what goes on for the `issue` that a pull request of ours is for.

    What is done and its audit entry commit together; done again after a crash, it does and says the same.
    """
    repo, number = ctx.run.repo, ctx.run.number
    reason = f"@{login} asked to stop, in comment {comment_id}"
    async with work(services.database) as db:
        stopped = await cancel_subject(db, repo.id, number, _HERE, reason)
        if issue is not None:
            stopped += await cancel_work(db, repo, issue, reason)
        if stopped:
            await audit.append(db, login, "command stop", repo.subject(number), {"cause": str(comment_id)})
        ended = await count_cancelled(db, repo, reason)
    return f"Stopped {ended} run{'s' if ended != 1 else ''}." if ended else "Nothing is running here."
