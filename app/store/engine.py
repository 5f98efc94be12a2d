"""Opening the database: SQLite in WAL mode or PostgreSQL, behind one kind of engine."""

import sqlite3
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, event, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

_QUEUE_S = 120.0
"""SQLite has one writer. One connection a process makes its transactions wait in a fair queue here, instead of in
SQLite's busy handler, which sleeps and guesses; opening more would cost time and win none."""

MIGRATIONS = Path(__file__).parent / "migrations"


def open_database(url: str) -> AsyncEngine:
    """Make an engine; nothing is connected yet. SQLite's directory is made when it is missing."""
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise ValueError(
            "QUORUM_DATABASE_URL is no database URL; it looks like postgresql+psycopg://HOST/NAME"
        ) from error
    if parsed.get_backend_name() != "sqlite":
        return create_async_engine(parsed, pool_size=10, max_overflow=10, pool_pre_ping=True)
    if parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    engine = create_async_engine(parsed, pool_size=1, max_overflow=0, pool_timeout=_QUEUE_S)
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    event.listen(engine.sync_engine, "begin", _begin_immediate)
    return engine


async def migrate(engine: AsyncEngine) -> None:
    """Bring the schema to the newest revision. Safe to call from several processes at once."""
    async with engine.begin() as connection:
        await connection.run_sync(_upgrade)


def _prepare_sqlite(connection: sqlite3.Connection, _record: ConnectionPoolEntry) -> None:
    """Durability first: FULL, as NORMAL may lose committed transactions (https://sqlite.org/pragma.html)."""
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("busy_timeout=20000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_immediate(connection: Connection) -> None:
    """Take the write lock at once: a reader that turns writer could not wait for it."""
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _upgrade(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7318349)")
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
