"""Answering people who speak to Quorum in comments: a closed set of words, none of which goes through a model."""

from sqlalchemy.ext.asyncio import AsyncConnection

from app.forge import effects
from app.forge.permissions import READ, TALK
from app.forge.read import CommentFacts, read_comment, read_issue, read_permission, read_pull
from app.policy.commands import Command, parse_command
from app.policy.routes import review_request
from app.runs.admission import cancel_subject, count_ended, request_run
from app.runs.engine import Context
from app.store import audit, reviews
from app.store.work import work
from app.wiring import Services
from app.workflows.explaining import render_explanation
from app.workflows.journalled import carry_out, journalled
from app.workflows.recheck import judge

_MAY_ACT = frozenset({"write", "maintain", "admin"})
_HELP = (
    "I understand one word after my name: `explain` (why the gate stands as it does), `review` (review this pull "
    "request again), `status`, `retry` and `stop` (the work on this issue), `help`."
)


async def converse(ctx: Context, services: Services) -> None:
    """Answer the comment that `ctx.run.cause` names, as it stands now; an edited one must be written anew."""
    if "comment_id" not in ctx.run.cause:
        return
    read = services.forge.on(ctx.run.repo, READ)
    comment_id = int(str(ctx.run.cause["comment_id"]))
    comment = await journalled(ctx, "comment", CommentFacts, lambda: read_comment(read, comment_id))
    command = parse_command(comment.body, services.forge.slug)
    if command is None or comment.author_type != "User":
        return
    permission = await journalled(ctx, "permission", str, lambda: read_permission(read, comment.author))
    answer = await journalled(ctx, "answer", str, lambda: _answer(ctx, services, command, comment, permission))
    talk = services.forge.on(ctx.run.repo, TALK)
    await carry_out(ctx, "reply", effects.comment(talk, ctx.run.number, f"reply-{comment.id}", answer))


async def _answer(ctx: Context, services: Services, command: Command, comment: CommentFacts, permission: str) -> str:
    if comment.updated_at != comment.created_at:
        return "That comment was edited after it was written; please write the command in a new comment."
    if command.verb == "help":
        return _HELP
    if command.verb in {"explain", "status"}:
        return await _explain(ctx, services)
    if command.verb not in {"review", "retry", "stop"}:
        return f"I do not know that word. {_HELP}"
    if permission not in _MAY_ACT:
        return f"`{command.verb}` needs write permission on this repository; you have {permission}."
    return await _act(ctx, services, command.verb, comment)


async def _act(ctx: Context, services: Services, verb: str, comment: CommentFacts) -> str:
    """What is done and its audit entry commit together; done again after a crash, it does and says the same."""
    repo, number = ctx.run.repo, ctx.run.number

    async def note(db: AsyncConnection) -> None:
        await audit.append(db, comment.author, f"command {verb}", f"{repo.full_name}#{number}", {"comment": comment.id})

    if verb == "stop":
        reason = f"@{comment.author} asked to stop, in comment {comment.id}"
        async with work(services.database) as db:
            if await cancel_subject(db, repo.id, number, ("solve", "review"), reason):
                await note(db)
            ended = await count_ended(db, repo.id, number, reason)
        return f"Stopped {ended} run{'s' if ended != 1 else ''}." if ended else "Nothing is running here."
    issue = await read_issue(services.forge.on(repo, READ), number)
    if not issue.is_pull:
        return "To start again, take the label `quorum` off this issue and set it again."
    pull = await read_pull(services.forge.on(repo, READ), number)
    async with work(services.database) as db:
        if await request_run(db, review_request(repo, number, pull.head_sha, cause=f"comment-{comment.id}")):
            await note(db)
    return f"Reviewing {pull.head_sha[:12]} again."


async def _explain(ctx: Context, services: Services) -> str:
    repo, number = ctx.run.repo, ctx.run.number
    read = services.forge.on(repo, READ)
    issue = await read_issue(read, number)
    if not issue.is_pull:
        return "This is an issue; ask in its pull request, where the council has spoken."
    pull = await read_pull(read, number)
    async with services.database.connect() as db:
        verdicts = await reviews.verdicts_of(db, repo.id, number)
        findings = await reviews.findings_of(db, repo.id, number)
    decision = await judge(services, ctx, pull) if pull.state == "open" else None
    return render_explanation(pull, verdicts, findings, decision)
