"""What each role's questions cost, and the budget that all of them keep together."""

import time

from pydantic import BaseModel, ConfigDict

from app.llm.gateway import Metered
from app.llm.messages import Model, Reply, Request
from app.policy.values import MicroUsd


class Spent(BaseModel):
    """Tokens as in `app.llm.messages.Usage`, millionths of a US dollar, and seconds of waiting for replies."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    calls: int = 0
    input: int = 0
    cache_read: int = 0
    cache_write: int = 0
    output: int = 0
    cost: int = 0
    seconds: float = 0.0

    def __add__(self, other: "Spent") -> "Spent":
        mine, theirs = self.model_dump(), other.model_dump()
        return Spent(**{name: mine[name] + theirs[name] for name in mine})

    @property
    def tokens(self) -> int:
        return self.input + self.cache_read + self.cache_write + self.output


class Meter:
    """A `Model` with a run's budget. `spent` is by role."""

    def __init__(self, model: Model, budget: MicroUsd) -> None:
        self.spent: dict[str, Spent] = {}
        self._metered = Metered(model, budget, self._cost, self._record)

    async def reply(self, request: Request) -> Reply:
        started = time.monotonic()
        reply = await self._metered.reply(request)
        self._add(request.role, Spent(seconds=time.monotonic() - started))
        return reply

    async def _cost(self) -> MicroUsd:
        return MicroUsd(sum(each.cost for each in self.spent.values()))

    async def _record(self, request: Request, reply: Reply) -> None:
        used = reply.usage
        tokens = {"input": used.input, "cache_read": used.cache_read, "cache_write": used.cache_write}
        self._add(request.role, Spent(calls=1, output=used.output, cost=reply.cost, **tokens))

    def _add(self, role: str, more: Spent) -> None:
        self.spent[role] = self.spent.get(role, Spent()) + more
