"""How a database is opened: one that a later version used is left alone, and one that falls silent is noticed."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, text

from app.store.engine import SchemaTooNewError, migrate, open_database
from tests.support.databases import migrated_sqlite

PLACE = "postgresql+psycopg://u:p@db.example.org/quorum"


async def test_a_schema_of_a_later_version_is_left_alone_and_the_error_says_what_to_install(tmp_path: Path):
    engine = open_database(migrated_sqlite(tmp_path / "quorum.db"))
    async with engine.begin() as db:
        await db.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SchemaTooNewError, match=r"9999.*install the version"):
        await migrate(engine)
    async with engine.connect() as db:
        assert (await db.execute(text("SELECT version_num FROM alembic_version"))).scalars().all() == ["9999"]
    await engine.dispose()


async def test_a_server_that_falls_silent_is_given_up_within_half_a_minute():
    """Connecting, a statement that is under way, and a connection that nothing is sent on."""
    asked = await connecting(PLACE)
    assert int(asked["connect_timeout"]) <= 30
    assert int(asked["tcp_user_timeout"]) <= 30_000
    unanswered = int(asked["keepalives_idle"]) + int(asked["keepalives_interval"]) * int(asked["keepalives_count"])
    assert unanswered <= 30


async def test_what_the_url_says_of_it_goes_before():
    asked = await connecting(f"{PLACE}?connect_timeout=3")
    assert asked["connect_timeout"] == "3"
    assert "tcp_user_timeout" in asked


async def connecting(url: str) -> dict[str, Any]:
    """What the driver would be told."""
    engine, told = open_database(url), {}

    def refuse(_dialect: Any, _record: Any, _positional: Any, named: dict[str, Any]) -> None:
        told.update(named)
        raise ConnectionRefusedError

    event.listen(engine.sync_engine, "do_connect", refuse)
    with pytest.raises(ConnectionRefusedError):
        await engine.connect()
    await engine.dispose()
    return told
