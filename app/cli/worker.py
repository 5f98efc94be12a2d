"""`quorum worker`: drive runs until told to stop."""

from enum import StrEnum
from typing import Annotated

import typer


class Part(StrEnum):
    RUNS = "runs"
    SWEEPS = "sweeps"


_ONLY = (
    "`runs`: drive runs and never look for more; `sweeps`: only look for what was missed. Together they are a worker."
)


def worker(
    words: Annotated[list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="A setting.")] = None,
    only: Annotated[Part | None, typer.Option(help=_ONLY)] = None,
) -> None:
    """Work on runs. Start as many as you like; each needs the same settings."""
    import sys

    from app import telemetry
    from app.jobs.worker import run_worker
    from app.settings import NEEDS_RESTART, Settings
    from app.sources.live import Live

    telemetry.configure(sys.stderr)
    settings = Settings.load(words or ())
    settings.require_credentials()
    if settings.lacking:
        sys.stderr.write(f"{settings.lacking} is not set, so that no model can be asked; `quorum doctor` says more\n")
    live = Live(settings, lambda: Settings.load(words or ()), NEEDS_RESTART)
    run_worker(settings, live, "all" if only is None else only.value)
