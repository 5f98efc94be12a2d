"""`quorum worker`: drive runs until told to stop."""

from enum import StrEnum
from pathlib import Path
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
    spare: Annotated[Path | None, typer.Option(hidden=True, help="Where settings that can be used are kept.")] = None,
) -> None:
    """Work on runs. Start as many as you like; each needs the same settings."""
    import sys

    from app import telemetry
    from app.jobs.worker import run_worker
    from app.settings import NEEDS_RESTART, Settings
    from app.sources.file import SettingsError
    from app.sources.live import Live
    from app.sources.spare import Spare

    def find() -> Path | None:
        return Settings.file(words or ())

    def load() -> Settings:
        return Settings.load(words or ())

    telemetry.configure(sys.stderr)
    kept = None if spare is None else Spare(spare, find, load)
    try:
        settings = load()
    except SettingsError as error:
        if kept is None:
            raise
        settings = kept.last(error)
    settings.require_credentials()
    if settings.missing:
        sys.stderr.write(f"{settings.missing} is not set, so that no model can be asked; `quorum doctor` says more\n")
    live = Live(settings, load, NEEDS_RESTART, find)
    run_worker(settings, live, "all" if only is None else only.value, kept)
