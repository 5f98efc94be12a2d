"""Databases that several rooms are tried on, and a whole Quorum for the stories of a file."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from app.store.engine import open_database
from tests.support.databases import fresh_database, migrated_sqlite, migrated_template, postgres_server
from tests.support.house import House


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    with postgres_server() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield migrated_sqlite(tmp_path / "quorum.db")
        return
    server = request.getfixturevalue("postgres")
    with fresh_database(server, migrated_template(server)) as url:
        yield url


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[AsyncEngine]:
    engine = open_database(database_url)
    yield engine
    await engine.dispose()


@pytest.fixture(scope="module")
def running_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QUORUM_DATA_DIR", str(tmp_path_factory.mktemp("house")))
        with House() as house:
            yield house
