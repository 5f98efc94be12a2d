"""SQLite's thread is woken once for a statement; transactions are what they were."""

import sqlite3

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine

from app.store.engine import open_database
from app.store.sqlite import SqliteConnection


@pytest.fixture
async def engine(tmp_path):
    engine = open_database(f"sqlite+aiosqlite:///{tmp_path}/quorum.db")
    async with engine.begin() as db:
        await db.execute(text("CREATE TABLE written (n INTEGER PRIMARY KEY)"))
    yield engine
    await engine.dispose()


@pytest.fixture
def turns(monkeypatch):
    counted: list[str] = []
    execute = SqliteConnection._execute

    async def counting(self, do, *args, **options):
        counted.append(do.__name__)
        return await execute(self, do, *args, **options)

    monkeypatch.setattr(SqliteConnection, "_execute", counting)
    return counted


async def written(engine: AsyncEngine) -> list[int]:
    async with engine.connect() as db:
        return list((await db.execute(text("SELECT n FROM written ORDER BY n"))).scalars())


async def test_a_statement_is_one_turn_and_so_is_the_end_of_its_transaction(engine, turns):
    async with engine.begin() as db:
        await db.execute(text("INSERT INTO written VALUES (1)"))
        found = await db.execute(text("INSERT INTO written VALUES (2) RETURNING n"))
        assert found.scalar_one() == 2
    assert len(turns) == 3
    assert await written(engine) == [1, 2]
    assert len(turns) == 5


async def test_a_transaction_without_statements_takes_no_turn_and_begins_nothing_later(engine, turns):
    async with engine.begin():
        pass
    assert turns == []
    async with engine.begin() as db:
        await db.execute(text("INSERT INTO written VALUES (1)"))
    assert await written(engine) == [1]


async def test_who_reads_first_keeps_other_writers_out(engine, tmp_path):
    other = sqlite3.connect(tmp_path / "quorum.db", timeout=0, isolation_level=None)
    async with engine.begin() as db:
        await db.execute(text("SELECT n FROM written"))
        with pytest.raises(sqlite3.OperationalError, match="locked"):
            other.execute("INSERT INTO written VALUES (7)")
    other.execute("INSERT INTO written VALUES (8)")
    other.close()
    assert await written(engine) == [8]


async def test_what_was_written_before_an_error_is_taken_back(engine):
    async def write_twice() -> None:
        async with engine.begin() as db:
            await db.execute(text("INSERT INTO written VALUES (1)"))
            await db.execute(text("INSERT INTO written VALUES (1)"))

    with pytest.raises(IntegrityError):
        await write_twice()
    assert await written(engine) == []


async def test_many_rows_go_in_at_once_and_are_counted(engine):
    async with engine.begin() as db:
        await db.execute(text("INSERT INTO written VALUES (:n)"), [{"n": n} for n in range(5)])
        assert (await db.execute(text("UPDATE written SET n = n + 10 WHERE n > 2"))).rowcount == 2
    assert await written(engine) == [0, 1, 2, 13, 14]
