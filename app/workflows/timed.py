"""Steps that take of a run's time: how long they took is kept with what came of them."""

import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

from app.agents.steps import Steps
from app.policy.values import JsonValue
from app.workflows.journalled import adapter_of
from app.workflows.workshop import Workshop

T = TypeVar("T")
_KEYS = {"value", "seconds"}


async def timed(steps: Steps, name: str, kind: type[T], workshop: Workshop, do: Callable[[], Awaitable[T]]) -> T:
    """Run `do` once for this run and return its value, now and at every replay; its time counts as work of the run.

    Called once a drive for a name, else it would count twice.
    """
    adapter = adapter_of(kind)

    async def dump() -> JsonValue:
        started = time.monotonic()
        value = adapter.dump_python(await do(), mode="json")
        return {"value": value, "seconds": round(time.monotonic() - started, 3)}

    kept = await steps.step(name, dump)
    if not isinstance(kept, dict) or kept.keys() != _KEYS:
        return adapter.validate_python(kept)  # of a run that began before time was kept
    workshop.worked_s += float(str(kept["seconds"]))
    return adapter.validate_python(kept["value"])
