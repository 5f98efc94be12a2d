"""`quorum action`: the GitHub Action, the council in a workflow's job, with the job's token and without a server."""

import asyncio
import os
import secrets
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from app.cli.action.inputs import Inputs
    from app.cli.action.job import Job
    from app.cli.action.told import Told
    from app.settings import Settings


_MAY_NOT = (
    "See that the job has the `permissions` that docs/action.md names, or that `github-token`, where you set it, is "
    "not empty, has not expired and may do as much in this repository. Then re-run the job."
)


def action() -> None:
    """Review the pull request that a workflow's job is for, or work on its issue; docs/action.md tells how.

    Ends with 0 if all is fine or nobody could judge, with 1 if something grave was found, with 2 if it failed.
    """
    from app import telemetry
    from app.cli.action.inputs import Inputs, read_inputs
    from app.cli.action.job import read_job
    from app.cli.action.told import tell_failure

    telemetry.configure(sys.stderr, form="console", level="ERROR")
    sys.stdout.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    job, inputs = read_job(os.environ), Inputs()
    try:
        inputs = read_inputs(os.environ)
    except ValueError as error:
        told = tell_failure(_safe(error), "Mend the step's `with:`; docs/action.md lists all inputs.")
    else:
        with _unheard():
            told = _work_or_fail(job, inputs)
    _tell(job, inputs, told)
    raise typer.Exit(told.code)


@contextmanager
def _unheard() -> "Iterator[None]":
    """Whatever is printed meanwhile, the runner takes no line of it for a command: the words of strangers may be in it.

    https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#stopping-and-starting-workflow-commands
    """
    mark = secrets.token_hex(16)
    sys.stdout.write(f"::stop-commands::{mark}\n")
    sys.stdout.flush()
    try:
        yield
    finally:
        sys.stderr.flush()
        sys.stdout.write(f"::{mark}::\n")
        sys.stdout.flush()


def _work_or_fail(job: "Job", inputs: "Inputs") -> "Told":
    """Whatever goes wrong, the page of the run says so, and what to do."""
    from app import telemetry
    from app.cli.action.told import tell_failure
    from app.cli.reviewing.errors import ReviewError
    from app.forge.errors import ForgeError

    for secret in inputs.secrets:
        telemetry.register_secret(secret)
    try:
        return asyncio.run(_work(job, inputs))
    except ReviewError as error:
        return tell_failure(_safe(error), error.remedy)
    except ForgeError as error:
        return tell_failure(f"GitHub: {_safe(error)}", _MAY_NOT)
    except Exception as error:
        # A step that broke off without a word would be taken for one that found something grave.
        first = _first(error)
        telemetry.logger("app.cli.action").error("it could not be done", exc_info=first)
        return tell_failure(_safe(first), "Mend that and re-run the job; its log tells more.")


def _first(error: Exception) -> Exception:
    """Reviewers read side by side; who fails first ends the others."""
    return _first(error.exceptions[0]) if isinstance(error, ExceptionGroup) else error


def _safe(error: Exception) -> str:
    """Its words, without secrets, and harmless as Markdown."""
    from app.forge.clean import clean_markdown
    from app.telemetry import redact

    return clean_markdown(redact(str(error) or type(error).__name__)[:2000])


async def _work(job: "Job", inputs: "Inputs") -> "Told":
    from app.cli.action.checkout import checked_out
    from app.cli.action.deciding import Look, decide, refuse_checkout, unfit
    from app.cli.action.event import read_pull_event
    from app.cli.action.reviewing import Errand, review_pull
    from app.cli.action.told import tell_decision, tell_failure

    if not inputs.github_token.get_secret_value():
        return tell_failure("there is no token for GitHub", _MAY_NOT)
    settings = _settings(job, inputs)
    if inputs.mode == "solve":
        from app import telemetry
        from app.cli.action.solving import solve_issue

        telemetry.configure(sys.stderr, form="console", level="INFO")  # it can take an hour
        return await solve_issue(settings, inputs, job)
    other = unfit(job.event_name)
    if other is not None:
        return tell_decision(other)
    pull = read_pull_event(job.event)
    decision = decide(job.event_name, pull, job.actor, missing=settings.missing)
    if isinstance(decision, Look) and job.event_name == "pull_request_target":
        decision = refuse_checkout(pull, await checked_out(job.workspace)) or decision
    if isinstance(decision, Look):
        return await review_pull(Errand(settings, inputs, job, pull, decision))
    return tell_decision(decision)


def _settings(job: "Job", inputs: "Inputs") -> "Settings":
    """The inputs go before what the job's environment says under the names that Quorum has elsewhere."""
    from app.settings import Settings

    here = {"github_url": job.server_url, "data_dir": job.temp / "quorum", "app_id": 0, "app_slug": "github-actions"}
    return Settings(**{**here, **inputs.providers})  # type: ignore[arg-type]


def _tell(job: "Job", inputs: "Inputs", told: "Told") -> None:
    from app.cli.action.commands import annotations, command
    from app.cli.action.sarif_file import write_sarif

    job.tell_summary(told.page)
    outputs = {
        "verdict": told.verdict,
        "findings": "0",
        "cost-usd": "0",
        "sarif-file": "",
        "pull-request": "",
        **told.outputs,
    }
    if told.review is not None:
        outputs["sarif-file"] = write_sarif(job, inputs, told.review)
    for name, value in outputs.items():
        job.tell_output(name, value)
    if told.annotate and told.review is not None:
        for line in annotations(told.review.remarks):
            sys.stdout.write(f"{line}\n")
    if told.verdict == "failed":
        sys.stdout.write(f"{command('error', told.page, {'title': 'Quorum'})}\n")
    sys.stdout.write(f"Quorum: {told.verdict}; the page of this run's summary tells the rest.\n")
