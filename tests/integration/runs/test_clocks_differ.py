"""A lease ends by the database's clock: those of several machines differ."""

import time

import pytest

from app.policy.request import RunRequest
from app.policy.values import Repo
from app.runs import lease
from app.runs.admission import request_run
from app.store.engine import open_database
from app.store.work import work
from tests.support.databases import fresh_database, migrated_template

ASKED = RunRequest("solve", Repo(1, 7, "mona", "sample"), 1, "k", "finished", "s")


class Ahead:
    """The clock of a machine that is an hour ahead, or behind."""

    def __init__(self, by_s: float) -> None:
        self.time = lambda: time.time() + by_s


@pytest.mark.parametrize("renewed", [False, True])
async def test_a_machine_whose_clock_is_wrong_takes_no_run_whose_worker_lives(
    postgres: str, monkeypatch: pytest.MonkeyPatch, *, renewed: bool
):
    with fresh_database(postgres, migrated_template(postgres)) as url:
        engine = open_database(url)
        async with work(engine) as db:
            await request_run(db, ASKED)
        monkeypatch.setattr(lease, "time", Ahead(-3600))
        (run,) = await lease.claim(engine, "behind", 60.0)
        if renewed:
            await lease.renew(engine, "behind", [run.id], 60.0)
        monkeypatch.setattr(lease, "time", Ahead(3600))
        assert not await lease.claim(engine, "ahead", 60.0)
        await engine.dispose()
