"""What the poll and the worker are tried on."""

import math
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import structlog
from hosting import Hosted, begin_hosting
from sqlalchemy.ext.asyncio import AsyncEngine

from app.store.engine import open_database
from tests.support.databases import migrated_sqlite


@pytest.fixture(scope="session", autouse=True)
def patience() -> Iterator[None]:
    """A worker here may take its time to end. Its loop and the watchdog of that live as long as the tests' process.

    A machine that was held for a minute must not have every watchdog end that.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("app.jobs.bridge._STALL_S", math.inf)
        patch.setattr("app.jobs.worker._END_S", 60.0)
        yield


@pytest.fixture(autouse=True)
def told() -> Iterator[list[structlog.typing.EventDict]]:
    """What was logged. Unset, structlog draws each traceback in colours, which takes longer than the tests."""
    with structlog.testing.capture_logs() as lines:
        yield lines


@pytest.fixture
def hosted(tmp_path: Path) -> Iterator[Hosted]:
    with begin_hosting(tmp_path) as begun:
        yield begun


@pytest.fixture
async def sqlite(tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    engine = open_database(migrated_sqlite(tmp_path / "quorum.db"))
    yield engine
    await engine.dispose()
