"""The models of a role in the order in which they are asked: where one does not answer, the next goes on."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import structlog

from app.llm.errors import BudgetExceededError, ModelError, RequestTooLongError, ScriptError
from app.llm.messages import Model, Reply, Request, Usage
from app.llm.outages import Outages
from app.llm.own_prices import OwnPrice, own_cost
from app.llm.prices import cost_of, most_of
from app.policy.values import MicroUsd

_NOT_ITS_FAULT = (BudgetExceededError, ScriptError)
"""What the next model would be told as well."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Link:
    """A model as the table names it. `priced_as`: its name in price lists, if it costs; `billed_at`: whose lists;
    `prices`: one's own.
    """

    name: str
    model: Model
    priced_as: str = ""
    billed_at: str = ""
    prices: tuple[OwnPrice, ...] = ()

    @property
    def costs(self) -> bool:
        """What a file says costs what it says."""
        return bool(self.priced_as or self.prices)

    def cost(self, usage: Usage) -> MicroUsd:
        """By one's own prices, else by the lists."""
        own = own_cost(self.prices, usage, datetime.now(UTC).date())
        if own is None:
            own = cost_of(self.priced_as, usage, self.billed_at) if self.priced_as else MicroUsd(0)
        return own


class Chain:
    """A `Model`. A conversation stays with who answered it, as the provider has it in its cache.

    A model that failed often of late is asked only when no other of the role answers (`Outages`).
    """

    def __init__(self, links: Sequence[Link], outages: Outages) -> None:
        self._links = links
        self._outages = outages

    async def reply(self, request: Request) -> Reply:
        """A conversation that is too long for one model may fit into the next.

        Raises `ModelError`: that of the only model, or one that tells what each of them said.
        """
        failed: list[tuple[str, ModelError]] = []
        order = await self._in_order(request.stays_with)
        for link in order:
            left = None if request.room is None else MicroUsd(request.room - _wasted(failed))
            if failed and left is not None and left <= 0:
                break
            try:
                reply = await link.model.reply(replace(request, room=left, another_waits=link is not order[-1]))
            except _NOT_ITS_FAULT:
                raise
            except ModelError as error:
                failed.append((link.name, error))
                if not error.of_request:
                    await self._outages.failed(link.name, error)
                log.warning("a model did not answer", model=link.name, role=request.role, error=str(error))
                continue
            passed = [each.name for each in self._links[: self._links.index(link)]]
            cost = MicroUsd(reply.cost + _wasted(failed))
            return replace(reply, cost=cost, by=link.name, instead_of=tuple(passed))
        raise _all_of(failed)

    def most(self, request: Request) -> MicroUsd:
        """What the answer may cost at most, whoever gives it."""
        return max(most_of(request, link.cost) for link in self._links)

    async def _in_order(self, stays_with: str) -> list[Link]:
        """Who answered so far first; who is down last, since it may be up again where all others fail."""
        if len(self._links) == 1:
            return list(self._links)
        down = await asyncio.gather(*(self._outages.is_down(link.name) for link in self._links))
        ranked = [(is_down, link.name != stays_with, link) for is_down, link in zip(down, self._links, strict=True)]
        return [link for _, _, link in sorted(ranked, key=lambda each: each[:2])]


def _all_of(failed: Sequence[tuple[str, ModelError]]) -> ModelError:
    """Too long, if it is for one of them: whoever holds the conversation shortens it then, and asks all again."""
    if len(failed) == 1:
        return failed[0][1]
    told = "no model of this role answered: " + "; ".join(f"{name}: {error}" for name, error in failed)
    too_long = any(isinstance(error, RequestTooLongError) for _, error in failed)
    error = RequestTooLongError(told) if too_long else ModelError(told)
    error.cost = MicroUsd(_wasted(failed))
    return error


def _wasted(failed: Sequence[tuple[str, ModelError]]) -> int:
    return sum(error.cost for _, error in failed)
