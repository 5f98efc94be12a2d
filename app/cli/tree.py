"""A decision as a tree in the terminal. The words of others are only text: no markup, no control characters."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from rich.console import Console
from rich.text import Text
from rich.tree import Tree

from app.forge.visible import only_visible
from app.policy.decision import Decision, Node, Status
from app.store.statements import Statement

_WORDS: dict[Status, tuple[str, str]] = {
    "approved": ("approved", "green"),
    "blocked": ("blocked", "bold red"),
    "pending": ("waiting", "yellow"),
    "error": ("needs a person", "bold yellow"),
}
_QUOTES = 10
_QUOTE_CHARS = 300
_PIPE_COLUMNS = 200
"""Where nobody looks, lines are broken late, so that they can be searched."""


def terminal() -> Console:
    """Nothing in what is printed is taken for markup or turned into an emoji."""
    console = Console(markup=False, highlight=False, emoji=False)
    return console if console.is_terminal else Console(markup=False, highlight=False, emoji=False, width=_PIPE_COLUMNS)


def plain(text: str) -> str:
    """Words of others in one line, cut: no escape sequence, nothing invisible, no end of the line."""
    line = " ".join(only_visible(text[: 4 * _QUOTE_CHARS]).split())
    return line if len(line) <= _QUOTE_CHARS else f"{line[:_QUOTE_CHARS]}..."


def decision_tree(decision: Decision) -> Tree:
    """Every rule with its status and the reason for it; then those that do not apply, dimmed."""
    tree = node_tree(decision.title, decision.node)
    for note in decision.notes:
        tree.add(Text(f"note: {plain(note)}", "yellow"))
    if decision.skipped:
        branch = tree.add(Text("rules that do not apply", "dim"))
        for node in decision.skipped:
            because = node.because.removeprefix("does not apply: ")
            _quote(branch.add(Text(f"{plain(node.rule)}: {plain(because)}", "dim")), node.quotes)
    return tree


def node_tree(title: str, node: Node) -> Tree:
    """A decision that is on record."""
    word, style = _WORDS[node.status]
    tree = Tree(Text.assemble((word, style), ": ", (plain(title), "bold")), guide_style="dim")
    _grow(tree, node.children)
    return tree


def statements_tree(said: Sequence[Statement], fingerprint: str | None = None) -> Tree:
    """What people said, with their permission of then. `fingerprint`: the diff as it is now, if that is known."""
    tree = Tree(Text("what people said", "bold"), guide_style="dim")
    for each in said:
        kind = each.kind.replace("_", " ")
        target = f" of {each.target}" if each.kind in {"override", "dismissal", "no_advice", "not_wanted"} else ""
        line = tree.add(Text(plain(f"{kind}{target} by {each.login}, who had {each.permission}, {when(each.at)}")))
        line.add(Text(f"at {each.head_sha[:12]}, {_diff(each, fingerprint)}", "dim"))
        if each.withdrawn or each.removed:
            line.add(Text(" and ".join(_ends(each)), "yellow"))
        _quote(line, [each.reason] if each.reason else [])
    if not said:
        tree.add(Text("nothing that counts for the gate", "dim"))
    return tree


def when(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


def _grow(tree: Tree, nodes: Iterable[Node], *, dim: bool = False) -> None:
    for node in nodes:
        faint = dim or node.advisory
        word, style = _WORDS[node.status]
        told = Text.assemble((plain(node.rule), "bold"), (" (advice)" if node.advisory else ""), " ", (word, style))
        told.append(f": {plain(node.because)}")
        if faint:
            told.stylize("dim")
        branch = tree.add(told)
        if node.todo and node.status != "approved" and not faint:
            branch.add(Text(f"to do: {plain(node.todo)}", "cyan"))
        _quote(branch, node.quotes)
        _grow(branch, node.children, dim=faint)


def _quote(tree: Tree, quotes: Sequence[str]) -> None:
    for quote in quotes[:_QUOTES]:
        tree.add(Text(f'"{plain(quote)}"', "dim"))
    if len(quotes) > _QUOTES:
        tree.add(Text(f"and {len(quotes) - _QUOTES} more", "dim"))


def _diff(said: Statement, fingerprint: str | None) -> str:
    name = f"diff {said.fingerprint[:12]}" if said.fingerprint else "a diff that was never worked out"
    if fingerprint is None:
        return name
    return f"{name}, {'which is the one now' if said.fingerprint == fingerprint else 'which is another than now'}"


def _ends(said: Statement) -> list[str]:
    ends = ["withdrawn"] if said.withdrawn else []
    return [*ends, "the comment was removed or edited"] if said.removed else ends
