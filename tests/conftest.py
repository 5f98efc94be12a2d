"""What every test shares: property tests draw the same examples each time, so that a verdict depends on the code alone.

`QUORUM_EXPLORE=1 make test` draws new ones, and as many as each test names; an example that it finds belongs into the
test as `@example`.
"""

import gc
import os
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from tests.support.as_before import process_as_before
from tests.support.made_once import make_once
from tests.support.memory import write_to_memory
from tests.support.plain_logs import log_plainly

# A deadline would be a timing assertion, and so is the check of how long drawing takes.
_ANY_SPEED: dict[str, Any] = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("same", derandomize=True, **_ANY_SPEED)
settings.register_profile("explore", derandomize=False, **_ANY_SPEED)
EXPLORES = bool(os.environ.get("QUORUM_EXPLORE"))
settings.load_profile("explore" if EXPLORES else "same")
_MOST_EXAMPLES = 100
"""Hypothesis's own number. What comes after it is the same each time too, and takes 20 CPU seconds a run."""


def pytest_configure() -> None:
    os.environ["QUORUM_CONFIG"] = ""  # whoever runs the tests may have settings of their own
    os.environ["QUORUM_SETUP_HOSTS"] = "[]"  # no test asks a registry that is not its own
    write_to_memory()
    log_plainly()


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """What is imported or collected never becomes garbage; looking for some there takes a quarter of the time.

    Afterwards it is looked for as seldom as in the processes of Quorum.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(10_000, *gc.get_threshold()[1:])
        gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        drawn = getattr(getattr(item, "obj", None), "_hypothesis_internal_use_settings", None)
        if drawn is not None and drawn.max_examples > _MOST_EXAMPLES and not EXPLORES:
            item.obj._hypothesis_internal_use_settings = settings(drawn, max_examples=_MOST_EXAMPLES)


@pytest.fixture(scope="session", autouse=True)
def once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        make_once(patch)
        yield


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    with process_as_before():
        yield
