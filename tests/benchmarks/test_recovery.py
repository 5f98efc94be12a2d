"""How long a run stands still when its worker is killed, with the settings that everybody has."""

import time
from pathlib import Path

import psutil
import pytest

from tests.support.stories import SCRIPT, Theatre

PROMISED_S = 75.0


def test_the_next_step_after_a_kill(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUORUM_DATA_DIR", str(tmp_path))
    with Theatre(f"scripted:{SCRIPT}", QUORUM_LEASE_S="60", QUORUM_SWEEP_S="15") as theatre:
        story = theatre.set_up()
        theatre.start()
        story.label(1)
        theatre.until("a few steps", lambda: len(ends(theatre)) >= 5)
        workers = [each for each in psutil.Process(theatre.process.pid).children() if "worker" in each.cmdline()]
        workers[0].kill()
        killed_at = time.time()
        next_at = theatre.until(
            "the next step", lambda: min(filter(killed_at.__lt__, ends(theatre)), default=None), 300
        )
    seconds = next_at - killed_at
    told = f"the next step came {seconds:.0f} s after SIGKILL"
    print(f"\n{told}: {seconds / PROMISED_S:.2f} of the {PROMISED_S:.0f} s promised")


def ends(theatre: Theatre) -> list[float]:
    return [at for (at,) in theatre.rows("SELECT finished_at FROM steps WHERE finished_at IS NOT NULL")]
