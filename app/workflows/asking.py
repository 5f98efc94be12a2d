"""Questions to the people of an issue: put once, in one comment, and waited for without a worker."""

import re
import time
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from datetime import UTC, datetime

from app.forge import effects
from app.forge.api import GitHub
from app.forge.permissions import READ, TALK
from app.forge.read import CommentFacts, read_comments_of, read_permission
from app.policy.commands import parse_command
from app.runs.engine import Context
from app.wiring import Services
from app.workflows.errors import NeedsPersonError
from app.workflows.journalled import carry_out, journalled
from app.workflows.progress import Progress
from app.workflows.said import QUESTIONS
from app.workflows.task import Task
from app.workflows.texts import brief, count
from app.workflows.understood import Answered
from app.workflows.waiting import wait_for
from app.workflows.wanted import insist_on_wish

MOST_TIMES = 2
"""How often a run asks."""
_DAYS = 14
_MAY_ANSWER = frozenset({"write", "maintain", "admin"})
_CLOCKS_DIFFER_S = 3600.0
_ANSWER_CHARS = 4000
_MOST_ANSWERS = 10
_MOST_ASKED_ABOUT = 20
_WORDS_FOR_US = frozenset({"unknown", "tell"})
"""Of what begins with our name these are plain words, and may be the answer."""
_LOGIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,38})")
"""https://docs.github.com/en/enterprise-cloud@latest/admin/managing-iam/iam-configuration-reference/username-considerations-for-external-authentication"""


class QuestionsError(Exception):
    """An agent cannot begin before people have answered these."""

    def __init__(self, questions: Sequence[str]) -> None:
        super().__init__(f"{count(len(questions), 'question')} for people")
        self.questions = tuple(questions)


def may_ask(task: Task) -> bool:
    return task.asks and len(task.understanding.answers) < MOST_TIMES


def conversation(name: str, task: Task) -> str:
    """What the steps of an agent's conversation begin with: after an answer it is another one."""
    answers = len(task.understanding.answers)
    return f"{name}-after-{answers}" if answers else name


async def ask_people(
    ctx: Context, services: Services, progress: Progress, task: Task, questions: Sequence[str]
) -> Answered:
    """Put the questions to the issue's author and wait for an answer: now, and at every replay, the same one.

    Raises `NeedsPersonError` when nobody answers for two weeks. What a comment says when it is read is the answer;
    that it can be edited before does no harm: only who wrote it and who has write permission can, and it gives no
    rights to anybody, it says what is wanted.
    """
    number = len(task.understanding.answers) + 1
    asked_at = await journalled(ctx, f"asked-at-{number}", float, now_s)
    deadline = asked_at + _DAYS * 86_400
    day = datetime.fromtimestamp(deadline, UTC).strftime("%-d %B %Y")
    whom = _whom(task)
    body = _render(questions, whom, task.asker.login, day, ctx.run.id)
    talk = services.forge.on(ctx.run.repo, TALK)
    receipt = await carry_out(
        ctx, f"{QUESTIONS}-{number}", effects.comment(talk, ctx.run.number, f"{QUESTIONS}-{number}-{ctx.run.id}", body)
    )
    asked = count(len(questions), "question")
    await progress.stage(f"asked-{number}", f"Asked {asked} in a comment; waiting until {day} for {whom} to answer")
    read = services.forge.on(ctx.run.repo, READ)

    async def look() -> Answered | None:
        await insist_on_wish(ctx, services, "before what was asked was answered")
        said = await _answers(read, services.forge.slug, task, int(str(receipt["id"])), asked_at)
        return Answered(tuple(questions), said) if said or await now_s() > deadline else None

    answered = await wait_for(ctx, f"answer-{number}", Answered, look)
    if not answered.said:
        raise NeedsPersonError(
            f"Nobody answered within {_DAYS} days what was asked in a comment here, and without that it cannot be told "
            "what is wanted.",
            "Write the answer into the issue, then take the label `quorum` off and set it again.",
        )
    logins = ", ".join(dict.fromkeys(login for login, _ in answered.said))
    await progress.stage(f"answered-{number}", f"Got an answer of {logins}")
    return answered


async def _answers(gh: GitHub, slug: str, task: Task, question_id: int, asked_at: float) -> tuple[tuple[str, str], ...]:
    """What was said after the question by those whose word it is: login and text. A command to us is no answer."""
    since = datetime.fromtimestamp(asked_at - _CLOCKS_DIFFER_S, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    comments = await read_comments_of(gh, task.issue.number, since)
    said = [each for each in comments if each.id > question_id and _is_answer(each, slug)]
    trusted = await who_has_a_say(gh, {task.issue.author, task.asker.login}, [each.author for each in said])
    return tuple((each.author, each.body[:_ANSWER_CHARS]) for each in said if each.author in trusted)[:_MOST_ANSWERS]


async def who_has_a_say(gh: GitHub, known: AbstractSet[str], logins: Sequence[str]) -> AbstractSet[str]:
    """Those who are `known` to say what is wanted, and of `logins` those with write permission now."""
    others = [login for login in dict.fromkeys(logins) if login not in known]
    found = [each for each in others[:_MOST_ASKED_ABOUT] if await read_permission(gh, each) in _MAY_ANSWER]
    return known | set(found)


def _is_answer(comment: CommentFacts, slug: str) -> bool:
    if comment.author_type != "User" or not comment.author or not comment.body.strip():
        return False
    command = parse_command(comment.body, slug)
    return command is None or command.verb in _WORDS_FOR_US


def _whom(task: Task) -> str:
    """The author, or who set the label, where the author is a bot or no longer there."""
    return task.issue.author if _LOGIN.fullmatch(task.issue.author) else task.asker.login


def _render(questions: Sequence[str], whom: str, asker: str, day: str, run_id: str) -> str:
    """Both may be notified: one wrote the issue, the other had it worked on."""
    who = f"@{whom}" if whom == asker else f"@{whom} or @{asker}"
    listed = "\n".join(f"{number}. {brief(each, 300)}" for number, each in enumerate(questions, start=1))
    return (
        f"Before I begin: what is wanted could be read in more than one way.\n\n{listed}\n\n"
        f"{who}, please answer in a new comment here, in your own words; so may anybody with write permission. "
        f"I wait until {day} and go on as soon as there is an answer.\n\n"
        f"<sub>Run `{run_id}` · `quorum runs show {run_id}`</sub>"
    )


async def now_s() -> float:
    return time.time()
