"""`quorum config`: look at a policy file before it governs anything, at what it does, and at the settings."""

from pathlib import Path
from typing import Annotated

import typer

from app.cli import explain
from app.cli.files import parse_file

app = typer.Typer(help="Check the policy file of a repository, and see what it does.", no_args_is_help=True)


app.command("explain")(explain.explain)


@app.callback()
def config() -> None:
    """Check the policy file of a repository, and see what it does."""


@app.command()
def check(
    file: Annotated[Path, typer.Argument(help="The policy file.", show_default=True)] = Path(".github/quorum.yml"),
) -> None:
    """Say whether the file can be used, and what it asks for; else where its first fault is and what to write.

    What can be used but is surely not meant is warned of. The project's own perspectives are read from
    `quorum/perspectives/` beside the file.
    """
    from app.cli.own_files import read_own_beside
    from app.policy.advice import advice_on
    from app.policy.config import parse_policy

    beside = read_own_beside(file)
    policy = parse_file(file, lambda text: parse_policy(text, beside))
    for each in parse_file(file, lambda text: advice_on(text, beside)):
        typer.echo(f"{file}:{each.line}:{each.column}: warning: {each.message}\n  {each.remedy}", err=True)
    required = ", ".join(policy.required_perspectives)
    own = f" Own perspectives: {', '.join(each.name for each in policy.own)}." if policy.own else ""
    typer.echo(f"{file}: good. Required: {required}. Tests: {policy.test or 'no command'}.{own}")


@app.command()
def settings() -> None:
    """Print what every setting means, where it is set, and its default, as Markdown."""
    from app.settings import NEEDS_RESTART, Settings
    from app.sources.reference import render_reference

    typer.echo(render_reference(Settings.model_fields, NEEDS_RESTART), nl=False)


@app.command()
def schema() -> None:
    """Print the JSON Schema of the policy file, for editors."""
    import json

    from app.policy.config import policy_schema

    typer.echo(json.dumps(policy_schema(), indent=2))
