"""Answering people who speak to Quorum: a closed set of words and buttons, none of which goes through a model."""

from sqlalchemy.ext.asyncio import AsyncConnection

from app.forge import effects
from app.forge.api import GitHub
from app.forge.permissions import READ, TALK
from app.forge.read import CommentFacts, read_comment, read_issue, read_permission, read_pull
from app.policy.asking import who_is_asked
from app.policy.checks import perspective_of
from app.policy.commands import Command, parse_command
from app.policy.finding import Outcome
from app.policy.persons import may_ask_again
from app.policy.routes import review_request
from app.policy.terms import vetoes_of
from app.policy.words import names_under
from app.runs.admission import cancel_subject, count_ended, request_run
from app.runs.engine import Context
from app.store import audit, outcomes, reviews
from app.store.work import work
from app.wiring import Services
from app.workflows.buttons import LABELS
from app.workflows.deciding import judge
from app.workflows.explaining import render_explanation, render_records
from app.workflows.gathering import Gathered, gather
from app.workflows.journalled import carry_out, journalled
from app.workflows.people import People
from app.workflows.pressing import Press, answer_press
from app.workflows.ruling import Speaker, explain_overrides, rule

_MAY_ACT = frozenset({"write", "maintain", "admin"})
_HELP = (
    "I understand one word after my name: `explain` (why the gate stands as it does), `review` (review this pull "
    "request again; `review PERSPECTIVE`: that one only), `override PERSPECTIVE because …`, "
    "`dismiss FINDING because …`, `veto because …`, `withdraw` (take back what you said), `status`, "
    "`retry` and `stop` (the work on this issue), `help`."
)


async def converse(ctx: Context, services: Services) -> None:
    """Answer the comment that `ctx.run.cause` names, as it stands now, or the button that was pressed."""
    if "requested_action" in ctx.run.cause:
        await _press(ctx, services, str(ctx.run.cause["requested_action"]), str(ctx.run.cause["sender"]))
        return
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
    await _reply(ctx, services, f"reply-{comment.id}", answer)


async def _reply(ctx: Context, services: Services, key: str, answer: str) -> None:
    talk = services.forge.on(ctx.run.repo, TALK)
    await carry_out(ctx, "reply", effects.comment(talk, ctx.run.number, key, answer))


async def _press(ctx: Context, services: Services, action: str, login: str) -> None:
    """A button on a check run. Whoever sees the check can press it; what they may is found out now."""
    read = services.forge.on(ctx.run.repo, READ)
    permission = await journalled(ctx, "permission", str, lambda: read_permission(read, login))
    perspective, head = perspective_of(str(ctx.run.cause.get("check") or "")), str(ctx.run.cause.get("head") or "")

    async def find_answer() -> str:
        if perspective is None:
            return await _pressed(ctx, services, action, login, permission)
        return await answer_press(ctx, services, Press(action, perspective, login, permission, head))

    answer = await journalled(ctx, "answer", str, find_answer)
    label = LABELS.get(action, action.capitalize())
    await _reply(ctx, services, f"button-{ctx.run.id}", f"`{login}` pressed *{label}*. {answer}")


async def _pressed(ctx: Context, services: Services, action: str, login: str, permission: str) -> str:
    if action == "explain":
        return await _explain(ctx, services)
    if action == "override":
        read = services.forge.on(ctx.run.repo, READ)
        pull = await read_pull(read, ctx.run.number)
        if pull.state != "open":
            return f"This pull request is {pull.state}."
        return await explain_overrides(services, read, login, await gather(services, ctx.run.repo, pull))
    if action != "review":
        return "That button is not one of mine."
    if permission not in _MAY_ACT:
        return f"A review needs write permission on this repository; you have {permission}."
    return await _review_again(ctx, services, login, str(ctx.run.cause.get("delivery", ctx.run.id)))


async def _answer(ctx: Context, services: Services, command: Command, comment: CommentFacts, permission: str) -> str:
    if comment.updated_at != comment.created_at:
        return "That comment was edited after it was written; please write the command in a new comment."
    if command.verb in {"help", "unknown"}:
        return _HELP if command.verb == "help" else f"I do not know that word. {_HELP}"
    if command.verb in {"explain", "status"}:
        return await _explain(ctx, services)
    if permission not in _MAY_ACT and command.verb != "withdraw":  # one's own word is taken back with whatever rights
        return f"`{command.verb}` needs write permission on this repository; you have {permission}."
    return await _do(ctx, services, command, comment)


