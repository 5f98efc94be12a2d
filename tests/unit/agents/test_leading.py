"""What several read is read by one of them first, and nobody waits for more than that."""

import asyncio

import pytest

from app.agents.leading import Leading
from app.llm.errors import OverloadedError
from app.llm.messages import Message, Reply, Request, Text

ENOUGH_S = 60.0


class Slow:
    """Answers when it is let; `seen` are the tasks of the requests that reached it."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.let = asyncio.Event()

    async def reply(self, request: Request) -> Reply:
        task = request.messages[0].content[0]
        assert isinstance(task, Text)
        self.seen.append(task.text)
        await self.let.wait()
        if task.text == "fails":
            raise OverloadedError("busy", None)
        return Reply((Text(task.text),), "end", "slow")


def asked(task: str, shared: str = "the change", **more: str) -> Request:
    return Request("reviewer", "You review.", (Message("user", (Text(task),)),), shared=shared, **more)


async def ask(model: Leading, *requests: Request) -> list[asyncio.Task[Reply]]:
    """They have all gone as far as they get."""
    tasks = [asyncio.create_task(model.reply(each)) for each in requests]
    for _ in range(10):
        await asyncio.sleep(0)
    return tasks


async def test_the_others_go_when_the_first_has_its_answer():
    slow = Slow()
    tasks = await ask(Leading(slow, patience_s=ENOUGH_S), asked("one"), asked("two"), asked("three"))
    assert slow.seen == ["one"]

    slow.let.set()
    assert [(await each).text for each in tasks] == ["one", "two", "three"]


async def test_who_was_led_once_waits_no_more():
    slow = Slow()
    leading = Leading(slow, patience_s=ENOUGH_S)
    slow.let.set()
    await leading.reply(asked("one"))
    slow.let.clear()

    tasks = await ask(leading, asked("two"), asked("three"))
    assert slow.seen == ["one", "two", "three"]
    slow.let.set()
    await asyncio.gather(*tasks)


@pytest.mark.parametrize(
    "other",
    [asked("two", "another change"), asked("two", part="a part"), asked("two", "")],
    ids=["text", "part", "none"],
)
async def test_what_begins_otherwise_waits_for_nobody(other: Request):
    slow = Slow()
    tasks = await ask(Leading(slow, patience_s=ENOUGH_S), asked("one"), other)
    assert slow.seen == ["one", "two"]
    slow.let.set()
    await asyncio.gather(*tasks)


async def test_the_others_go_when_the_first_fails():
    slow = Slow()
    failing, going = await ask(Leading(slow, patience_s=ENOUGH_S), asked("fails"), asked("two"))
    slow.let.set()
    with pytest.raises(OverloadedError):
        await failing
    assert (await going).text == "two"


async def test_the_others_go_when_the_first_is_given_up():
    slow = Slow()
    first, going = await ask(Leading(slow, patience_s=ENOUGH_S), asked("one"), asked("two"))
    first.cancel()
    slow.let.set()
    assert (await going).text == "two"


async def test_nobody_waits_longer_than_their_patience():
    slow = Slow()
    tasks = await ask(Leading(slow, patience_s=0.0), asked("one"), asked("two"))
    assert slow.seen == ["one", "two"]
    slow.let.set()
    await asyncio.gather(*tasks)
