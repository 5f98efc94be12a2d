"""What each role's questions cost, and the budget that all of them keep together."""

import time
import uuid

from pydantic import BaseModel, ConfigDict

from app.llm.budget import Metered, Stand, Taken, room_for
from app.llm.by_role import ByRole
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
        self._budget = budget
        self._model = model
        self._pending: dict[str, MicroUsd] = {}
        self._cut_off = 0
        self._metered = Metered(model, self)

    async def reply(self, request: Request) -> Reply:
        started = time.monotonic()
        reply = await self._metered.reply(request)
        self._add(request.role, Spent(seconds=time.monotonic() - started))
        return reply

    async def known(self, _request: Request) -> Reply | None:
        return None

    async def take(self, request: Request) -> Taken | None:
        most = self._model.most(request) if isinstance(self._model, ByRole) else MicroUsd(0)
        spent = MicroUsd(sum(each.cost for each in self.spent.values()) + self._cut_off)
        room = room_for(most, [Stand(self._budget, spent, MicroUsd(sum(self._pending.values())))])
        if room is None:
            return None
        call = uuid.uuid4().hex
        self._pending[call] = most
        return Taken(call, room)

    async def settle(self, call: str, request: Request, reply: Reply) -> None:
        del self._pending[call]
        used = reply.usage
        tokens = {"input": used.input, "cache_read": used.cache_read, "cache_write": used.cache_write}
        self._add(request.role, Spent(calls=1, output=used.output, cost=reply.cost, **tokens))

    async def give_back(self, call: str) -> None:
        del self._pending[call]

    def cut_off(self, call: str) -> None:
        self._cut_off += self._pending.pop(call)

    def _add(self, role: str, more: Spent) -> None:
        self.spent[role] = self.spent.get(role, Spent()) + more
