"""What awaits nothing but the database is one turn of SQLite's thread, and a transaction like any other."""

import asyncio
import threading
from contextvars import ContextVar

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from app.store.engine import open_database
from app.store.sqlite import SqliteConnection
from app.store.work import look_at_once, work_at_once

_WORD: ContextVar[str] = ContextVar("word", default="")


@pytest.fixture
async def engine(tmp_path):
    engine = open_database(f"sqlite+aiosqlite:///{tmp_path}/quorum.db")
    async with engine.begin() as db:
        await db.execute(text("CREATE TABLE written (n INTEGER PRIMARY KEY)"))
    yield engine
    await engine.dispose()


async def put(db: AsyncConnection, *numbers: int) -> None:
    for number in numbers:
        await db.execute(text("INSERT INTO written VALUES (:n)"), {"n": number})


async def written(db: AsyncConnection) -> list[int]:
    return list((await db.execute(text("SELECT n FROM written ORDER BY n"))).scalars())


async def test_a_transaction_of_many_statements_is_one_turn(engine, monkeypatch):
    turns: list[str] = []
    execute = SqliteConnection._execute

    async def counting(self, do, *args, **options):
        if threading.current_thread() is threading.main_thread():
            turns.append(do.__name__)
        return await execute(self, do, *args, **options)

    monkeypatch.setattr(SqliteConnection, "_execute", counting)
    await work_at_once(engine, lambda db: put(db, 1, 2, 3))
    assert len(turns) == 1
    assert await look_at_once(engine, written) == [1, 2, 3]
    assert len(turns) == 2


async def test_what_was_written_before_an_error_is_taken_back_and_the_error_is_told(engine):
    with pytest.raises(IntegrityError):
        await work_at_once(engine, lambda db: put(db, 1, 2, 1))
    assert await look_at_once(engine, written) == []


async def test_a_look_leaves_nothing_locked_and_nothing_written(engine):
    await look_at_once(engine, lambda db: put(db, 1))
    await work_at_once(engine, lambda db: put(db, 2))
    assert await look_at_once(engine, written) == [2]


async def test_what_awaits_something_else_is_refused_and_taken_back(engine):
    async def wait(db: AsyncConnection) -> None:
        await put(db, 1)
        await asyncio.sleep(0)

    with pytest.raises(RuntimeError, match="awaits something else"):
        await work_at_once(engine, wait)
    await work_at_once(engine, lambda db: put(db, 2))
    assert await look_at_once(engine, written) == [2]


async def test_it_is_carried_out_in_the_context_of_who_asks_for_it(engine):
    async def told(_db: AsyncConnection) -> str:
        return _WORD.get()

    _WORD.set("mine")
    assert await look_at_once(engine, told) == "mine"


@pytest.mark.parametrize("times", [1, 3])
async def test_who_is_cancelled_meanwhile_waits_for_its_end(tmp_path, times):
    """Else the next one would get a connection in the middle of a transaction."""
    engine: AsyncEngine = open_database(f"sqlite+aiosqlite:///{tmp_path}/quorum.db")
    loop, asked, answer = asyncio.get_running_loop(), asyncio.Event(), threading.Event()

    def held() -> int:
        loop.call_soon_threadsafe(asked.set)
        answer.wait(30)
        return 1

    @event.listens_for(engine.sync_engine, "connect")
    def teach(connection, _record) -> None:
        connection.run_async(lambda there: there.create_function("held", 0, held))

    async def write(db: AsyncConnection) -> None:
        await put(db, 1)
        await db.execute(text("SELECT held()"))
        await put(db, 2)

    async with engine.begin() as db:
        await db.execute(text("CREATE TABLE written (n INTEGER PRIMARY KEY)"))
    writing = asyncio.create_task(work_at_once(engine, write))
    await asked.wait()
    for _ in range(times):
        writing.cancel()
        await asyncio.sleep(0)
        assert not writing.done()
    waiting = asyncio.create_task(work_at_once(engine, lambda db: put(db, 3)))
    answer.set()
    assert [type(each) for each in await asyncio.gather(writing, return_exceptions=True)] == [asyncio.CancelledError]
    await waiting
    assert await look_at_once(engine, written) == [1, 2, 3]
    await engine.dispose()
