"""`quorum config`: look at a policy file before it governs anything."""

from pathlib import Path
from typing import Annotated, NoReturn

import typer

app = typer.Typer(help="Check the policy file of a repository.", no_args_is_help=True)


@app.callback()
def config() -> None:
    """Check the policy file of a repository."""


@app.command()
def check(
    file: Annotated[Path, typer.Argument(help="The policy file.", show_default=True)] = Path(".github/quorum.yml"),
) -> None:
    """Say whether the file can be used, and what it asks for; else where its first fault is and what to write."""
    from app.policy.config import parse_policy
    from app.policy.errors import PolicyError

    try:
        policy = parse_policy(_read(file))
    except PolicyError as error:
        _fail(f"{file}:{error.line}:{error.column}: {error.message}", error.remedy)
    required = ", ".join(policy.required_perspectives)
    typer.echo(f"{file}: good. Required: {required}. Tests: {policy.test or 'no command'}.")


@app.command()
def schema() -> None:
    """Print the JSON Schema of the policy file, for editors."""
    import json

    from app.policy.config import policy_schema

    typer.echo(json.dumps(policy_schema(), indent=2))


def _read(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        _fail(f"{file}: there is no such file", "Without one the built-in policy applies; an empty file is the same.")
    except OSError as error:
        _fail(f"{file}: it cannot be read: {error.strerror}", "Name a file that you may read.")
    except UnicodeDecodeError as error:
        _fail(f"{file}: byte {error.start} is not UTF-8", "Save the file as UTF-8.")


def _fail(message: str, remedy: str) -> NoReturn:
    typer.echo(message, err=True)
    typer.echo(f"  {remedy}", err=True)
    raise typer.Exit(1)
