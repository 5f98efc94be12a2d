"""A decision that was made for somebody at the command line: shown as a tree, or as JSON."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict

import typer
from rich.text import Text
from rich.tree import Tree

from app.cli.tree import decision_tree, plain, statements_tree, terminal
from app.policy.decision import Decision
from app.policy.missing import Missing
from app.store.statements import Statement

_WAYS = {
    "pending": "goes on by itself",
    "error": "needs a person",
    "blocked": "needs a change or an answer",
    "approved": "",
}


def show_decision(
    heading: Sequence[str], decision: Decision, missing: Sequence[Missing], said: Sequence[Statement] | None, diff: str
) -> None:
    """`said` None: nothing is on record, as the pull request is only described."""
    console = terminal()
    for line in heading:
        console.print(Text(plain(line)))
    console.print(decision_tree(decision))
    if missing:
        console.print(_missing_tree(missing))
    if said is not None:
        console.print(statements_tree(said, diff))


def print_json(value: object) -> None:
    """In ASCII, so that nothing in it can steer a terminal."""
    typer.echo(json.dumps(value, indent=2, ensure_ascii=True, default=str))


def decision_json(decision: Decision, missing: Sequence[Missing], **more: object) -> Mapping[str, object]:
    return {**more, **asdict(decision), "missing": [asdict(each) for each in missing]}


def _missing_tree(missing: Sequence[Missing]) -> Tree:
    tree = Tree(Text("what is missing", "bold"), guide_style="dim")
    for each in missing:
        line = tree.add(Text.assemble((plain(each.rule), "bold"), f": {plain(each.todo)}"))
        line.add(Text(_WAYS[each.status], "dim"))
        if each.override:
            line.add(Text(f"may be overridden by {plain(each.override)}", "dim"))
    return tree
