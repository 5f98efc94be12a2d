"""An effect that nobody can have begun is not looked for; one that somebody may have begun is."""

from contextlib import suppress

import pytest

from app.policy.request import RunRequest
from app.policy.values import Json, Repo
from app.runs.admission import request_run
from app.runs.drive import Workflows, drive
from app.runs.engine import Context
from app.runs.errors import Suspended
from app.runs.lease import claim
from app.store.work import work


class KilledError(BaseException):
    """The process ends here: nothing after it runs, and nothing is written."""


class LostError(Exception):
    unknown = True


class Outside:
    """Where an effect is done; `asked` tells in which way. `fails` is raised by the first try: after it was `done`?"""

    def __init__(self, fails: BaseException | None = None, *, done: bool = False) -> None:
        self.asked: list[str] = []
        self.there = False
        self._fails = fails
        self._done = done

    async def first(self) -> Json:
        return self._make("first")

    async def do(self) -> Json:
        return self._make("do")

    async def find(self) -> Json | None:
        self.asked.append("find")
        return {"id": 1} if self.there else None

    def _make(self, how: str) -> Json:
        self.asked.append(how)
        fails, self._fails = self._fails, None
        self.there = fails is None or self._done
        if fails is not None:
            raise fails
        return {"id": 1}


async def effect(ctx: Context, outside: Outside) -> None:
    assert await ctx.effect("it", outside.do, outside.find, first=outside.first) == {"id": 1}


async def ask(database) -> None:
    async with work(database) as db:
        await request_run(db, RunRequest("solve", Repo(1, 7, "mona", "sample"), 1, "k", "finished", "serial-k"))


async def live(database, outside: Outside) -> None:
    """A worker's life, to its end or the run's."""
    (run,) = await claim(database, "w", 0.0)
    with suppress(KilledError):
        await drive(database, run, Workflows({"solve": effect}, {}), outside)


async def test_the_first_try_does_not_look(database):
    await ask(database)
    outside = Outside()
    await live(database, outside)
    assert outside.asked == ["first"]


@pytest.mark.parametrize(("done", "asked"), [(True, ["first", "find"]), (False, ["first", "find", "do"])])
async def test_after_a_death_it_is_looked_for(database, done: bool, asked: list[str]):
    await ask(database)
    outside = Outside(KilledError(), done=done)
    await live(database, outside)
    await live(database, outside)
    assert outside.asked == asked


@pytest.mark.parametrize(("done", "asked"), [(True, ["first", "find"]), (False, ["first", "find", "do"])])
async def test_after_an_answer_that_got_lost_it_is_looked_for(
    database, monkeypatch: pytest.MonkeyPatch, done: bool, asked: list[str]
):
    monkeypatch.setattr("app.runs.engine._LOOK_AGAIN_S", (0.0,))
    await ask(database)
    outside = Outside(LostError(), done=done)
    await live(database, outside)
    assert outside.asked == asked


async def test_after_a_sleep_it_is_looked_for(database):
    await ask(database)
    outside = Outside(Suspended("a while", 0.0))
    await live(database, outside)
    await live(database, outside)
    assert outside.asked == ["first", "find", "do"]
