"""The tables of docs/action.md, made from what `action/action.yml` says of its inputs and outputs."""

from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
ACTION, PAGE = ROOT / "action" / "action.yml", ROOT / "docs" / "action.md"
_BEGIN, _END = "<!-- made by `python -m tests.support.action_tables` from action/action.yml -->\n", "<!-- end -->\n"


def tables() -> str:
    action = yaml.safe_load(ACTION.read_text("utf-8"))
    inputs = [
        (f"`{name}`", _default(about["default"]), about["description"]) for name, about in action["inputs"].items()
    ]
    outputs = [(f"`{name}`", about["description"]) for name, about in action["outputs"].items()]
    return f"{_table(('input', 'default', 'what'), inputs)}\n{_table(('output', 'what'), outputs)}"


def filled(page: str) -> str:
    """The page with its tables as they should be."""
    before, _, rest = page.partition(_BEGIN)
    return f"{before}{_BEGIN}\n{tables()}\n{_END}{rest.partition(_END)[2]}"


def _default(value: Any) -> str:
    return f"`{value}`" if value else ""


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


if __name__ == "__main__":
    PAGE.write_text(filled(PAGE.read_text("utf-8")), "utf-8")
