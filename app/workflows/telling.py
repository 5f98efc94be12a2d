"""What people are told a change does, kept from one review of a pull request to the next."""

from dataclasses import asdict

from pydantic import TypeAdapter

from app.agents.walk import WHOLE
from app.runs.done_before import came_of_before
from app.runs.engine import Context
from app.wiring import Services
from app.workflows.journalled import journalled
from app.workflows.walkthrough import Told, Walkthrough

_STEP = "told"
_TOLD = TypeAdapter(Told)


async def tell(ctx: Context, services: Services, walk: Walkthrough, trivial: str | None) -> Walkthrough:
    """`trivial`: of what the change consists, where that is told without a reader; else an earlier review's words."""

    async def look() -> Told:
        async with services.database.connect() as db:
            came = await came_of_before(db, ctx.run, _STEP)
        before = next((_TOLD.validate_python(each) for each in came if each is not None), None)
        whole = walk.after(before)
        words = {WHOLE: f"it changes {trivial}.", **whole.words} if trivial else whole.words
        return Told(dict(words), whole.diagram)

    told = await journalled(ctx, _STEP, Told, look)
    return Walkthrough(walk.groups, **asdict(told))
