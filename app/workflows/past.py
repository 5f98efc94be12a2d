"""What was said of earlier heads of a pull request, as its next readers are told it."""

from collections.abc import Iterable
from dataclasses import dataclass

from app.policy.values import Sha
from app.runs.engine import Context
from app.store import reviews
from app.wiring import Services
from app.workflows.journalled import journalled

_ROOM = 40_000
"""Characters of the newest findings: a pull request of many rounds must fit into a prompt, and into the journal."""


@dataclass(frozen=True)
class Past:
    """`round_`: which this one is. `said`: findings that were published, oldest first, each once."""

    round_: int
    said: list[str]


async def read_past(ctx: Context, services: Services, number: int, head: Sha) -> Past:
    """Read once for this run: while it waits for a provider another head may be reviewed, and what that says would
    change a prompt, or have a change read in full whose light reading is on record.
    """

    async def read() -> Past:
        async with services.database.connect() as db:
            found = await reviews.findings_of(db, ctx.run.repo.id, number)
            given = await reviews.verdicts_of(db, ctx.run.repo.id, number)
        said = (
            f"{each.perspective}, {each.finding.severity}, {each.finding.path}: {each.finding.claim}"
            for each in found
            if each.state == "published" and each.head_sha != head
        )
        return Past(1 + len({each.head_sha for each in given} - {head}), newest(said))

    return await journalled(ctx, "past", Past, read)


def newest(said: Iterable[str], room: int = _ROOM) -> list[str]:
    """As many of the last ones as there is room for. What stands is on record at each head, and told once."""
    kept = []
    for each in reversed(list(dict.fromkeys(said))):
        room -= len(each)
        if room < 0:
            break
        kept.append(each)
    return kept[::-1]
