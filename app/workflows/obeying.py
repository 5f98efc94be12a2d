"""What each word does. Who may say it is looked up now, for every act; no word goes through a model."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from app.forge.read import CommentFacts
from app.forge.review_comments import Place
from app.policy.applying import at_least
from app.policy.commands import Command
from app.policy.terms import vetoes_of
from app.runs.engine import Context
from app.wiring import Services
from app.workflows.asking_again import review_again
from app.workflows.dismissing import Word
from app.workflows.explained import explain_pull
from app.workflows.fixing import ask_for_repair
from app.workflows.ground import find_ground
from app.workflows.helping import render_help
from app.workflows.in_thread import dismiss_here, finding_in, render_remarked
from app.workflows.remembering import forget, remember
from app.workflows.restarting import retry
from app.workflows.ruling import Speaker, rule
from app.workflows.steering import STEERS, Told, steer
from app.workflows.stopping import stop
from app.workflows.subjects import Subject, find_subject
from app.workflows.working import tell_status

EDITED = "That comment was edited after it was written; please say it in a new comment."
_FREE = frozenset({"help", "unknown", "explain", "status", "withdraw"})
"""For everybody: what only tells, and taking back one's own word."""
_STARTING = "retry"
"""In an issue it takes what the label takes, which is looked at there."""


@dataclass(frozen=True)
class Asked:
    """Who asks for what, with which rights, and where they do. `place`: the lines, if it is a comment on lines.

    `review`: the state of the review whose words these are; empty for a comment.
    """

    command: Command
    comment: CommentFacts
    permission: str
    place: Place | None = None
    review: str = ""

    @property
    def verb(self) -> str:
        return self.command.verb

    @property
    def source(self) -> str:
        """Comments on lines are numbered apart from the others, and so are reviews."""
        if self.review:
            return f"review-{self.comment.id}"
        return f"{'line-comment' if self.place else 'comment'}-{self.comment.id}"

    def why_not(self, needed: str = "write") -> str:
        """Why they may not, or ""."""
        if at_least(self.permission, needed):
            return ""
        return f"`{self.verb}` needs {needed} permission on this repository; you have {self.permission}."


async def answer_word(ctx: Context, services: Services, asked: Asked) -> str:
    """Do it and say what was done, or why not; done again after a crash, it does and says the same."""
    if asked.comment.updated_at != asked.comment.created_at:
        return EDITED
    if asked.verb not in _FREE and asked.verb != _STARTING and asked.why_not():
        return asked.why_not()
    if asked.verb in _ANYWHERE:
        return await _ANYWHERE[asked.verb](ctx, services, asked)
    subject = await find_subject(ctx, services)
    if asked.verb in _ABOUT:
        return await _ABOUT[asked.verb](ctx, services, asked, subject)
    if asked.verb in STEERS:
        return await _steer(ctx, services, asked, subject)
    return await _rule(ctx, services, asked, subject)


async def _help(_ctx: Context, services: Services, asked: Asked) -> str:
    told = render_help(services.forge.slug)
    return told if asked.verb == "help" else f"I do not know that word. {told}"


async def _remember(ctx: Context, services: Services, asked: Asked) -> str:
    return await remember(ctx, services, asked.command, asked.comment.author, asked.permission, asked.source)


async def _forget(ctx: Context, services: Services, asked: Asked) -> str:
    return await forget(ctx, services, asked.command, asked.comment.author, asked.source)


async def _explain(ctx: Context, services: Services, asked: Asked, subject: Subject) -> str:
    """In the thread of a finding that one."""
    if subject.pull is None:
        return await tell_status(services, ctx.run.repo, subject.facts.number)
    about = await finding_in(ctx, services, subject.pull, asked.place) if asked.place else None
    if about is not None:
        ground = await find_ground(services, ctx.run.repo, subject.pull.base_ref)
        return render_remarked(about, services.forge.slug, vetoes_of([ground.in_force()]))
    return await explain_pull(ctx, services, subject.pull)


async def _status(ctx: Context, services: Services, _asked: Asked, subject: Subject) -> str:
    """Of the work here, and in a pull request of the gate."""
    told = [] if subject.issue is None else [await tell_status(services, ctx.run.repo, subject.issue)]
    return "\n\n".join([*told, *([await explain_pull(ctx, services, subject.pull)] if subject.pull else [])])


async def _stop(ctx: Context, services: Services, asked: Asked, subject: Subject) -> str:
    return await stop(ctx, services, subject.issue, asked.comment.author, asked.comment.id)


async def _retry(ctx: Context, services: Services, asked: Asked, subject: Subject) -> str:
    if subject.pull is not None:
        return await _review(ctx, services, asked, subject)
    return await retry(ctx, services, subject.facts, asked.comment.author, asked.permission, asked.source)


async def _review(ctx: Context, services: Services, asked: Asked, subject: Subject) -> str:
    if subject.pull is None:
        return "This is an issue; say that in its pull request."
    refused = asked.why_not()
    return refused or await review_again(ctx, services, asked.comment.author, asked.source, asked.command.target)


async def _fix(ctx: Context, services: Services, asked: Asked, subject: Subject) -> str:
    if subject.pull is None:
        return "This is an issue; say that in its pull request."
    if subject.pull.state != "open":
        return f"This pull request is {subject.pull.state}; there is nothing to repair any more."
    login = asked.comment.author
    return await ask_for_repair(ctx, services, login, asked.permission, subject.pull, said="command fix")


async def _steer(ctx: Context, services: Services, asked: Asked, subject: Subject) -> str:
    if subject.issue is None:
        return f"I did not write this pull request, so there is no work of mine here to {asked.verb}."
    told = Told(asked.command, asked.comment, asked.permission, subject.issue, asked.source)
    return await steer(ctx, services, told)


async def _rule(ctx: Context, services: Services, asked: Asked, subject: Subject) -> str:
    """What is said of the gate is on record by the number of a comment in the conversation."""
    if subject.pull is None:
        return "This is an issue; say that in its pull request."
    if asked.place is not None and asked.verb == "dismiss" and not asked.command.target:
        about = await finding_in(ctx, services, subject.pull, asked.place)
        if about is not None and subject.pull.state == "open":
            return await dismiss_here(ctx, services, about, _word(ctx, asked))
    if asked.place is not None or asked.review:
        how, where = f"`@{services.forge.slug} {asked.verb} …`", "in a review" if asked.review else "on a line"
        return f"Say that in the conversation of the pull request, not {where}: {how}."
    comment = asked.comment
    return await rule(ctx, services, asked.command, Speaker(comment.author, comment.id, comment.created_at))


def _word(ctx: Context, asked: Asked) -> Word:
    comment, at = asked.comment, datetime.fromisoformat(asked.comment.created_at).timestamp()
    name = f"line-comment:{ctx.run.repo.id}:{comment.id}"
    return Word(name, asked.command.target, comment.author, asked.permission, asked.command.reason, at)


_ANYWHERE: dict[str, Callable[[Context, Services, Asked], Awaitable[str]]] = {
    "help": _help,
    "unknown": _help,
    "remember": _remember,
    "forget": _forget,
}
_ABOUT: dict[str, Callable[[Context, Services, Asked, Subject], Awaitable[str]]] = {
    "explain": _explain,
    "status": _status,
    "stop": _stop,
    "retry": _retry,
    "review": _review,
    "fix": _fix,
}
