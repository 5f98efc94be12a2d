"""A self-hosted GitHub App: agents turn issues into reviewed pull requests."""

import gc
import sys
from typing import Annotated

import typer

from app.cli import (
    action,
    audit,
    config,
    demo,
    doctor,
    evaluate,
    gate,
    notes,
    perspective_records,
    playground,
    review,
    runs,
    sandbox,
    serve,
    setup,
    worker,
)

_COLLECT_AFTER = 10_000
"""New objects. Python's 700 make it look through everything again and again while a command imports what it needs,
none of which is ever garbage: a tenth of the start of `quorum serve`. See https://docs.python.org/3/library/gc.html."""

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(f"quorum {version('quorum')}")
        raise typer.Exit


@app.callback()
def _begin(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version and end.")
    ] = False,
) -> None:
    del version  # its callback has done it


app.command("demo")(demo.demo)
app.command("playground")(playground.playground)
app.command("serve")(serve.serve)
app.command("worker")(worker.worker)
app.command("sandbox")(sandbox.sandbox)
app.command("doctor")(doctor.doctor)
app.command("review")(review.review)
app.command("action")(action.action)
app.command("evaluate")(evaluate.evaluate)
app.command("records")(perspective_records.records)
app.command("notes")(notes.notes)
app.add_typer(runs.app, name="runs")
app.add_typer(audit.app, name="audit")
app.add_typer(config.app, name="config")
app.add_typer(gate.app, name="gate")
app.add_typer(setup.app, name="setup")


def main() -> None:
    """The entry point. An error that says what to do is shown without a traceback."""
    gc.set_threshold(_COLLECT_AFTER, *gc.get_threshold()[1:])
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(130)
    except (ValueError, OSError) as error:
        sys.exit(f"quorum: {_told(error)}")
    except Exception as error:
        if not type(error).__module__.startswith(("sqlalchemy.", "psycopg.")):
            raise
        sys.exit(f"quorum: the database cannot be used ({_told(error)}); see QUORUM_DATABASE_URL")


def _told(error: Exception) -> str:
    """In one line, and in the words of who sets the variables."""
    if type(error).__name__ == "ValidationError" and getattr(error, "title", "") == "Settings":
        from app.settings import Settings
        from app.sources.faults import explain

        return explain(error, Settings.model_fields, {})  # type: ignore[arg-type]
    cause = getattr(error, "orig", None) or error
    return str(cause).partition("\n")[0] or type(error).__name__
