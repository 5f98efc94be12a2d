"""The worker itself: on an embedded GitHub, with a model over the wire and doorbells over a real Redis.

Nothing sends it webhooks: what it does, it was rung for or has found by itself.
"""

import asyncio
import json
import signal
import socket
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from celery.contrib.testing.worker import start_worker
from hosting import Hosted, begin_hosting
from starlette.responses import Response

from app import broker
from app.cli.serve import PrivateRedis
from app.jobs.worker import Worker, _register
from app.settings import Settings
from app.sources.spare import Spare
from tests.support.changed_settings import Changed
from tests.support.models import MessagesServer, message, say

WAIT_S = 180
ENDED = "SELECT number FROM runs WHERE finished_at IS NOT NULL AND number > 0"
ALL = "SELECT * FROM runs"


@dataclass
class House:
    hosted: Hosted
    settings: Settings
    server: MessagesServer
    asked: threading.Event
    silent: bool = True

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        path = self.settings.data_dir / "quorum.db"
        if not path.exists():
            return []
        with closing(sqlite3.connect(path)) as db:
            return db.execute(query).fetchall()

    def until(self, what: str, look: Callable[[], Any]) -> None:
        deadline = time.monotonic() + WAIT_S
        while not look():
            assert time.monotonic() < deadline, f"{what} did not come: {self.rows(ALL)}"
            time.sleep(0.02)

    def comments(self, issue: int) -> str:
        return "\n".join(each["body"] for each in self.hosted.repository.comments.values() if each["issue"] == issue)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A model that is silent until it is told to refuse; one label that nobody has heard of."""
    home = tmp_path_factory.mktemp("house")

    async def behave(_body: dict[str, Any]) -> Response:
        made.asked.set()
        while made.silent:  # noqa: ASYNC110 - it is another thread that ends the silence
            await asyncio.sleep(0.02)
        return message(say("I would rather not."), stop="refusal")

    with begin_hosting(home) as hosted, MessagesServer(behave) as server:
        settings = hosted.settings.model_copy(
            update={
                "model": "anthropic:claude-sonnet-5",
                "anthropic_base_url": server.url,
                "sweep_s": 3600.0,
                "write_gap_s": 0.0,
                "private_key_file": hosted.key_file,
            }
        )
        made = House(hosted, settings, server, threading.Event())
        yield made
        made.silent = False


def test_a_worker_that_is_stopped_lets_go_of_what_it_drives(house: House):
    """No webhook told of the label: the poll at the start finds it. The stop comes in the middle of a model's turn."""
    issue = house.hosted.labelled_issue()
    worker = Worker(house.settings)
    worker.start()
    house.until("the first question", house.asked.is_set)
    assert house.rows("SELECT state, number FROM runs WHERE lease_owner IS NOT NULL AND number > 0") == [
        ("running", issue)
    ]
    worker.stop()
    assert house.rows("SELECT state, lease_owner, lease_until, attempts FROM runs WHERE number > 0") == [
        ("queued", None, None, 0)
    ]
    assert ended_well(worker)


def test_the_next_worker_goes_on_and_outlives_runs_that_fail(house: House):
    """The model refuses, so the run ends in a report. A bell for nothing and a poisoned one follow, then a good one."""
    house.silent = False
    worker = Worker(house.settings)
    celery = broker.create(house.settings.broker_url)
    _register(celery, worker)
    redis = PrivateRedis(Path(house.settings.broker_url.removeprefix("redis+socket://")))
    house.settings.data_dir.mkdir(parents=True, exist_ok=True)
    with redis, start_worker(celery, pool="threads", perform_ping_check=False, shutdown_timeout=WAIT_S):
        worker.start()
        house.until("the first run's end", lambda: house.rows(ENDED))
        assert "Quorum stopped and needs a person" in house.comments(1)

        second = house.hosted.labelled_issue()
        deliver_later(house, "poison", 2**70)
        deliver_later(house, "good", second)
        for guid in ("never came", "poison", "good"):
            broker.ring(celery, "deliver", guid)
        house.until("the second run's end", lambda: len(house.rows(ENDED)) == 2)
        assert "needs a person" in house.comments(second)
        told = dict(house.rows("SELECT id, outcome FROM deliveries"))
        assert told == {"poison": "cannot be handled: OverflowError", "good": f"solve #{second}"}
        worker.stop()
    assert house.rows("SELECT DISTINCT state FROM runs WHERE number > 0") == [("failed",)]


def test_a_github_that_hangs_does_not_keep_deliveries_waiting(house: House):
    """The doorbell got lost and the poll gets no answer; the sweep finds the delivery all the same."""
    with socket.create_server(("127.0.0.1", 0)) as hanging:
        hanging.settimeout(WAIT_S)
        url = f"http://127.0.0.1:{hanging.getsockname()[1]}"
        worker = Worker(house.settings.model_copy(update={"github_url": url, "sweep_s": 0.1}))
        worker.start()
        with hanging.accept()[0]:
            deliver_later(house, "unrung", 2**70)
            handled = "SELECT 1 FROM deliveries WHERE id = 'unrung' AND handled_at IS NOT NULL"
            house.until("the sweep", lambda: house.rows(handled))
            worker.stop()
    assert ended_well(worker)


