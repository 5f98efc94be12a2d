"""What takes of a run's time: the same at every replay, and nothing where nobody kept it."""

import time
from types import SimpleNamespace
from typing import Any

import pytest

from app.workflows import timed as timing
from app.workflows.timed import timed
from tests.support.agents import Journal


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    clock = SimpleNamespace(now=0.0)
    monkeypatch.setattr(timing, "time", SimpleNamespace(**{**vars(time), "monotonic": lambda: clock.now}))
    return clock


async def test_what_a_step_took_is_counted_now_and_at_a_replay(clock: SimpleNamespace):
    journal = Journal()
    for takes in (7.5, 900.0):
        workshop: Any = SimpleNamespace(worked_s=1.0)

        async def draw(takes: float = takes) -> tuple[str, ...]:
            clock.now += takes
            return (f"drawn in {takes} s",)

        assert await timed(journal, "map", tuple[str, ...], workshop, draw) == ("drawn in 7.5 s",)
        assert workshop.worked_s == 8.5


async def test_a_step_that_was_kept_without_its_time_counts_nothing():
    workshop: Any = SimpleNamespace(worked_s=1.0)

    async def never() -> dict[str, str]:
        raise AssertionError("it is done already")

    kept = Journal({"measured": '{"command": "run"}'})
    assert await timed(kept, "measured", dict[str, str], workshop, never) == {"command": "run"}
    assert workshop.worked_s == 1.0
