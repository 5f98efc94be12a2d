"""Pieces of HTML pages. What is handed in as text can hold no markup."""

import html
from collections.abc import Iterable, Mapping


def text(value: object) -> str:
    return html.escape(str(value))


def link(address: str, words: str) -> str:
    return f'<a href="{text(address)}">{text(words)}</a>'


def listing(items: Iterable[str]) -> str:
    """Of pieces of HTML."""
    return f"<ul>{''.join(f'<li>{each}</li>' for each in items)}</ul>"


def form(action: str, button: str, *fields: str, hidden: Mapping[str, str] | None = None) -> str:
    kept = "".join(
        f'<input type="hidden" name="{text(name)}" value="{text(value)}">' for name, value in (hidden or {}).items()
    )
    return f'<form method="post" action="{text(action)}">{kept}{"".join(fields)}<button>{text(button)}</button></form>'
