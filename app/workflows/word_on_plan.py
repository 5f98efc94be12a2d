"""What people said of a plan that waits for their word."""

from dataclasses import dataclass
from typing import Literal, cast

from app.runs.engine import Context
from app.store.instructions import Instruction, instructions_of
from app.wiring import Services
from app.workflows.waiting import wait_for
from app.workflows.wanted import insist_on_wish

MAY_DECIDE = frozenset({"write", "maintain", "admin"})
_COMMENT = "comment-"


@dataclass(frozen=True)
class Word:
    """`text`: what stood behind the verb."""

    verb: Literal["go", "redo"]
    login: str
    text: str


async def hear_word(ctx: Context, services: Services, step: str, comment_id: int) -> Word:
    """Sleep until somebody who may decide says `go` or `redo` to the plan in this comment, posted in this step.

    Ends the run when the issue was closed or its label was taken off meanwhile.
    """
    repo, number = ctx.run.repo, ctx.run.number

    async def look() -> Word | None:
        await insist_on_wish(ctx, services, "before the plan began")
        async with services.database.connect() as db:
            said = await instructions_of(db, repo.id, number, verbs=("go", "redo"))
        posted_at = (await ctx.journal())[step].finished_at or 0.0
        return newest_word(said, comment_id, posted_at)

    return await wait_for(ctx, f"{step}.word", Word, look)


def newest_word(said: list[Instruction], comment_id: int, posted_at: float) -> Word | None:
    """The last word on a plan by somebody who may decide; what was said before it was there is about another.

    Comments are told by their ids, which grow on GitHub: two clocks, or one second, could not tell which came first.
    """
    later = [each for each in said if each.permission in MAY_DECIDE and _is_after(each, comment_id, posted_at)]
    if not later:
        return None
    newest = max(later, key=lambda each: (each.at, _comment_of(each) or 0))
    return Word(cast('Literal["go", "redo"]', newest.verb), newest.login, newest.text)


def _is_after(instruction: Instruction, comment_id: int, posted_at: float) -> bool:
    number = _comment_of(instruction)
    return instruction.at >= posted_at if number is None else number > comment_id


def _comment_of(instruction: Instruction) -> int | None:
    number = instruction.id.removeprefix(_COMMENT)
    return int(number) if number != instruction.id and number.isdecimal() else None
