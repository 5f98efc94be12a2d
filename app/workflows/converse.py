"""Answering people who speak to Quorum: words of a closed set, buttons, and plain words; only the last see a model."""

from pydantic import TypeAdapter

from app.forge import effects
from app.forge.clean import clean_markdown
from app.forge.permissions import READ, TALK
from app.forge.read import CommentFacts, read_permission, read_pull
from app.forge.replies import thread_reply
from app.forge.review_comments import Heard, Place
from app.policy.applying import at_least
from app.policy.checks import perspective_of
from app.policy.commands import is_talk, parse_command
from app.runs.engine import Context
from app.runs.state import RunState
from app.wiring import Services
from app.workflows.admitted import admit_word
from app.workflows.asking_again import review_again
from app.workflows.buttons import LABELS
from app.workflows.explained import explain_pull
from app.workflows.gathering import gather
from app.workflows.journalled import carry_out, journalled
from app.workflows.obeying import Asked, answer_word
from app.workflows.pressing import Press, answer_press
from app.workflows.ruling import explain_overrides
from app.workflows.spoken import hear_spoken
from app.workflows.subjects import find_subject
from app.workflows.talking import talk

_WHY_CHARS = 500
_MAY_ACT = frozenset({"write", "maintain", "admin"})
_NEVER_LIMITED = frozenset({"withdraw"})
"""Taking back one's own word must always go through."""


async def converse(ctx: Context, services: Services) -> None:
    """Answer the comment or review that `ctx.run.cause` names, as it stands now, or the button that was pressed."""
    if "requested_action" in ctx.run.cause:
        await _press(ctx, services, str(ctx.run.cause["requested_action"]), str(ctx.run.cause["sender"]))
        return
    if "comment_id" not in ctx.run.cause:
        return
    read = services.forge.on(ctx.run.repo, READ)
    heard = await journalled(ctx, "heard", Heard, lambda: hear_spoken(ctx, services))
    comment = heard.comment
    command = None if comment is None else parse_command(comment.body, services.forge.slug)
    if comment is None or command is None or comment.author_type != "User":
        return
    permission = await journalled(ctx, "permission", str, lambda: read_permission(read, comment.author))
    asked = Asked(command, comment, permission, heard.place, heard.review)
    if await _is_acted_on(ctx, services, asked):
        return
    if is_talk(command, comment.body, services.forge.slug):
        answer = await talk(ctx, services, asked)
    elif command.verb in _NEVER_LIMITED or await journalled(
        ctx, "word-admission", bool, lambda: admit_word(ctx, services, comment.author, permission, asked.source)
    ):
        answer = await journalled(ctx, "answer", str, lambda: answer_word(ctx, services, asked))
    else:
        return
    if answer:
        await _reply(ctx, services, _key(heard, comment), answer, heard.place)


async def _is_acted_on(ctx: Context, services: Services, asked: Asked) -> bool:
    """Whether it is what a review asks of our own pull request, in plain words: that is done, and answered there."""
    talk = is_talk(asked.command, asked.comment.body, services.forge.slug)
    if asked.review != "CHANGES_REQUESTED" or not talk or asked.permission not in _MAY_ACT:
        return False

    async def ours() -> bool:
        subject = await find_subject(ctx, services)
        return subject.issue is not None

    return await journalled(ctx, "acted-on", bool, ours)


def _key(heard: Heard, comment: CommentFacts) -> str:
    """Reviews are numbered apart from comments."""
    return f"reply-review-{comment.id}" if heard.review else f"reply-{comment.id}"


async def settle_converse(ctx: Context, services: Services, reason: str) -> None:
    """Whoever was to be answered is told that it failed, and why; strangers whom nobody promised anything are not."""
    journal = await ctx.journal()
    if "heard" not in journal or "permission" not in journal:
        return
    heard = TypeAdapter(Heard).validate_python(journal["heard"].value)
    admission = journal.get("admission")
    known = at_least(str(journal["permission"].value), "write") or (admission is not None and admission.value == "talk")
    if heard.comment is None or not known or ctx.run.ending != RunState.FAILED:
        return
    why = f"{clean_markdown(reason[:_WHY_CHARS])}\n\n<sub>`quorum runs show {ctx.run.id}`</sub>"
    answer = f"That could not be done, or not to its end; say it again in a new comment. What went wrong: {why}"
    await _reply(ctx, services, _key(heard, heard.comment), answer, heard.place)


async def _reply(ctx: Context, services: Services, key: str, answer: str, place: Place | None = None) -> None:
    """Where it was asked: in the conversation, or in the thread on a line."""
    talk, number = services.forge.on(ctx.run.repo, TALK), ctx.run.number
    if place is None:
        await carry_out(ctx, "reply", effects.comment(talk, number, key, answer))
    else:
        await carry_out(ctx, "reply", thread_reply(talk, number, place.thread, f"line-{key}", answer))


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
        pull = await read_pull(services.forge.on(ctx.run.repo, READ), ctx.run.number)
        return await explain_pull(ctx, services, pull)
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
    return await review_again(ctx, services, login, str(ctx.run.cause.get("delivery", ctx.run.id)))
