"""`quorum review`: the council's word on a work tree, before anything is pushed."""

import asyncio
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.policy.finding import Severity

if TYPE_CHECKING:
    from app.cli.reviewing.outcome import Review
    from app.settings import Settings

_COULD_NOT = 2


class Format(StrEnum):
    TEXT = "text"
    JSON = "json"
    SARIF = "sarif"
    MARKDOWN = "markdown"


def review(
    base: Annotated[str, typer.Option(help="What the work is held against; else the default branch.")] = "",
    perspective: Annotated[list[str] | None, typer.Option(help="Ask only this one; can be repeated.")] = None,
    as_: Annotated[Format, typer.Option("--format", help="How the review is printed.")] = Format.TEXT,
    fail_on: Annotated[Severity, typer.Option(help="From which severity on to end with 1.")] = Severity.MAJOR,
) -> None:
    """Review the work tree you are in: what is committed since the base, and what is not yet.

    Your repository is not changed. Without a model (no ANTHROPIC_API_KEY) only the analyzers look.
    Ends with 0 if all is fine, with 1 if something grave was found, with 2 if it could not be reviewed.
    """
    from app import telemetry
    from app.cli.reviewing.outcome import exit_code

    telemetry.configure(sys.stderr, form="console", level="ERROR")
    only = tuple(dict.fromkeys(perspective or ()))
    done = _review_or_fail(base, only)
    _print(done, as_, fail_on)
    raise typer.Exit(exit_code(done, fail_on))


def _review_or_fail(base: str, only: tuple[str, ...]) -> "Review":
    """Whatever goes wrong, it was not reviewed, and the command says so by its code."""
    from app.cli.files import fail
    from app.cli.reviewing.errors import ReviewError
    from app.gitcmd import GitError
    from app.llm.errors import ModelError
    from app.sandbox.errors import SandboxError
    from app.settings import Settings

    try:
        return asyncio.run(_review(Settings(), base, only))
    except ReviewError as error:
        fail(str(error), error.remedy, _COULD_NOT)
    except TimeoutError:
        fail("git took too long", "See whether the disk is slow, or ignore what need not be read.", _COULD_NOT)
    except ExceptionGroup as group:
        fail(f"it could not be reviewed: {_first(group)}", "Mend that and start it again.", _COULD_NOT)
    except (GitError, SandboxError, ModelError, ValueError, OSError) as error:
        fail(f"it could not be reviewed: {error}", "Mend that and start it again.", _COULD_NOT)


def _first(group: ExceptionGroup) -> Exception:
    """Reviewers read side by side; who fails first ends the others."""
    error = group.exceptions[0]
    return _first(error) if isinstance(error, ExceptionGroup) else error


async def _review(settings: "Settings", base: str, only: tuple[str, ...]) -> "Review":
    from app.cli.reviewing.base import find_base
    from app.cli.reviewing.judging import review_work
    from app.cli.reviewing.project import open_project
    from app.cli.tree import plain

    project = await open_project(await asyncio.to_thread(Path.cwd))
    against = await find_base(project, base)
    typer.echo(plain(f"reviewing {project.root} against {against.name} ({against.why})"), err=True)
    return await review_work(settings, project, against, only)


def _print(done: "Review", form: Format, fail_on: Severity) -> None:
    from app.cli.deciding import print_json
    from app.cli.reviewing.as_json import review_json
    from app.cli.reviewing.in_markdown import render_markdown
    from app.cli.reviewing.in_sarif import review_sarif
    from app.cli.reviewing.in_terminal import show_review

    match form:
        case Format.TEXT:
            show_review(done)
        case Format.JSON:
            print_json(review_json(done, fail_on))
        case Format.SARIF:
            print_json(review_sarif(done, fail_on))
        case Format.MARKDOWN:
            typer.echo(render_markdown(done), nl=False)
