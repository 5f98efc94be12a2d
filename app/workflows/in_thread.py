"""What is said in the thread of a finding is about that finding, so that nobody has to name it."""

from dataclasses import dataclass, replace

from app.forge.permissions import READ
from app.forge.read import PullFacts
from app.forge.review_comments import Place, hear_comment
from app.policy.finding import key_of
from app.policy.records import Record
from app.policy.values import Sha
from app.runs.engine import Context
from app.store import outcomes, reviews
from app.store.reviews import StoredFinding, StoredVerdict
from app.wiring import Services
from app.workflows.check_text import cleaned
from app.workflows.dismissing import Word, dismiss_advice
from app.workflows.explaining import told_record
from app.workflows.remarks import opening_of
from app.workflows.texts import handle, render_finding


@dataclass(frozen=True)
class Remarked:
    """The finding that a thread is about, and what is known of it at the pull request's `head`.

    `again`: it was said of that head, too. `verdict`: its perspective's newest word on that head.
    """

    said: StoredFinding
    head: Sha
    again: bool
    verdict: StoredVerdict | None
    record: Record | None


async def finding_in(ctx: Context, services: Services, pull: PullFacts, place: Place) -> Remarked | None:
    """None where somebody else began the thread, or it is about no finding that is on record."""
    repo_id = ctx.run.repo.id
    first = (await hear_comment(services.forge.on(ctx.run.repo, READ), place.thread, on_lines=True)).comment
    told = None if first is None or first.author != services.forge.login else opening_of(first.body)
    if told is None:
        return None
    async with services.database.connect() as db:
        found = await reviews.findings_of(db, repo_id, pull.number)
        given = await reviews.latest_verdicts(db, repo_id, pull.number, pull.head_sha)
        records = await outcomes.records_of(db, repo_id)
    name = told[0]
    own = [each for each in found if (each.perspective, handle(each.finding), each.finding.path) == (*told, place.path)]
    said = [each for each in own if each.state == "published"]
    if not said:
        return None
    at_head = [each for each in own if each.head_sha == pull.head_sha and each.state in {"published", "shared"}]
    return Remarked(
        said=(at_head or said)[-1],
        head=pull.head_sha,
        again=bool(at_head),
        verdict=next((each for each in given if each.perspective == name), None),
        record=next((each for each in records if each.perspective == name), None),
    )


def render_remarked(about: Remarked, slug: str, vetoes: frozenset[str]) -> str:
    """The finding with why and how its challenge ended, how it stands, and what can be done. Pure."""
    parts = [render_finding(cleaned(about.said.finding)), _standing(about, slug, vetoes)]
    if about.record is not None:
        parts.append(f"<sub>So far here: {told_record(about.record, vetoes)}.</sub>")
    return "\n\n".join(parts)


async def dismiss_here(ctx: Context, services: Services, about: Remarked, said: Word) -> str:
    """Advice is dismissed at once; what blocks is dismissed in the conversation, where words count for the gate."""
    key, slug = handle(about.said.finding), services.forge.slug
    if about.said.finding.severity.blocks:
        return f"Say that in the conversation of the pull request, not on a line: `@{slug} dismiss {key} because …`."
    if not said.reason:
        return f"Say why, for the record: `@{slug} dismiss because …`."
    return await dismiss_advice(ctx, services, replace(said, key=key_of(about.said.finding)), about.head)


def _standing(about: Remarked, slug: str, vetoes: frozenset[str]) -> str:
    """Of advice silence says nothing, as reviewers are told to give it once."""
    name, head, key = about.said.perspective, about.head[:12], handle(about.said.finding)
    if not about.said.finding.severity.blocks:
        return (
            f"It is advice, said of `{about.said.head_sha[:12]}`, and blocks nothing. `@{slug} dismiss because …` here "
            "has it not given again."
        )
    if about.again and name in vetoes:
        return f"It blocks this head, `{head}`, until it is fixed: {name} has a veto, so that nobody overrides it."
    if about.again:
        ways = f"`@{slug} dismiss {key} because …` or `@{slug} override {name} because …` in the conversation"
        return f"It blocks this head, `{head}`, until it is fixed, or whoever the policy lets writes {ways}."
    if about.verdict is None:
        return f"That was said of `{about.said.head_sha[:12]}`; {name} has not spoken of `{head}` yet."
    return f"That was said of `{about.said.head_sha[:12]}`; {name} does not say it any more of `{head}`."
