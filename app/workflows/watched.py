"""Which issues were opened for checks that fail on the default branch, as the runs that opened them recorded it."""

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncEngine

from app.policy.values import JsonValue
from app.store.tended import steps_like

OPENED, CLOSED = "red-", "green-"


@dataclass(frozen=True)
class Known:
    """`since`: the commit at which the checks began to fail. `labelled`: the policy let the work on it be begun."""

    since: str
    number: int
    checks: tuple[str, ...]
    labelled: bool = False


async def read_known(database: AsyncEngine, repo_id: int) -> list[Known]:
    """Those whose checks have not been seen to pass since."""
    async with database.connect() as db:
        opened = await steps_like(db, repo_id, 0, OPENED)
        closed = await steps_like(db, repo_id, 0, CLOSED)
    over = {name.removeprefix(CLOSED) for name in closed}
    found = [_known(name.removeprefix(OPENED), value) for name, value in opened.items()]
    return [each for each in found if each is not None and each.since not in over]


async def was_begun_by_policy(database: AsyncEngine, repo_id: int, number: int) -> bool:
    """Whether we set the label on this issue ourselves, as the policy of the default branch has it."""
    return any(each.number == number and each.labelled for each in await read_known(database, repo_id))


def _known(since: str, value: JsonValue) -> Known | None:
    if not isinstance(value, dict):
        return None
    checks = value.get("checks")
    names = tuple(str(each) for each in checks) if isinstance(checks, list) else ()
    return Known(since, int(str(value.get("number"))), names, value.get("labelled") is True)
