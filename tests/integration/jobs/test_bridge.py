"""Where Celery's threads meet the loop."""

import asyncio
import subprocess
import sys
import threading
from concurrent.futures import CancelledError
from pathlib import Path

import pytest

from app.jobs.bridge import Bridge

WAIT_S = 60


@pytest.fixture(scope="module")
def bridge() -> Bridge:
    started = Bridge()
    started.start()
    return started


def test_work_of_many_threads_is_done_on_one_loop(bridge: Bridge):
    async def where() -> int:
        return threading.get_ident()

    asked: list[int] = []
    threads = [threading.Thread(target=lambda: asked.append(bridge.submit(where()).result(WAIT_S))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT_S)
    assert len(asked) == 8
    assert len(set(asked)) == 1
    assert threading.get_ident() not in asked


def test_work_that_fails_is_told_of_to_who_asked_and_the_loop_goes_on(bridge: Bridge):
    async def fail() -> None:
        raise KeyError("no")

    async def fine() -> str:
        return "fine"

    with pytest.raises(KeyError):
        bridge.submit(fail()).result(WAIT_S)
    assert bridge.submit(fine()).result(WAIT_S) == "fine"


def test_work_can_be_cancelled_from_another_thread(bridge: Bridge):
    begun, ended = threading.Event(), threading.Event()

    async def wait() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    asked = bridge.submit(wait())
    assert begun.wait(WAIT_S)
    asked.cancel()
    assert ended.wait(WAIT_S)
    with pytest.raises(CancelledError):
        asked.result(WAIT_S)


STALLS = """
import threading
from app.jobs import bridge

bridge._STALL_S = bridge._BEAT_S = 0.05
started = bridge.Bridge()
started.start()

async def block():
    threading.Event().wait()

started.submit(block())
threading.Event().wait()
"""


def test_a_loop_that_stalls_ends_the_process_so_that_its_runs_go_on_elsewhere():
    root = Path(__file__).parents[3]
    command = [sys.executable, "-c", STALLS]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 70, done.stderr
    assert "stalled" in done.stdout + done.stderr
