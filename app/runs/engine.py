"""What a workflow is given: steps, effects and children that happen once, however often the workflow is called."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from sqlalchemy.ext.asyncio import AsyncEngine

from app.policy.request import RunRequest
from app.policy.values import Json, JsonValue
from app.runs.admission import find_by_key, find_run, request_run
from app.runs.closing import Closing, closing
from app.runs.errors import EffectFailedError, RunError, Suspended
from app.runs.journal import End, Step, begin_step, end_of, finish_step, steps_of, write_ends
from app.runs.lease import hold
from app.runs.run import Run
from app.runs.state import RunState
from app.store.work import work_at_once

Do = Callable[[], Awaitable[JsonValue]]
DoEffect = Callable[[], Awaitable[Json]]
FindEffect = Callable[[], Awaitable[Json | None]]

_LOOK_AGAIN_S = (0.5, 1.0, 2.0)
"""GitHub may show a new object only after a while; look this often before an unknown effect is done again."""
_TRIES = 3
CHILD, ASKED = "child:", ":asked"
"""What the name of the step that began another run begins and ends with."""
_CHILD_CHECK_S = 20.0
"""A parent looks after its child at least this often, should the child's end have gone unheard."""


class Context:
    """The journal of one run, as seen by its workflow. Implements `agents.Steps`."""

    def __init__(self, engine: AsyncEngine, run: Run) -> None:
        self._engine = engine
        self.run = run
        self._known: dict[str, Step] | None = None
        self._asked: dict[str, str] = {}
        """Ids of the runs that this one began, by the names of the steps."""
        self._reading = asyncio.Lock()
        self._put_off: tuple[End, ...] = ()

    async def step(self, name: str, do: Do, *, again: Do | None = None, put_off: bool = False) -> JsonValue:
        """Return the value of `do`, now and at every replay.

        `again` takes the place of `do` when an earlier try was cut off and doing it blindly again would be wrong.
        Only then is the beginning recorded before the end, and after a crash, so that a step that kills is named.
        `put_off`: what can as well be done again is written along with whatever this run writes next, and before a
        model is asked: it is one transaction less. After a crash nothing is put off.
        """
        known = await self._find(name)
        if known is not None and known.finished_at is not None:
            return known.value
        started_at = time.time()
        if again is not None or self.run.attempts > 1:
            await self.catch_up()
            begun = await begin_step(self._engine, self.run, name, "step", position=self._position())
            do = again if again is not None and begun.starts > 1 else do
        with closing() as close:
            try:
                value = await do()
                put_off = put_off and self.run.attempts <= 1 and not close.waiting
                await self._finish(name, value, started_at, close, put_off=put_off)
            except BaseException:
                if close.waiting:
                    async with self._engine.begin() as db:
                        await close.write(db, broken_off=True)
                raise
        return value

    async def hold(self) -> None:
        """Make sure, in the middle of a long step, that the run is still ours and is to go on. Raises if it is not."""
        async with self._engine.begin() as db:
            await hold(db, self.run)

    async def journal(self) -> dict[str, Step]:
        """Every step by its name, as it is now: for clean-ups, to see how far the workflow came."""
        await self.catch_up()
        async with self._engine.connect() as db:
            return {step.name: step for step in await steps_of(db, self.run.id)}

    async def past(self) -> list[JsonValue]:
        """What steps of earlier drives ended with, oldest first; nothing in a run's first."""
        if self.run.fence <= 1:
            return []
        await self._find("")
        return [step.value for step in (self._known or {}).values() if step.finished_at is not None]

    async def effect(self, name: str, do: DoEffect, find: FindEffect, *, first: DoEffect | None = None) -> Json:
        """Do something outside once: the intent is recorded first, and an earlier intent is looked for before a redo.

        `first` takes the place of `do` at the first try of all, when nothing can be there yet.
        An error whose `unknown` is true (a 5xx, a timeout) may hide a success: it is looked for as well.
        Raises `EffectFailedError` when it stays unknown.
        """
        known = await self._find(name)
        if known is not None and known.finished_at is not None:
            return _object(name, known.value)
        await self.catch_up()
        begun = await begin_step(self._engine, self.run, name, "effect", position=self._position())
        receipt = await find() if begun.starts > 1 else None
        act = first if first is not None and begun.starts == 1 else do
        tries = 0
        while receipt is None:
            tries += 1
            try:
                receipt = await act()
            except Exception as error:
                if not getattr(error, "unknown", False):
                    raise
                if tries >= _TRIES:
                    raise EffectFailedError(f"{name}: GitHub did not say whether it was done: {error}") from error
                receipt, act = await _look(name, find), do
            if receipt is None:
                async with self._engine.begin() as db:
                    await hold(db, self.run)
        await self._finish(name, receipt, begun.started_at)
        return receipt

    async def begin(self, request: RunRequest) -> str:
        """Start another run, or find the one that its dedupe key names, and return its id. Its end is for `child`."""

        async def ask() -> JsonValue:
            async with self._engine.begin() as db:
                run_id = await request_run(db, request)
                if run_id is None:
                    held = await find_by_key(db, request.dedupe_key)
                    run_id = None if held is None else held.id
            if run_id is None:
                raise RunError(f"no run has the key {request.dedupe_key}, and none could be requested under it")
            return run_id

        return str(await self.step(f"{_child(request)}{ASKED}", ask))

    def begun(self, prefix: str) -> list[str]:
        """Ids of the runs that this one began so far, of those whose steps' names begin with `prefix`."""
        return [run_id for name, run_id in self._asked.items() if name.startswith(prefix)]

    async def child(self, request: RunRequest) -> str:
        """Start another run, or find the one that its dedupe key names, wait for its end and return that state."""
        run_id = await self.begin(request)

        async def look() -> JsonValue:
            async with self._engine.connect() as db:
                found = await find_run(db, run_id)
            if found is not None and not RunState(found.state).ended:
                raise Suspended(f"run:{run_id}", time.time() + _CHILD_CHECK_S)
            return "missing" if found is None else found.state

        return str(await self.step(f"{_child(request)}:ended", look))

    async def _find(self, name: str) -> Step | None:
        """What earlier drives wrote of a step; the journal is read once, as nobody else writes it meanwhile."""
        async with self._reading:
            if self._known is None:
                self._known = await self.journal()
                self._asked = {name: str(step.value) for name, step in self._known.items() if name.endswith(ASKED)}
        return self._known.get(name)

    def _position(self) -> int | None:
        """Of the next step. Steps that go on side by side may share one, and stand in the order of their beginning."""
        return None if self._known is None else len(self._known)

    @property
    def put_off(self) -> tuple[End, ...]:
        """For who writes them in a transaction of its own (`write_ends`), and says so to `wrote` when it is over."""
        return self._put_off

    def wrote(self, ends: Sequence[End]) -> None:
        self._put_off = tuple(each for each in self._put_off if each not in ends)

    async def catch_up(self) -> None:
        """Write what was put off."""
        ends = self._put_off
        if ends:
            await work_at_once(self._engine, lambda db: write_ends(db, self.run, ends))
            self.wrote(ends)

    async def _finish(
        self, name: str, value: JsonValue, started_at: float, close: Closing | None = None, *, put_off: bool = False
    ) -> None:
        place, earlier = self._position(), self._put_off
        if put_off:
            self._put_off += (end_of(self.run, name, value, started_at=started_at, position=place),)
        else:
            whole = partial(finish_step, self._engine, self.run, name, value, started_at=started_at, position=place)
            await whole(close=close, earlier=earlier)
            self.wrote(earlier)
        if self._known is not None:
            self._known[name] = Step(name, "step", 0, 1, started_at, time.time(), value)
            if name.endswith(ASKED):
                self._asked[name] = str(value)


def _child(request: RunRequest) -> str:
    return f"{CHILD}{request.dedupe_key}:{request.cause.get('for', '')}"


async def _look(name: str, find: FindEffect) -> Json | None:
    """None: it is not there. Raises `EffectFailedError` when nobody could look; then it must not be done again."""
    trouble: Exception | None = None
    for delay_s in _LOOK_AGAIN_S:
        await asyncio.sleep(delay_s)
        try:
            found = await find()
        except Exception as error:
            if not getattr(error, "unknown", False):
                raise
            trouble = error
            continue
        trouble = None
        if found is not None:
            return found
    if trouble is not None:
        raise EffectFailedError(f"{name}: GitHub did not say whether it was done: {trouble}") from trouble
    return None


def _object(name: str, value: JsonValue) -> Json:
    if not isinstance(value, dict):
        raise TypeError(f"the receipt of {name} is {type(value).__name__}, not an object")
    return value
