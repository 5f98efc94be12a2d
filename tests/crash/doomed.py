"""`quorum serve` whose worker kills itself at chosen places of the journal. A program of its own, not a test.

DOOM is a folder: `points` has a line for each place (`workflow/step moment`), and a file named after its number is made
before the worker dies there, so that it dies once at each. After a death one step must come to its end before the
next one, as it would with any real fault that does not strike everywhere at once.
"""

import asyncio
import ctypes
import os
import re
import signal
import sys
from pathlib import Path

import app.jobs.worker  # noqa: F401 - so that forks have it
from app import wiring
from app.cli import serve as serving
from app.cli import worker as working
from app.runs import engine
from app.runs.journal import finish_step
from app.sandbox.bubblewrap import Bubblewrap
from app.settings import Settings

_IDS = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27,}|[0-9a-f]{40}|\b\d{4,}\b")


def place(workflow: str, step: str) -> str:
    return f"{workflow}/{_IDS.sub('#', step)}"


def main() -> None:
    if sys.argv[1] == "serve":
        serving._RESTART_S = 0.05
        mine = serving.Supervised.__init__
        command = [sys.executable, __file__, "workers"]
        serving.Supervised.__init__ = lambda self, _command: mine(self, command)
        serving.serve()
    else:
        arm(Path(os.environ["DOOM"]))
        fork_workers()


def fork_workers() -> None:
    """Start one worker after the other. Forks save the imports, and the proof that the sandbox holds is given once."""
    box = asyncio.run(wiring._proven(Bubblewrap(Settings().toolchains)))

    async def proven(_box):
        return box

    wiring._proven = proven
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    child = 0
    try:
        while True:
            child = os.fork()
            if child == 0:
                signal.signal(signal.SIGTERM, signal.SIG_DFL)
                ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG: never outlive the parent
                working.worker()
                os._exit(0)
            os.waitpid(child, 0)
    finally:
        if child:
            os.kill(child, signal.SIGTERM)
            os.waitpid(child, 0)


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

    def doomed(run, name, do):
        async def act():
            perhaps_die(place(run.workflow, name), "before")
            value = await do()
            perhaps_die(place(run.workflow, name), "after")
            return value

        return act

    async def step(ctx, name, do, *, again=None):
        again = again and doomed(ctx.run, name, again)
        return await plain_step(ctx, name, doomed(ctx.run, name, do), again=again)

    async def effect(ctx, name, do, find):
        return await plain_effect(ctx, name, doomed(ctx.run, name, do), find)

    async def finish(*args, **options):
        await finish_step(*args, **options)
        resting.unlink(missing_ok=True)

    plain_step, plain_effect = engine.Context.step, engine.Context.effect
    engine.Context.step, engine.Context.effect, engine.finish_step = step, effect, finish


if __name__ == "__main__":
    main()
