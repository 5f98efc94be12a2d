"""A self-hosted GitHub App: agents turn issues into reviewed pull requests."""

import sys

import typer

from app.cli import audit, config, demo, doctor, runs, serve, worker

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__)
app.command("demo")(demo.demo)
app.command("serve")(serve.serve)
app.command("worker")(worker.worker)
app.command("doctor")(doctor.doctor)
app.add_typer(runs.app, name="runs")
app.add_typer(audit.app, name="audit")
app.add_typer(config.app, name="config")


def main() -> None:
    """The entry point. An error that says what to do is shown without a traceback."""
    try:
        app()
    except (ValueError, OSError) as error:
        sys.exit(f"quorum: {error}")
