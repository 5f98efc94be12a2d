"""Budgets: before each call there must be money left, beside what calls that are under way may still cost."""

import asyncio
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
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


@dataclass(frozen=True)
class Taken:
    """A call that may be made, by a name of its own, and what the budgets have room for while it is made."""

    call: str
    room: MicroUsd


class Purse(Protocol):
    """What budgets are kept by."""

    async def known(self, request: Request, /) -> Reply | None:
        """What was answered to exactly this before; it is free."""
        ...

    async def take(self, request: Request) -> Taken | None:
        """None: others under way may use up what is left, so ask again.

        Raises `BudgetExceededError` when a budget is used up.
        """
        ...

    async def settle(self, call: str, request: Request, reply: Reply, /) -> None: ...

    async def give_back(self, call: str) -> None: ...

    def cut_off(self, call: str) -> None:
        """Nobody waits for it any more, and it may have been charged: what was taken stays taken, and is spent."""
        ...


class Metered:
    """A `Model` that keeps budgets: at most the last call goes beyond one, however many go on side by side."""

    def __init__(self, model: Model, purse: Purse) -> None:
        self._model = model
        self._purse = purse

    async def reply(self, request: Request) -> Reply:
        """Raises `BudgetExceededError` before anything is sent."""
        known = await self._purse.known(request)
        if known is not None:
            return known
        taken = await self._take(request)
        call = taken.call
        try:
            reply = await self._model.reply(replace(request, room=taken.room))
        except ModelError as error:
            if error.cost:
                await self._purse.settle(call, request, Reply((), "end", "", cost=error.cost))
            else:
                await self._purse.give_back(call)
            raise
        except BaseException:
            self._purse.cut_off(call)
            raise
        await self._purse.settle(call, request, reply)
        return reply

    async def _take(self, request: Request) -> Taken:
        look_s = _FIRST_LOOK_S
        while (taken := await self._purse.take(request)) is None:
            await asyncio.sleep(look_s * random.uniform(0.5, 1.0))  # noqa: S311 - no secret
            look_s = min(_LONGEST_LOOK_S, look_s * 2)
        return taken


def room_for(most: MicroUsd, stands: Sequence[Stand]) -> MicroUsd | None:
    """What is left for a call that costs `most` at most; None: it has to wait.

    With nothing under way it may be made while anything is left: that is the one call that can go beyond. Raises
    `BudgetExceededError` for a budget that is used up.
    """
    for stand in stands:
        if stand.spent >= stand.limit:
            raise BudgetExceededError(
                f"{stand.name} of ${stand.limit / 1e6:.2f} is used up (${stand.spent / 1e6:.2f} spent); {stand.remedy}"
            )
    pending = [stand.pending if most else MicroUsd(0) for stand in stands]
    room = min(stand.limit - stand.spent - others for stand, others in zip(stands, pending, strict=True))
    return MicroUsd(room) if room > 0 else None


Most = Callable[[Request], MicroUsd]
"""What the answer to a request may cost at most."""
