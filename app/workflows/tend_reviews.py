"""What people with write permission said of an own pull request is acted on, once for each review that they submit."""

from dataclasses import dataclass

from app.forge.permissions import READ
from app.forge.read import PullFacts, read_permission
from app.forge.said import Remark, ReviewFacts, read_remarks, read_reviews
from app.policy.applying import at_least
from app.policy.commands import is_addressed, is_talk, parse_command
from app.policy.tend_requests import amend_key, amend_request, wished_by
from app.policy.values import Json, JsonValue
from app.runs.admission import request_run
from app.runs.engine import Context
from app.store.tended import Origin, keys_held
from app.store.work import work
from app.wiring import Services
from app.workflows.journalled import journalled

_HEARD = frozenset({"CHANGES_REQUESTED", "COMMENTED"})
"""Remarks beside an approval are for whoever merges: a push would take the approval away."""


@dataclass(frozen=True)
class Wish:
    review: int
    login: str
    permission: str
    account: int


async def tend_reviews(ctx: Context, services: Services, pull: PullFacts, origin: Origin) -> None:
    """Ask for a run for each review that nobody acts on yet. Strangers are not obeyed, nor are bots."""
    wishes = await journalled(ctx, "reviews", list[Wish], lambda: _unheard(ctx, services, pull))
    if not wishes:
        return

    async def ask() -> JsonValue:
        async with work(services.database) as db:
            for wish in wishes:
                cause: Json = {"review": wish.review, **wished_by(wish.login, wish.permission, wish.account)}
                request = amend_request(ctx.run.repo, pull.number, origin.issue, "review", str(wish.review), cause)
                await request_run(db, request)
        return len(wishes)

    await ctx.step("asked-for-reviews", ask)


def remarks_of(review: ReviewFacts, remarks: list[Remark], slug: str) -> list[Remark]:
    """Those of this review that are said to us: in threads that people began, and not by our name.

    What is said in threads of the council is about its findings; who calls us by name is answered elsewhere.
    """
    mine = [each for each in remarks if each.review == review.id and each.begun_by == "User"]
    return [each for each in mine if each.body.strip() and not is_addressed(each.body, slug)]


def wants_something(review: ReviewFacts, remarks: list[Remark], slug: str) -> bool:
    """Whether there is anything to do for it."""
    if review.state not in _HEARD or review.author_type != "User":
        return False
    return bool(remarks or wish_of(review, slug))


def wish_of(review: ReviewFacts, slug: str) -> str:
    """What its own words ask for. Without any line they are talk, unless they come with *Request changes*.

    A word to us (`@quorum stop`) is obeyed elsewhere.
    """
    command = parse_command(review.body, slug)
    obeyed = command is not None and not is_talk(command, review.body, slug)
    return "" if review.state != "CHANGES_REQUESTED" or obeyed else review.body.strip()


async def _unheard(ctx: Context, services: Services, pull: PullFacts) -> list[Wish]:
    gh, repo = services.forge.on(ctx.run.repo, READ), ctx.run.repo
    key = amend_key(repo, pull.number, "review")
    async with services.database.connect() as db:
        heard = await keys_held(db, repo.id, pull.number, key)
    reviews = [each for each in await read_reviews(gh, pull.number) if f"{key}{each.id}" not in heard]
    if not any(each.state in _HEARD and each.author_type == "User" for each in reviews):
        return []
    remarks, slug = await read_remarks(gh, pull.number), services.forge.slug
    wanting = [each for each in reviews if wants_something(each, remarks_of(each, remarks, slug), slug)]
    # Once for each author: reviews of strangers never count as heard, and each that they add has all of them read anew.
    known = {login: await read_permission(gh, login) for login in dict.fromkeys(each.author for each in wanting)}
    return [
        Wish(each.id, each.author, known[each.author], each.author_id)
        for each in wanting
        if at_least(known[each.author], "write")
    ]
