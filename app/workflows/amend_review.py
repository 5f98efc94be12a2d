"""Do what a person's review asks for, and answer each of its remarks where it was made."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.agents.envelope import enclose
from app.agents.tools.responses import Respond, Response, respond_tool
from app.forge import effects
from app.forge.clean import clean_markdown
from app.forge.permissions import READ, TALK
from app.forge.read import read_permission
from app.forge.replies import thread_reply
from app.forge.said import Remark, read_remarks, read_review
from app.policy.applying import at_least
from app.policy.render import code
from app.policy.values import Sha
from app.runs.engine import Context
from app.wiring import Services
from app.workflows.amended import push_and_tell
from app.workflows.amending import Site, expecting, tell_site, with_tests
from app.workflows.journalled import carry_out, journalled
from app.workflows.said import voices
from app.workflows.tend_reviews import remarks_of, wants_something, wish_of
from app.workflows.workshop import Workshop
from app.workflows.writing import Written, amend

_TASK = (
    "A maintainer reviewed your change. Do what each remark asks of the code where it is right; where it is not, leave "
    "it and say why; answer a question without changing anything for it. End with `respond`: your other endings are "
    "not there."
)
_MOST = 50
_WORDS = {"done": "Done in {sha}: ", "left": "I left this as it is: ", "answer": ""}


@dataclass(frozen=True)
class Asked:
    """`body`: what the review itself asks for, empty if only its remarks do."""

    author: str
    body: str
    remarks: tuple[Remark, ...]


async def amend_review(ctx: Context, services: Services, site: Site, workshop: Workshop) -> Sha | None:
    """Returns the commit that was pushed, None where nothing was to be changed."""
    found = await journalled(ctx, "review", list[Asked], lambda: _read(ctx, services))
    if not found:
        return None
    asked = found[0]
    site, before = await with_tests(ctx, services, site, workshop)
    named = [asked.body, *(f"{each.path} {each.body}" for each in asked.remarks)]
    site = await expecting(site, workshop, "\n".join(named))
    parts = [
        _TASK,
        *_remarks_told(asked),
        *await tell_site(site, workshop, before),
    ]
    count = len(asked.remarks) + bool(asked.body)
    value = await amend(
        *(ctx, services, site.task, workshop, before, parts),
        lambda look: respond_tool(count, look, described=bool(site.pull.body)),
        since=workshop.tree,
    )
    told = Respond.model_validate(value)
    head = None
    if told.changes:
        written = Written(told.title, told.summary, None if told.points is None else tuple(told.points), told.left)
        heading = f"After a review of {code(asked.author)}"
        head = await push_and_tell(ctx, services, site, workshop, before, written, heading)
    await _answer(ctx, services, asked, told.responses, head)
    return head


async def _read(ctx: Context, services: Services) -> list[Asked]:
    """As it stands now; none where it was dismissed or deleted, or who wrote it may not write here any more."""
    gh, number = services.forge.on(ctx.run.repo, READ), ctx.run.number
    review = await read_review(gh, number, int(str(ctx.run.cause["review"])))
    slug = services.forge.slug
    remarks = remarks_of(review, await read_remarks(gh, number), slug)
    if not wants_something(review, remarks, slug) or not at_least(await read_permission(gh, review.author), "write"):
        return []
    return [Asked(review.author, wish_of(review, slug), tuple(remarks[:_MOST]))]


def _remarks_told(asked: Asked) -> list[str]:
    """Numbered as the responses are: the review's own words last."""
    told = [_remark_told(number, each) for number, each in enumerate(asked.remarks, start=1)]
    if asked.body:
        told.append(f"Remark {len(told) + 1}, on the change as a whole:\n\n{enclose('remark', asked.body)}")
    return told


def _remark_told(number: int, remark: Remark) -> str:
    where = enclose("place", f"{remark.path}:{remark.line or '?'}\n{remark.hunk}", rendered=False)
    earlier = voices(remark.before)
    before = f"\n\nSaid there before:\n\n{enclose('thread', earlier)}" if earlier else ""
    return f"Remark {number}, at this place:\n\n{where}{before}\n\n{enclose('remark', remark.body)}"


async def _answer(
    ctx: Context, services: Services, asked: Asked, responses: Sequence[Response], head: Sha | None
) -> None:
    talk, number = services.forge.on(ctx.run.repo, TALK), ctx.run.number
    by_number = {each.remark: each for each in responses}
    for place, remark in enumerate(asked.remarks, start=1):
        if text := _words(by_number[place], head):
            await carry_out(
                ctx, f"answer-{remark.id}", thread_reply(talk, number, remark.root, f"answer-{remark.id}", text)
            )
    if asked.body and (text := _words(by_number[len(asked.remarks) + 1], head)):
        said = effects.comment(
            talk, number, f"review-{ctx.run.cause['review']}", f"To the review of `{asked.author}`: {text}"
        )
        await carry_out(ctx, "answer", said)


def _words(response: Response, head: Sha | None) -> str:
    """What an agent wrote is made harmless; which commit it is, it does not say."""
    if response.kind == "nothing":
        return ""
    return _WORDS[response.kind].format(sha=(head or "")[:12]) + clean_markdown(response.answer.strip())
