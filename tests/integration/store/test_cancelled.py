"""A task that is cancelled in the middle of a statement leaves nothing locked."""

import asyncio
import threading

import pytest
from sqlalchemy import event, text

from app.store.engine import open_database


@pytest.mark.parametrize("times", [1, 2])
async def test_who_is_cancelled_in_a_statement_gives_the_write_lock_back(tmp_path, times):
    engine = open_database(f"sqlite+aiosqlite:///{tmp_path}/quorum.db")
    loop, asked, answer = asyncio.get_running_loop(), asyncio.Event(), threading.Event()

    def held() -> int:
        loop.call_soon_threadsafe(asked.set)
        answer.wait(60)
        return 1

    @event.listens_for(engine.sync_engine, "connect")
    def teach(connection, _record) -> None:
        connection.run_async(lambda there: there.create_function("held", 0, held))

    async with engine.begin() as db:
        await db.execute(text("CREATE TABLE written (n INTEGER)"))

    async def write() -> None:
        async with engine.begin() as db:
            await db.execute(text("INSERT INTO written VALUES (1)"))
            await db.execute(text("SELECT held() UNION ALL SELECT 2"))

    writing = asyncio.create_task(write())
    await asked.wait()
    for _ in range(times):
        writing.cancel()
        await asyncio.sleep(0)
    answer.set()
    # What it was cancelled in is kept, and with it the cursor of a statement that has more to say.
    ended = await asyncio.gather(writing, return_exceptions=True)
    assert [type(each) for each in ended] == [asyncio.CancelledError]
    async with engine.begin() as db:
        assert (await db.execute(text("SELECT count(*) FROM written"))).scalar_one() == 0
    await engine.dispose()
