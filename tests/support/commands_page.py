"""`docs/commands.md` from the commands themselves: `python -m tests.support.commands_page > docs/commands.md`."""

import inspect
import re
from collections.abc import Iterator
from typing import Any

import typer.main

from app.cli import app

_HEAD = """# Commands

Written by `make docs` from the commands themselves; `quorum COMMAND --help` says the same.
"""


def page() -> str:
    root: Any = typer.main.get_command(app)
    return "\n".join([_HEAD, *_told(root, "quorum")]).rstrip() + "\n"


def leaves(command: Any, name: str) -> Iterator[tuple[str, Any]]:
    """Every command that does something, by what is typed for it."""
    if hasattr(command, "commands"):
        if command.invoke_without_command:
            yield name, command
        for each, inner in command.commands.items():
            yield from leaves(inner, f"{name} {each}")
    else:
        yield name, command


def _told(root: Any, name: str) -> Iterator[str]:
    for typed, command in leaves(root, name):
        if command.hidden:
            continue
        yield from (f"## {typed}", "", *_usage(typed, command), "", _prose(command.help), "")
        rows = [_row(each) for each in command.params if not each.hidden and each.name != "help"]
        if rows:
            yield from ("| argument or option | what it is |", "| --- | --- |", *rows, "")


def _usage(typed: str, command: Any) -> Iterator[str]:
    words = [typed]
    for each in command.params:
        if each.param_type_name == "argument":
            word = _word(each)
            words.append(word if each.required else f"[{word}]")
    yield from ("```text", " ".join([*words, "[OPTIONS]"] if _options(command) else words), "```")


def _word(argument: Any) -> str:
    return str(argument.metavar or argument.name.upper()).strip("[]")


def _options(command: Any) -> list[Any]:
    return [each for each in command.params if each.param_type_name == "option" and each.name != "help"]


def _row(param: Any) -> str:
    if param.param_type_name == "argument":
        called = f"`{_word(param)}`"
    else:
        called = ", ".join(f"`{each}`" for each in (*param.opts, *param.secondary_opts))
    default = (
        "" if param.default in (None, False, "", ()) or callable(param.default) else f" Default: `{param.default}`."
    )
    told = _prose(param.help or "").replace("|", "\\|")
    return f"| {called} | {told}{'' if not told or told.endswith('.') else '.'}{default} |"


def _prose(text: str | None) -> str:
    """Paragraphs stay; line breaks of the source do not."""
    paragraphs = re.split(r"\n\s*\n", inspect.cleandoc(text or ""))
    return "\n\n".join(" ".join(each.split()) for each in paragraphs)


if __name__ == "__main__":
    print(page(), end="")
