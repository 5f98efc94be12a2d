"""`quorum serve` whose worker kills itself at chosen places of the journal. A program of its own, not a test.

DOOM is a folder: `points` has a line for each place (`workflow/step moment`), and a file named after its number is made
before the worker dies there, so that it dies once at each. After a death one step must come to its end before the
next one, as it would with any real fault that does not strike everywhere at once.
"""

import os
import re
import signal
import sys
from pathlib import Path

from app.cli import serve as serving
from app.cli import worker as working
from app.runs import engine
from app.runs.journal import begin_step, finish_step

_IDS = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27,}|[0-9a-f]{40}|\b\d{4,}\b")


def place(workflow: str, step: str) -> str:
    return f"{workflow}/{_IDS.sub('#', step)}"


def main() -> None:
    if sys.argv[1] == "serve":
        serving._RESTART_S = 0.05
        mine = serving.Supervised.__init__
        command = [sys.executable, __file__, "worker"]
        serving.Supervised.__init__ = lambda self, _command: mine(self, command)
        serving.serve()
    else:
        arm(Path(os.environ["DOOM"]))
        working.worker()


def arm(folder: Path) -> None:
    points = (folder / "points").read_text().splitlines()
    resting = folder / "resting"

    def perhaps_die(where: str, moment: str) -> None:
        point = f"{where} {moment}"
        if point not in points or resting.exists():
            return
        mark = folder / f"died-{points.index(point)}"
        if not mark.exists():
            mark.touch()
            resting.touch()
            os.kill(os.getpid(), signal.SIGKILL)

    async def begin(database, run, name, kind):
        begun = await begin_step(database, run, name, kind)
        if begun.finished_at is None:
            perhaps_die(place(run.workflow, name), "before")
        return begun

    async def finish(database, run, name, value):
        perhaps_die(place(run.workflow, name), "after")
        await finish_step(database, run, name, value)
        resting.unlink(missing_ok=True)

    engine.begin_step, engine.finish_step = begin, finish


if __name__ == "__main__":
    main()
