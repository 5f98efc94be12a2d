"""`quorum` as a process of its own that need not import everything again, which is most of what its start takes."""

import os
import signal
import sys
from collections.abc import Mapping, Sequence
from multiprocessing import get_context
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from app.cli import main

_HEAVY = ["app.jobs.worker", "app.web.app", "app.cli.setting_up.command", "app.emulator.app", "uvicorn", __name__]


def start_quorum(words: Sequence[str], env: Mapping[str, str], folder: Path, log: Path) -> ForkServerProcess:
    """`env` is the whole environment. What it prints, and why it ended badly, goes into `log`."""
    context = get_context("forkserver")
    context.set_forkserver_preload(_HEAVY)
    process = context.Process(target=_become, args=(list(words), dict(env), folder, log))
    process.start()
    return process


def _become(words: list[str], env: dict[str, str], folder: Path, log: Path) -> None:
    out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(out, 1)
    os.dup2(out, 2)
    os.environ.clear()
    os.environ.update(env)
    os.chdir(folder)
    # What ignores Ctrl-C, as a job in the background does, hands that down.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    sys.argv = ["quorum", *words]
    main()
