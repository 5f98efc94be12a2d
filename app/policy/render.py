"""A decision as Markdown, for a check run's summary. The words of others stand in code spans: they are only text."""

import unicodedata
from collections.abc import Iterator

from app.policy.decision import Decision, Node, Status

MAX_CHARS = 60_000
"""GitHub takes 65,535 in a check run's summary (https://docs.github.com/en/rest/checks/runs)."""
_QUOTES = 10
_QUOTE_CHARS = 300
_ROWS = 200

_WORDS: dict[Status, str] = {
    "approved": "approved",
    "blocked": "**blocked**",
    "pending": "waiting",
    "error": "**needs a person**",
}


def render_decision(decision: Decision) -> str:
    """The title, one row a rule, then the words of others; those are cut first, so that it never grows too long."""
    head = [
        f"**{decision.title}**",
        "",
        *(f"> {note}\n" for note in decision.notes),
        "| rule | | because |",
        "|---|---|---|",
    ]
    rows = [row for child in decision.node.children for row in _rows(child, 0)]
    if len(rows) > _ROWS:
        rows = [*rows[:_ROWS], f"| | | and {len(rows) - _ROWS} more |"]
    text = "\n".join([*head, *rows])
    for block in _quotes(decision.node):
        if len(text) + len(block) > MAX_CHARS:
            return f"{text}\n\nThe rest is left out: it is too long."
        text += block
    return text[:MAX_CHARS]


def code(text: str) -> str:
    """Words of others as one code span: no mention, link, image or HTML, nothing invisible, no end of the span."""
    visible = "".join(" " if unicodedata.category(char)[0] in "CZ" else char for char in text[: 4 * _QUOTE_CHARS])
    plain = " ".join(visible.split()).replace("`", "'")
    plain = plain if len(plain) <= _QUOTE_CHARS else f"{plain[:_QUOTE_CHARS]}..."
    return f"`{plain or '(empty)'}`"


def on_one_line(text: str) -> str:
    """Markdown without its line breaks. Blanks within a line stay: those in code are what somebody means."""
    return " ".join(line.strip() for line in text.splitlines() if line.strip())


def _rows(node: Node, depth: int) -> Iterator[str]:
    name = f"{'&nbsp;&nbsp;' * depth}{node.rule}{' (advice)' if node.advisory else ''}"
    yield f"| {name} | {_WORDS[node.status]} | {node.because} |"
    for child in node.children:
        yield from _rows(child, depth + 1)


def _quotes(node: Node) -> Iterator[str]:
    """What must be fixed comes before what is only said."""
    nodes = list(_all(node))
    for each in sorted(nodes, key=lambda one: one.status == "approved"):
        if each.quotes:
            shown = [f"- {code(quote)}" for quote in each.quotes[:_QUOTES]]
            more = [f"- and {len(each.quotes) - _QUOTES} more"] if len(each.quotes) > _QUOTES else []
            yield "\n".join([f"\n\n{each.rule}:\n", *shown, *more])


def _all(node: Node) -> Iterator[Node]:
    yield node
    for child in node.children:
        yield from _all(child)
