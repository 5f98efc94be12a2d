"""Findings answered one by one after a repair, each in its own thread: fixed in which commit, or why not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.forge.clean import clean_description
from app.forge.errors import NotFoundError, RefusedError, UnknownOutcomeError
from app.forge.permissions import READ, TALK
from app.forge.replies import thread_reply
from app.forge.threads import Thread, read_threads
from app.forge.touched import Touch, what_became_of
from app.policy.checked import commented_on
from app.policy.finding import Finding
from app.policy.render import code, on_one_line
from app.policy.values import Sha
from app.runs.engine import Context
from app.wiring import Services
from app.workflows.journalled import carry_out, journalled
from app.workflows.publishing import Pull
from app.workflows.remarks import told_in
from app.workflows.standing import Voiced
from app.workflows.texts import handle
from app.workflows.writing import Written


@dataclass(frozen=True)
class Reply:
    """What is said of a finding. `comment`: where its thread begins; 0: it has none."""

    finding: str
    place: str
    comment: int
    text: str


async def find_answers(
    ctx: Context,
    services: Services,
    pull: Pull,
    found: Sequence[Voiced],
    written: Written,
    heads: tuple[Sha, Sha],
    round_: int,
) -> list[Reply]:
    """What is said of each finding voiced at the first of `heads`; the second is the commit that repairs it."""

    async def prepare() -> list[Reply]:
        return await _prepare(ctx, services, pull, found, written, heads)

    return await journalled(ctx, f"answers-{round_}", list[Reply], prepare)


def without_thread(replies: Sequence[Reply]) -> str:
    """For the pull request's description; empty if each has a thread."""
    return "\n".join(f"- {reply.place}: {reply.text}" for reply in replies if not reply.comment)


async def answer_findings(
    ctx: Context, services: Services, pull: Pull, replies: Sequence[Reply], head: Sha, round_: int
) -> None:
    """Each in its thread. The description comes before: reviewers may read it as soon as the repair is pushed."""
    talk = services.forge.on(ctx.run.repo, TALK)
    for number, reply in enumerate(replies, start=1):
        if reply.comment:
            key = f"answer-{reply.comment}-{head[:12]}"
            effect = thread_reply(talk, pull.number, reply.comment, key, reply.text)
            await carry_out(ctx, f"answer-{round_}-{number}", effect)


async def _prepare(
    ctx: Context, services: Services, pull: Pull, found: Sequence[Voiced], written: Written, heads: tuple[Sha, Sha]
) -> list[Reply]:
    mirror = services.mirrors.path(ctx.run.repo)
    try:
        threads = await read_threads(services.forge.on(ctx.run.repo, READ), pull.node_id)
    except (NotFoundError, RefusedError, UnknownOutcomeError):
        threads = []  # the description takes all answers then
    said = {answer.finding: (answer.fixed, answer.answer) for answer in written.answers}
    replies = []
    for voiced in found:
        finding = voiced.finding
        touch = await what_became_of(mirror, *heads, finding.path, (finding.start_line, finding.end_line))
        replies.append(
            Reply(
                handle(finding),
                clean_description(f"{voiced.perspective}, {code(f'{finding.path}:{finding.start_line}')}"),
                thread_of(threads, voiced, heads[0]),
                render_answer(finding, said, heads[1], touch),
            )
        )
    return replies


def thread_of(threads: Sequence[Thread], voiced: Voiced, head: Sha) -> int:
    """The comment that a finding's thread begins with; 0 without one. It may be of an earlier head."""
    finding = voiced.finding
    said = (voiced.perspective, handle(finding))
    own = [each for each in threads if told_in(each) == said and each.path == finding.path]
    here = [each for each in own if (each.line, each.head) == (commented_on(finding)[2], head)]
    earlier = [each for each in own if each.head != head and not each.resolved]
    return next((each.comment for each in (*here, *reversed(earlier))), 0)


def render_answer(finding: Finding, said: Mapping[str, tuple[bool, str]], commit: Sha, touch: Touch | None) -> str:
    """Which commit it is, and whether it touched the lines, code knows; the rest is the agent's word."""
    if handle(finding) not in said:
        seen = "changes these lines" if touch == "changed" else "leaves these lines as they were"
        return f"The repairer gave no answer of its own. {commit} {seen}."
    fixed, words = said[handle(finding)]
    told = on_one_line(clean_description(words))
    if not fixed:
        return f"Not changed: {told}"
    return f"Fixed in {commit}: {told}" + (" (The lines themselves are as they were.)" if touch == "no" else "")
