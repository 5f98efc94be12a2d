"""`quorum serve` whose worker kills itself at chosen places of the journal. A program of its own, not a test.

DOOM is a folder: `points` has a line for each place (`workflow/step moment`), and a file named after its number is made
before the worker dies there, so that it dies once at each. After a death every run that was at work must finish a step
before the next one: a run that gets nowhere in five lives is given up, as it should be.
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
        arm(Doom(Path(os.environ["DOOM"])))
        fork_workers()


def fork_workers() -> None:
    """Start one worker after the other. Forks save the imports, and the proof that the sandbox holds is given once."""
    box = asyncio.run(wiring._proven(wiring._sandbox(Settings())))

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


class Doom:
    """Where to die next. `resting` names the runs that must finish a step before that."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._points = (folder / "points").read_text().splitlines()
        self._resting = folder / "resting"
        self._at_work: set[str] = set()

    def around(self, run, name, do):
        where = place(run.workflow, name)

        async def act():
            self._at_work.add(run.id)
            self._perhaps_die(f"{where} before")
            try:
                value = await do()
            except BaseException:
                self.finished(run)  # it sleeps or ends of itself
                raise
            self._perhaps_die(f"{where} after")
            return value

        return act

    def finished(self, run) -> None:
        self._at_work.discard(run.id)
        if self._resting.exists():
            waiting = set(self._resting.read_text().split()) - {run.id}
            self._resting.write_text("\n".join(waiting))
            if not waiting:
                self._resting.unlink()

    def _perhaps_die(self, point: str) -> None:
        if point not in self._points or self._resting.exists():
            return
        mark = self._folder / f"died-{self._points.index(point)}"
        if not mark.exists():
            mark.touch()
            self._resting.write_text("\n".join(self._at_work))
            os.kill(os.getpid(), signal.SIGKILL)


def arm(doom: Doom) -> None:
    async def step(ctx, name, do, *, again=None, **options):
        again = again and doom.around(ctx.run, name, again)
        return await plain_step(ctx, name, doom.around(ctx.run, name, do), again=again, **options)

    async def effect(ctx, name, do, find, *, first=None):
        first = first and doom.around(ctx.run, name, first)
        return await plain_effect(ctx, name, doom.around(ctx.run, name, do), find, first=first)

    async def finish(database, run, *args, **options):
        await finish_step(database, run, *args, **options)
        doom.finished(run)

    plain_step, plain_effect = engine.Context.step, engine.Context.effect
    engine.Context.step, engine.Context.effect, engine.finish_step = step, effect, finish


if __name__ == "__main__":
    main()
