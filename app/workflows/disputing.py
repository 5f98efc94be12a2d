"""Asking a person to decide where author and council do not agree: by what they may do, and without calling anybody."""

from app.policy.render import code
from app.policy.values import Sha
from app.store import reviews
from app.wiring import Services
from app.workflows.rounds import Dispute, Disputed, dispute_of, is_disputed
from app.workflows.texts import brief, count, handle

_NAMED = 10


async def find_dispute(services: Services, repo_id: int, number: int, head: Sha, *, own: bool) -> Dispute | None:
    """For `own` changes the work on their issue counts its rounds, and asks there."""
    if own:
        return None
    async with services.database.connect() as db:
        verdicts = await reviews.verdicts_of(db, repo_id, number)
        if not is_disputed(verdicts, head):
            return None
        return dispute_of(verdicts, await reviews.findings_of(db, repo_id, number), head)


def render_dispute(dispute: Dispute, slug: str, vetoes: frozenset[str]) -> str:
    """Who can decide, what about and how. What a perspective with a veto refused nobody overrides."""
    told = [_line(each) for each in dispute.findings[:_NAMED]]
    more = len(dispute.findings) - _NAMED
    told += [f"- and {more} more, in the check runs"] if more > 0 else []
    voices = {each.perspective for each in dispute.findings}
    names, vetoed = sorted(voices - vetoes), sorted(voices & vetoes)
    ways = [
        f"`@{slug} dismiss KEY because …` for a finding that will not be fixed",
        *(f"`@{slug} override {name} because …`" for name in names),
    ]
    how = f" If the council is wrong, whoever the policy lets may say so: {', or '.join(ways)}." if names else ""
    veto = f" What {' and '.join(vetoed)} refused is changed, not overridden." if vetoed else ""
    asked = (
        f"**A person is asked to decide.** {count(dispute.rounds, 'round')} ended with a refusal: author and council "
        "do not settle this between themselves. Somebody with write access, please look at what is disputed and say "
        f"how it goes on.{how}{veto} Further pushes are reviewed, and only what blocks is said."
    )
    return "\n".join([asked, "", *told])


def _line(each: Disputed) -> str:
    where = code(f"{each.finding.path}:{each.finding.start_line}")
    claim = brief(each.finding.claim)
    return f"- {each.perspective} · {where} · `{handle(each.finding)}`, said in {count(each.rounds, 'round')}: {claim}"
