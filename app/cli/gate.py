"""`quorum gate`: try a policy on a pull request, and look at what was decided."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.files import fail, parse_file

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.policy.config import Policy
    from app.policy.decision import Decision
    from app.policy.missing import Missing

app = typer.Typer(no_args_is_help=True, help="What the gate would decide, and what it has decided.")

_UNUSABLE = 2
"""How `simulate` ends when nothing could be decided: 1 says that the gate would be closed."""
_Json = Annotated[bool, typer.Option("--json", help="Print it as JSON.")]


@app.command()
def simulate(
    policy: Annotated[Path | None, typer.Option(help="A policy file; without it, the one in force.")] = None,
    facts: Annotated[Path | None, typer.Option(help="A described pull request; see --example.")] = None,
    pull: Annotated[str, typer.Option(metavar="PULL", help="A real one: OWNER/REPO#NUMBER or its address.")] = "",
    proposed: Annotated[Path | None, typer.Option(help="The policy that the described one puts in place.")] = None,
    as_json: _Json = False,
    example: Annotated[bool, typer.Option("--example", help="Print a described pull request.")] = False,
) -> None:
    """Decide about a pull request that is described in a file, or about a real one by another policy.

    Ends with 0 if it would be approved, with 1 if not, with 2 if nothing could be decided.
    """
    from app.cli.deciding import decision_json, print_json, show_decision

    if example:
        from app.policy.described_example import EXAMPLE

        typer.echo(EXAMPLE, nl=False)
        return
    if bool(pull) == (facts is not None):
        fail("--facts FILE or --pull PULL: one of them is needed", "--example prints a file for --facts.", _UNUSABLE)
    if pull and proposed is not None:
        fail("--proposed is for described pull requests", "A real one brings its own policy along.", _UNUSABLE)
    if facts is not None:
        heading, decision, missing = _of_description(facts, policy, proposed)
    else:
        heading, decision, missing = _of_pull(pull, policy)
    if as_json:
        print_json(decision_json(decision, missing))
    else:
        show_decision(heading, decision, missing, None, "")
    raise typer.Exit(0 if decision.status == "approved" else 1)


@app.command()
def show(
    repository: Annotated[str, typer.Argument(metavar="OWNER/REPO", help="The repository.")],
    number: Annotated[int, typer.Argument(metavar="NUMBER", min=1, help="The pull request's number.")],
    every: Annotated[bool, typer.Option("--all", help="Every decision, not only the newest of each head.")] = False,
    as_json: _Json = False,
) -> None:
    """Show what was decided about a pull request and what people said, from the database alone.

    Each decision is shown with what it was made by: the policy's hash, the base commit, the diff's fingerprint.
    """
    from app.cli.pulls import parse_repository
    from app.cli.records import print_record, read_record, show_record
    from app.settings import Settings

    name = parse_repository(repository)
    record = asyncio.run(read_record(Settings().database_url, name, number, every=every))
    (print_record if as_json else show_record)(record)


_Decided = tuple[list[str], "Decision", "tuple[Missing, ...]"]


def _of_description(facts: Path, policy: Path | None, proposed: Path | None) -> _Decided:
    from app.policy.config import POLICY_PATH, Policy
    from app.policy.described import parse_described
    from app.policy.gate import decide
    from app.policy.missing import missing_of

    here = Path(POLICY_PATH)
    file = policy or (here if here.is_file() else None)
    by = Policy() if file is None else _parse_with_own(file)
    other = None if proposed is None else _parse_with_own(proposed)
    own = (*by.own, *(other.own if other is not None else ()))
    described = parse_file(facts, lambda text: parse_described(text, own), _UNUSABLE)
    decision = decide(described.facts(), by, other)
    return [f"{facts} by {file or 'the built-in policy'}"], decision, missing_of(decision, by, other)


def _parse_with_own(file: Path) -> "Policy":
    """With the project's own perspectives that lie beside it."""
    from app.cli.own_files import read_own_beside
    from app.policy.config import parse_policy

    own = read_own_beside(file)
    return parse_file(file, lambda text: parse_policy(text, own), _UNUSABLE)


def _of_pull(pull: str, policy: Path | None) -> _Decided:
    from dataclasses import replace

    from app.cli.asking import ask
    from app.cli.explain import heading
    from app.cli.pulls import parse_pull
    from app.policy.gate import decide
    from app.policy.missing import missing_of
    from app.settings import Settings

    settings = Settings()
    name = parse_pull(pull, settings.github_url)
    tried = None if policy is None else _parse_with_own(policy)
    try:
        asked = asyncio.run(ask(settings, name, tried))
    except ValueError as error:
        fail(f"quorum: {error}", "Nothing was decided.", _UNUSABLE)
    gathered, facts = asked.gathered, asked.gathered.facts
    told = [str(name), *heading(asked)]
    if tried is not None:
        facts = replace(facts, policy_source="base", policy_error=None)
        told += [f"decided by {policy} instead of it", *_reviewed_anew(gathered.policy, tried, gathered.change.files)]
    by = tried or gathered.policy
    decision = decide(facts, by, gathered.proposed.policy)
    return told, decision, missing_of(decision, by, gathered.proposed.policy)


def _reviewed_anew(policy: "Policy", tried: "Policy", changed: "Sequence[str]") -> list[str]:
    """What a review said is worth nothing under a policy that has the diff looked at in another way."""
    from app.policy.words import words_on

    keys = [(each.test, each.set_aside) for each in (policy, tried)]
    words = [words_on(each, changed).digested for each in (policy, tried)]
    if keys[0] == keys[1] and words[0] == words[1]:
        return []
    other = "`test` or `set_aside`" if keys[0] != keys[1] else "words of the project on these files"
    return [f"it has another {other}: once it is in force, everything is reviewed anew"]