async def _do(ctx: Context, services: Services, command: Command, comment: CommentFacts) -> str:
    if command.verb in {"review", "retry", "stop"}:
        return await _act(ctx, services, command, comment)
    if not await _is_pull(ctx, services):
        return "This is an issue; say that in its pull request."
    return await rule(ctx, services, command, Speaker(comment.author, comment.id, comment.created_at))


async def _is_pull(ctx: Context, services: Services) -> bool:
    return (await read_issue(services.forge.on(ctx.run.repo, READ), ctx.run.number)).is_pull


async def _act(ctx: Context, services: Services, command: Command, comment: CommentFacts) -> str:
    """What is done and its audit entry commit together; done again after a crash, it does and says the same."""
    repo, number, verb = ctx.run.repo, ctx.run.number, command.verb
    if verb == "stop":
        reason = f"@{comment.author} asked to stop, in comment {comment.id}"
        async with work(services.database) as db:
            if await cancel_subject(db, repo.id, number, ("solve", "review", "mend"), reason):
                await _note(ctx, db, comment.author, verb, str(comment.id))
            ended = await count_ended(db, repo.id, number, reason)
        return f"Stopped {ended} run{'s' if ended != 1 else ''}." if ended else "Nothing is running here."
    if not await _is_pull(ctx, services):
        return "To start again, take the label `quorum` off this issue and set it again."
    return await _review_again(ctx, services, comment.author, f"comment-{comment.id}", command.target)


async def _review_again(ctx: Context, services: Services, login: str, cause: str, word: str = "") -> str:
    """`word`: what was said behind the verb; a perspective's name has that one alone look again."""
    repo, number = ctx.run.repo, ctx.run.number
    read = services.forge.on(repo, READ)
    pull = await read_pull(read, number)
    if pull.state != "open":
        return f"This pull request is {pull.state}; there is nothing to review any more."
    gathered = await gather(services, repo, pull)
    only = word if word in names_under(gathered.policy, gathered.proposed.policy) else ""
    if only and only not in who_is_asked(gathered.facts, gathered.policy, gathered.proposed.policy):
        return f"{only} is not asked to review this pull request, by the policy or by which files it changes."
    stays = await _what_stays(read, login, gathered)
    async with work(services.database) as db:
        if await request_run(db, review_request(repo, number, pull.head_sha, cause=cause, sender=login, only=only)):
            await _note(ctx, db, login, "review", cause)
    return f"Reviewing {pull.head_sha[:12]} again{f', {only} only' if only else ''}.{stays}"


async def _what_stays(read: GitHub, login: str, gathered: Gathered) -> str:
    facts, vetoes = gathered.facts, vetoes_of(filter(None, (gathered.policy, gathered.proposed.policy)))
    refused = sorted(name for name in vetoes & facts.verdicts.keys() if facts.verdicts[name].outcome is Outcome.BLOCKED)
    if not refused or may_ask_again(await People(read, frozenset()).person(login), facts):
        return ""
    return (
        f" What {' and '.join(refused)} refused stays refused for this diff: change it, or let somebody with write "
        "access who wrote no part of it ask."
    )


async def _note(ctx: Context, db: AsyncConnection, login: str, verb: str, cause: str) -> None:
    await audit.append(db, login, f"command {verb}", f"{ctx.run.repo.full_name}#{ctx.run.number}", {"cause": cause})


async def _explain(ctx: Context, services: Services) -> str:
    repo, number = ctx.run.repo, ctx.run.number
    read = services.forge.on(repo, READ)
    if not await _is_pull(ctx, services):
        return "This is an issue; ask in its pull request, where the council has spoken."
    pull = await read_pull(read, number)
    async with services.database.connect() as db:
        verdicts = await reviews.verdicts_of(db, repo.id, number)
        findings = await reviews.findings_of(db, repo.id, number)
        records = await outcomes.records_of(db, repo.id)
    gathered = await gather(services, repo, pull) if pull.state == "open" else None
    decision = judge(gathered) if gathered else None
    vetoes = vetoes_of([gathered.policy]) if gathered else frozenset()
    return "\n\n".join([render_explanation(pull, verdicts, findings, decision), *render_records(records, vetoes)])
