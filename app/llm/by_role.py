"""Which model answers which role, by the table of the settings."""

from collections.abc import Awaitable, Callable, Mapping

from app.llm.chain import Chain
from app.llm.messages import Reply, Request
from app.llm.table import Table, models_for
from app.policy.values import MicroUsd

Record = Callable[[Request, Reply], Awaitable[None]]


class ByRole:
    """A `Model`. `chains`: one for each row of the table. `record` is told of every answer."""

    def __init__(self, table: Table, chains: Mapping[tuple[str, ...], Chain], record: Record | None = None) -> None:
        self._table = table
        self._chains = chains
        self._record = record

    async def reply(self, request: Request) -> Reply:
        """Ask the role's models. Raises what the last of them raises."""
        reply = await self._chains[models_for(self._table, request.role)].reply(request)
        if self._record is not None:
            await self._record(request, reply)
        return reply

    def most(self, request: Request) -> MicroUsd:
        """What the answer may cost at most."""
        return self._chains[models_for(self._table, request.role)].most(request)
