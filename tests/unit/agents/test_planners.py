"""Two planners: what each is asked, and what they pay for what both read."""

import asyncio
from pathlib import Path

from app.agents.planning import Desk, make_plans, vote_on
from app.llm.messages import Reply, Request, Text
from app.policy.words import Words
from app.sandbox.box import Box
from tests.support.agents import Journal, Model, calls
from tests.support.builders import OpenBox, plan


class Planning:
    """Answers when it is let."""

    def __init__(self) -> None:
        self.sent: list[Request] = []
        self.let = asyncio.Event()

    async def reply(self, request: Request) -> Reply:
        self.sent.append(request)
        await self.let.wait()
        return calls(("plan", plan()))


def begin(model: Planning, planners: int) -> asyncio.Task[object]:
    box: Box = OpenBox()
    desk = Desk(model, box, Path(), Journal(), shared="The issue and the map.")
    return asyncio.create_task(make_plans(desk, "plan-1", planners=planners))


def task_of(request: Request) -> str:
    (block,) = request.messages[0].content
    assert isinstance(block, Text)
    return block.text


async def as_far_as_they_get() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


async def test_the_second_is_asked_for_another_kind_of_plan_behind_the_same_beginning():
    model = Planning()
    model.let.set()
    await begin(model, 2)
    first, second = model.sent
    assert [first.role, second.role] == ["planner", "planner-2"]
    assert (first.system, first.shared, first.part) == (second.system, second.shared, second.part)
    assert "the smallest change that satisfies every sentence" in task_of(first)
    assert "Begin with those who call" in task_of(second)
    assert "smallest change" not in task_of(second)


async def test_one_alone_is_given_no_slant():
    model = Planning()
    model.let.set()
    await begin(model, 1)
    assert [task_of(each) for each in model.sent] == ["Plan how this issue is solved and end with `plan`."]


async def test_what_both_read_is_in_the_cache_when_the_second_asks():
    model = Planning()
    made = begin(model, 2)
    await as_far_as_they_get()
    assert [each.role for each in model.sent] == ["planner"]
    model.let.set()
    await made
    assert [each.role for each in model.sent] == ["planner", "planner-2"]


async def voted(code: str) -> Request:
    model = Model(calls(("vote", {"plan": "A", "reason": "It is the smaller one."})))
    desk = Desk(model, OpenBox(), Path(), Journal(), shared="The issue and the map.")
    given = {"A": "Change f.", "B": "Change g."}
    voted = await vote_on(desk, "vote-1", given, ["security"], Words(), code)
    assert voted.votes["security"].plan == "A"
    return model.sent[0]


async def test_voters_share_the_code_that_the_plans_name_as_data():
    asked = await voted("f.py: function f, lines 1 to 2")
    assert (
        asked.shared.index("Change g.") < asked.shared.index("The code as it is now") < asked.shared.index("f.py: fun")
    )
    assert asked.shared.count("what='code'") == 1
    assert "f.py" not in task_of(asked)
    assert "The code as it is now" not in (await voted("")).shared
