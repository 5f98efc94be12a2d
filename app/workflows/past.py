"""What was said of earlier heads of a pull request, as its next readers are told it."""

from collections.abc import Iterable
from dataclasses import dataclass

from pydantic import TypeAdapter
from sqlalchemy.ext.asyncio import AsyncConnection

from app.forge.read import PullFacts
from app.forge.visible import only_visible
from app.policy.values import Sha
from app.runs.engine import Context
from app.store import reviews, tended
from app.store.reviews import StoredFinding
from app.wiring import Services
from app.workflows.journalled import journalled
from app.workflows.texts import handle, shortened

_ROOM = 40_000
"""Characters of the newest findings: a pull request of many rounds must fit into a prompt, and into the journal."""
_ANSWER_CHARS = 500


@dataclass(frozen=True)
class Past:
    """`round_`: which this one is. `said`: findings that were published, oldest first, each once, with what their
    author answered.
    """

    round_: int
    said: list[str]


@dataclass(frozen=True)
class _Answer:
    """Of `answering.Reply` what is told here: the finding's handle, and what was said of it."""

    finding: str
    text: str


async def read_past(ctx: Context, services: Services, pull: PullFacts, head: Sha) -> Past:
    """Read once for this run: while it waits for a provider another head may be reviewed, and what that says would
    change a prompt, or have a change read in full whose light reading is on record.
    """

    async def read() -> Past:
        async with services.database.connect() as db:
            found = await reviews.findings_of(db, ctx.run.repo.id, pull.number)
            given = await reviews.verdicts_of(db, ctx.run.repo.id, pull.number)
            own = pull.author == services.forge.login and pull.from_here
            answers = await _answers(db, ctx.run.repo.id, pull) if own else {}
        said = (_told(each, answers) for each in found if each.state == "published" and each.head_sha != head)
        return Past(1 + len({each.head_sha for each in given} - {head}), newest(said))

    return await journalled(ctx, "past", Past, read)


async def _answers(db: AsyncConnection, repo_id: int, pull: PullFacts) -> dict[str, str]:
    """What the repairs of an own pull request said of findings, by handle: of the work on its issue, and of its own."""
    origin = await tended.find_origin(db, repo_id, pull.head_ref)
    subjects = (pull.number,) if origin is None else (origin.issue, pull.number)
    found: dict[str, str] = {}
    for number in subjects:
        for value in (await tended.steps_like(db, repo_id, number, "answers-")).values():
            found |= {each.finding: each.text for each in TypeAdapter(list[_Answer]).validate_python(value)}
    return found


def _told(each: StoredFinding, answers: dict[str, str]) -> str:
    line = f"{each.perspective}, {each.finding.severity}, {each.finding.path}: {each.finding.claim}"
    answer = " ".join(only_visible(answers.get(handle(each.finding), "")).split())
    return f"{line}\n  Its author answered: {shortened(answer, _ANSWER_CHARS)}" if answer else line


def newest(said: Iterable[str], room: int = _ROOM) -> list[str]:
    """As many of the last ones as there is room for. What stands is on record at each head, and told once."""
    kept = []
    for each in reversed(list(dict.fromkeys(said))):
        room -= len(each)
        if room < 0:
            break
        kept.append(each)
    return kept[::-1]
