"""A budget is kept beside calls that are under way, on a clock that jumps."""

import asyncio
import random
from dataclasses import replace
from functools import partial

import pytest

from app.cli.meter import Meter
from app.llm.budget import Stand, room_for
from app.llm.by_role import ByRole
from app.llm.chain import Chain, Link
from app.llm.errors import BudgetExceededError, ModelError, OverloadedError, UnusableReplyError
from app.llm.gateway import Gateway
from app.llm.messages import Message, Reply, Request, Text, Usage
from app.llm.outages import Outages
from app.llm.prices import cost_of, likely_of, most_of
from app.llm.scripted import Script, Scripted
from app.llm.shared import Shared
from app.policy.values import MicroUsd
from tests.support.virtual_time import run_virtually

ASKED = Request("writer", "You mend.", (Message("user", (Text("Mend it. " * 50),)),), max_tokens=100)
LINK = Link("test:x", Scripted(Script(label="nobody", conversations=[])), "claude-haiku-4-5")
MOST = most_of(ASKED, LINK.cost)


class Dear:
    """Takes a while, and costs what it is told to, never more than it may."""

    def __init__(self, *costs: int | ModelError) -> None:
        self.costs, self.asked, self.under_way, self.most_at_once = list(costs), 0, 0, 0

    async def reply(self, _request: Request) -> Reply:
        self.asked += 1
        self.under_way += 1
        self.most_at_once = max(self.most_at_once, self.under_way)
        await asyncio.sleep(random.uniform(1, 9))  # noqa: S311 - an order, not a secret
        self.under_way -= 1
        cost = self.costs.pop() if self.costs else MOST
        if isinstance(cost, ModelError):
            raise cost
        return Reply((Text("Done."),), "end", "m", cost=MicroUsd(cost))


def by_role(model: Dear) -> ByRole:
    chain = Chain([replace(LINK, model=model)], Outages(Shared()))
    return ByRole({"default": ("test:x",)}, {("test:x",): chain})


async def ask_many(meter: Meter, calls: int) -> list[Reply | BaseException]:
    return await asyncio.gather(*(meter.reply(ASKED) for _ in range(calls)), return_exceptions=True)


@pytest.mark.parametrize("budget", [1, MOST - 1, MOST, 3 * MOST + 1, 5 * MOST])
def test_only_the_last_call_goes_beyond_however_many_are_made_at_once(budget: int):
    model = Dear()
    meter = Meter(by_role(model), MicroUsd(budget))
    came = run_virtually(ask_many(meter, 12))
    spent = meter.spent["writer"].cost
    assert budget <= spent < budget + MOST
    assert sum(isinstance(each, BudgetExceededError) for each in came) == 12 - model.asked


def test_what_was_not_used_after_all_is_there_for_those_who_wait():
    model = Dear(*[MOST // 100] * 12)
    meter = Meter(by_role(model), MicroUsd(2 * MOST))
    assert all(isinstance(each, Reply) for each in run_virtually(ask_many(meter, 12)))
    assert model.most_at_once == 2


def test_calls_without_an_answer_take_nothing():
    model = Dear(*[OverloadedError("529")] * 5)
    meter = Meter(by_role(model), MicroUsd(MOST))
    came = run_virtually(ask_many(meter, 5))
    assert all(isinstance(each, OverloadedError) for each in came)
    assert not meter.spent.get("writer", None) or meter.spent["writer"].cost == 0
    assert isinstance(run_virtually(ask_many(meter, 1))[0], Reply)


def test_calls_that_were_cut_off_are_spent_and_waited_for_by_nobody():
    """Such as those beside one that failed: else who comes later would wait for them for ever."""
    meter = Meter(by_role(Dear()), MicroUsd(2 * MOST))

    async def play() -> BaseException | Reply:
        cut = [asyncio.create_task(meter.reply(ASKED)) for _ in range(2)]
        await asyncio.sleep(0.5)
        for each in cut:
            each.cancel()
        await asyncio.gather(*cut, return_exceptions=True)
        async with asyncio.timeout(60):
            return (await asyncio.gather(meter.reply(ASKED), return_exceptions=True))[0]

    assert isinstance(run_virtually(play()), BudgetExceededError)


def in_vain(*models: str) -> ByRole:
    """Models whose every try costs all that it can, and comes to nothing."""
    silly = [Dear(*(UnusableReplyError("html") for _ in range(9))) for _ in models]
    links = [
        replace(LINK, name=name, model=Gateway(model, deadline_s=900.0, charge=LINK.cost))
        for name, model in zip(models, silly, strict=True)
    ]
    return ByRole({"default": models}, {models: Chain(links, Outages(Shared()))})


def test_tries_that_come_to_nothing_and_are_charged_go_beyond_a_budget_by_one_at_most():
    one = LINK.cost(likely_of(ASKED))
    for budget, tries in ((one // 2, 1), (one, 1), (2 * one + 1, 3), (5 * one, 5), (99 * one, 8)):
        meter = Meter(in_vain("test:a", "test:b"), MicroUsd(budget))
        (came,) = run_virtually(ask_many(meter, 1))
        assert isinstance(came, ModelError)
        assert meter.spent["writer"].cost == tries * one


def test_a_budget_that_is_used_up_says_which_and_what_helps():
    with pytest.raises(
        BudgetExceededError, match=r"the budget of \$5.00 is used up \(\$5.10 spent\); raise `budget_usd`"
    ):
        room_for(MicroUsd(1), [Stand(MicroUsd(5_000_000), MicroUsd(5_100_000))])
    month = Stand(MicroUsd(10), MicroUsd(10), name="this month's budget", remedy="wait")
    with pytest.raises(BudgetExceededError, match=r"this month's budget of .*; wait"):
        room_for(MicroUsd(0), [Stand(MicroUsd(5), MicroUsd(0)), month])


def test_what_costs_nothing_waits_for_nobody():
    assert room_for(MicroUsd(0), [Stand(MicroUsd(5), MicroUsd(4), MicroUsd(4))]) == 1
    assert room_for(MicroUsd(1), [Stand(MicroUsd(5), MicroUsd(4), MicroUsd(4))]) is None


@pytest.mark.parametrize("text", ["x" * 300, "é漢🎉" * 40, "\ud800" * 9])
def test_no_answer_costs_more_than_the_most_of_it(text: str):
    asked = Request("r", text, (Message("user", (Text(text),)),), shared=text, part=text, max_tokens=50)
    tokens = 4 * len(text.encode(errors="replace"))
    for model in ("claude-haiku-4-5", "gpt-5.1", "gemini-2.5-pro", "nobody-knows-it"):
        for used in (Usage(input=tokens, output=50), Usage(cache_write=tokens, output=50), Usage(0, tokens, 0, 50)):
            assert cost_of(model, used) <= most_of(asked, partial(cost_of, model))