def ended_well(worker: Worker) -> bool:
    return worker._main is not None and worker._main.done() and worker._main.exception() is None


def deliver_later(house: House, guid: str, issue: int) -> None:
    """What the web process would have stored."""
    (installation,) = house.hosted.stage.world.installations.values()
    owner = {"login": "mona", "type": "User"}
    repository = {"id": house.hosted.repository.id, "name": house.hosted.repository.name, "owner": owner}
    body = {"action": "labeled", "issue": {"number": issue}, "label": {"name": "quorum"}, "sender": owner}
    payload = json.dumps({**body, "repository": repository, "installation": {"id": installation.id}}).encode()
    with closing(sqlite3.connect(house.settings.data_dir / "quorum.db", timeout=WAIT_S)) as db, db:
        row = (guid, "issues", payload, time.time() - 60)
        db.execute("INSERT INTO deliveries (id, event, body, received_at) VALUES (?, ?, ?, ?)", row)


def test_a_worker_that_cannot_begin_asks_its_process_to_end(house: House):
    """Celery would else go on listening for doorbells that nobody answers."""
    heard = threading.Event()
    before = signal.signal(signal.SIGTERM, lambda *_: heard.set())
    try:
        worker = Worker(house.settings.model_copy(update={"private_key_file": None}))
        worker.start()
        house.until("SIGTERM", heard.is_set)
        worker.heard("deliver", "good")
        worker.stop()
    finally:
        signal.signal(signal.SIGTERM, before)


def test_a_worker_can_be_stopped_before_it_has_begun(house: House):
    worker = Worker(house.settings)
    worker.stop()
    worker.start()
    house.until("its end", lambda: worker._main is not None and worker._main.done())
    assert ended_well(worker)


def test_a_worker_takes_up_new_settings_if_it_can_work_with_them(house: House, tmp_path: Path):
    """The file as it was when it last could is kept each time."""
    file = tmp_path / "quorum.toml"
    file.write_text("first")
    spare = Spare(tmp_path / "copy.toml", lambda: file, lambda: house.settings)
    worker = Worker(house.settings, None, "all", spare)
    worker.start()
    house.until("services", lambda: worker._services)
    before = worker._services
    assert spare.copy.read_text() == "first"
    file.write_text("second")
    wrong = Changed(house.settings.model_copy(update={"model": "nonsense"}), house.settings)
    worker._bridge.submit(worker.look_at_settings(wrong)).result(WAIT_S)
    assert worker._services is before
    assert not worker._turn.is_set()
    assert spare.copy.read_text() == "first"
    right = Changed(house.settings.model_copy(update={"concurrency": 3}), house.settings)
    worker._bridge.submit(worker.look_at_settings(right)).result(WAIT_S)
    house.until("new services", lambda: worker._services is not before)
    assert worker._settings.concurrency == right.now.concurrency == 3
    assert spare.copy.read_text() == "second"
    house.until("the next turn", lambda: not worker._turn.is_set())
    worker.stop()
    assert ended_well(worker)


def test_settings_that_change_while_a_change_is_taken_up_wait_for_the_next_turn(house: House):
    """Putting runs back takes its time, and a file may be written in it."""
    worker = Worker(house.settings)
    worker.start()
    house.until("services", lambda: worker._services)
    first = Changed(house.settings.model_copy(update={"concurrency": 3}), house.settings)
    second = Changed(house.settings.model_copy(update={"concurrency": 4}), house.settings)

    async def both() -> None:
        await worker.look_at_settings(first)
        await worker.look_at_settings(second)  # before anything else had a turn

    worker._bridge.submit(both()).result(WAIT_S)
    assert second.new is not None
    worker.stop()
    assert ended_well(worker)


def test_a_worker_goes_on_with_the_last_settings_that_could_be_worked_with(house: House, tmp_path: Path):
    """The file is right by itself, and what it names cannot be opened: no model is called that."""
    file, good = tmp_path / "quorum.toml", house.settings
    file.write_text("")
    bad = good.model_copy(update={"model": "nonsense"})
    spare = Spare(tmp_path / "copy.toml", lambda: file, lambda: good)
    spare.take()
    file.write_text("model = 'nonsense'")
    live = Changed(None, bad)
    worker = Worker(bad, live, "all", spare)
    worker.start()
    house.until("services", lambda: worker._services)
    assert (worker._settings.model, live.now) == (good.model, good)
    assert spare.copy.read_text() == ""
    worker.stop()
    assert ended_well(worker)
