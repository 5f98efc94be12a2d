"""Opening the database: SQLite in WAL mode or PostgreSQL, behind one kind of engine."""

import asyncio
import sqlite3
from contextlib import suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event, inspect, make_url, text
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from app.store import sqlite

_QUEUE_S = 120.0
"""SQLite has one writer. One connection a process makes its transactions wait in a fair queue here, instead of in
SQLite's busy handler, which sleeps and guesses; opening more would cost time and win none."""

_DRIVERS = frozenset({"sqlite+aiosqlite", "postgresql+psycopg", "postgresql+psycopg_async"})
_WRITE = "write postgresql+psycopg://USER@HOST/NAME, or leave it out for SQLite"
_LIVENESS = {
    "connect_timeout": "10",
    "keepalives_idle": "15",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "30000",
}
"""A PostgreSQL that fails over may never say so: without these a statement waits for a machine that is gone until the
kernel gives up, a quarter of an hour later, and the web process with it. Seconds, and milliseconds for the last:
https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS"""

MIGRATIONS = Path(__file__).parent / "migrations"


class SchemaTooNewError(Exception):
    """The database was used by a later version."""


def open_database(url: str) -> AsyncEngine:
    """Make an engine; nothing is connected yet. SQLite's directory is made when it is missing."""
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise ValueError(f"QUORUM_DATABASE_URL is no database URL; {_WRITE}") from error
    if parsed.drivername not in _DRIVERS:
        raise ValueError(f"QUORUM_DATABASE_URL begins with `{parsed.drivername}://`; {_WRITE}")
    if parsed.get_backend_name() != "sqlite":
        # What the URL says goes before.
        watched = {name: value for name, value in _LIVENESS.items() if name not in parsed.query}
        return create_async_engine(parsed, pool_size=10, max_overflow=10, pool_pre_ping=True, connect_args=watched)
    if parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    driver = {"async_creator_fn": sqlite.connect}
    engine = create_async_engine(parsed, pool_size=1, max_overflow=0, pool_timeout=_QUEUE_S, connect_args=driver)
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    # Not a listener: with one of these, each connection and each statement looks for those that there are not.
    dialect: Any = engine.dialect
    dialect.do_begin = _begin_immediate
    event.listen(engine.sync_engine, "invalidate", _roll_back)
    return engine


async def migrate(engine: AsyncEngine) -> None:
    """Bring the schema to the newest revision. Safe to call from several processes at once.

    Raises `SchemaTooNewError` where that is behind the database's own.
    """
    async with engine.begin() as connection:
        await connection.run_sync(_upgrade)


async def why_away(engine: AsyncEngine) -> str | None:
    """Why the database cannot be worked with now, for a probe; None when it answers within five seconds."""
    try:
        async with asyncio.timeout(5), engine.connect() as connection:
            await connection.execute(text("SELECT 1"))
    except Exception as error:
        return f"the database does not answer: {type(error).__name__}"
    return None


def _prepare_sqlite(connection: sqlite3.Connection, _record: ConnectionPoolEntry) -> None:
    """Durability first: FULL, as NORMAL may lose committed transactions (https://sqlite.org/pragma.html)."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("busy_timeout=20000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_immediate(connection: Any) -> None:
    """Take the write lock with the first statement: a reader that turns writer could not wait for it."""
    connection.driver_connection.begin_immediate()


def _roll_back(connection: Any, _record: ConnectionPoolEntry, _error: BaseException | None) -> None:
    """Give the write lock back before a connection is thrown away, as it is when its task is cancelled in a statement.

    Closing is not enough: SQLite keeps a closed connection, and its locks, until the last statement on it is finalized
    (https://sqlite.org/c3ref/close.html), and the cancelled one lives as long as the exception that it ended with.
    """
    # What it was cancelled with goes on from here, and whoever is cancelled twice still has this done.
    with suppress(asyncio.CancelledError, sqlite3.Error):
        connection.run_async(lambda there: asyncio.shield(there.rollback()))


def _upgrade(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7318349)")
    held = _revisions(connection)
    if held == [newest_revision()]:
        return
    if held and max(held) > newest_revision():
        raise SchemaTooNewError(
            f"the database's schema is {max(held)}, and this Quorum knows none after {newest_revision()}: "
            "install the version that used it last or a newer one, or bring back a copy from before the update"
        )
    # A fifth of what a process imports at its start, and most find nothing to do.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def newest_revision() -> str:
    """The last of the migrations, as their files are named: each begins with its revision."""
    return max(each.name.partition("_")[0] for each in (MIGRATIONS / "versions").glob("[0-9]*_*.py"))


def _revisions(connection: Connection) -> list[str]:
    """What the database says of itself; nothing where it is new.

    https://alembic.sqlalchemy.org/en/latest/tutorial.html#running-our-first-migration
    """
    if not inspect(connection).has_table("alembic_version"):
        return []
    return list(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalars())
