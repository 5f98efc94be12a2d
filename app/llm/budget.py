"""Budgets: before each call there must be money left, beside what calls that are under way may still cost."""

import asyncio
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from app.llm.errors import BudgetExceededError, ModelError
from app.llm.messages import Model, Reply, Request
from app.policy.values import MicroUsd

_FIRST_LOOK_S, _LONGEST_LOOK_S = 0.05, 3.0


@dataclass(frozen=True)
class Stand:
    """How a budget stands. `pending`: what calls that are under way may cost at most. `name`, `remedy`: for people."""

    limit: MicroUsd
    spent: MicroUsd
    pending: MicroUsd = MicroUsd(0)
    name: str = "the budget"
    remedy: str = "raise `budget_usd` in .github/quorum.yml or ask for less"


class Purse(Protocol):
    """What budgets are kept by. Calls are told apart by a name of their own."""

    async def take(self, request: Request) -> str | None:
        """The name of a call that may be made now; None: others under way may use up what is left, so ask again.

        Raises `BudgetExceededError` when a budget is used up.
        """
        ...

    async def settle(self, call: str, request: Request, reply: Reply, /) -> None: ...

    async def give_back(self, call: str) -> None: ...


class Metered:
    """A `Model` that keeps budgets: at most the last call goes beyond one, however many go on side by side."""

    def __init__(self, model: Model, purse: Purse) -> None:
        self._model = model
        self._purse = purse

    async def reply(self, request: Request) -> Reply:
        """Raises `BudgetExceededError` before anything is sent."""
        call = await self._take(request)
        try:
            reply = await self._model.reply(request)
        except ModelError:
            # Whoever is cut off otherwise may have been charged: then what was taken stays taken.
            await self._purse.give_back(call)
            raise
        await self._purse.settle(call, request, reply)
        return reply

    async def _take(self, request: Request) -> str:
        look_s = _FIRST_LOOK_S
        while (call := await self._purse.take(request)) is None:
            await asyncio.sleep(look_s * random.uniform(0.5, 1.0))  # noqa: S311 - no secret
            look_s = min(_LONGEST_LOOK_S, look_s * 2)
        return call


def has_room(stands: Sequence[Stand], most: MicroUsd) -> bool:
    """Whether a call may be made that costs `most` at most. Raises `BudgetExceededError` for a budget that is used up.

    With nothing under way it may while anything is left: that is the one call that can go beyond.
    """
    for stand in stands:
        if stand.spent >= stand.limit:
            raise BudgetExceededError(
                f"{stand.name} of ${stand.limit / 1e6:.2f} is used up (${stand.spent / 1e6:.2f} spent); {stand.remedy}"
            )
    return most == 0 or all(stand.spent + stand.pending < stand.limit for stand in stands)


Most = Callable[[Request], MicroUsd]
"""What the answer to a request may cost at most."""
