"""The pages for people say what there is: their links lead somewhere, and what they have people type exists."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main
from markdown_it import MarkdownIt

from app.cli import app
from tests.support.commands_page import leaves, page
from tests.support.written import PAGES, ROOT, shown

COMMANDS: dict[str, Any] = dict(leaves(typer.main.get_command(app), "quorum"))
_NAMED = re.compile(r"^(?:[A-Z_]+=\S+ )*(?:\.venv/bin/)?(quorum [a-z][^#]*)")
_BROKEN = re.compile(r'"\s*\n\s*f?"')
"""Where one string goes on in the next line."""


def tokens(path: Path) -> Iterator[Any]:
    for token in MarkdownIt("commonmark").enable("table").parse(path.read_text()):
        yield token
        yield from token.children or ()


def named(path: Path) -> Iterator[str]:
    """What stands as code and begins with `quorum`, without comments and what a shell would do with it."""
    for each in shown(path):
        for line in each.text.splitlines() if each.language != "text" else ():
            found = _NAMED.match(line.strip())
            if found:
                yield re.split(r"\s[>|]\s", found[1])[0].strip()


def anchors(path: Path) -> set[str]:
    """As GitHub makes them: small letters, without signs, a hyphen for each blank."""
    inline = [token for token in tokens(path) if token.type == "inline"]
    headings = re.findall(r"(?m)^#+ (.+)$", path.read_text())
    plain = [re.sub(r"[`*]", "", each) for each in headings]
    assert inline
    return {re.sub(r"[^\w\- ]", "", each.lower()).replace(" ", "-") for each in plain}


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_links_lead_somewhere(path: Path):
    for token in tokens(path):
        link = token.attrs.get("href") or token.attrs.get("src") or ""
        if not link or "://" in link:
            continue
        file, _, anchor = link.partition("#")
        there = (path.parent / file) if file else path
        assert there.exists(), f"{path.name} links to {link}"
        assert not anchor or anchor in anchors(there), f"{path.name} links to {link}"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_commands_that_are_named_exist(path: Path):
    """Those that lack a word, too; whole ones are typed in tests/integration/docs."""
    for line in named(path):
        words = shlex.split(line.replace("…", "X"))
        if words[1:] != ["COMMAND", "--help"]:
            assert_there(line, path.name)


def test_commands_that_the_program_names_exist():
    """What an error, a remedy or an agent says to be typed. Words that are filled in stand in braces."""
    told = 0
    for path in [*(ROOT / "app").rglob("*.py"), *(ROOT / "app").rglob("*.md")]:
        text = _BROKEN.sub("", path.read_text())
        for line in re.findall(r"`(quorum [a-z][^`\n]*)`", text):
            assert_there(re.sub(r"\{[^}]*\}", "X", line), str(path.relative_to(ROOT)))
            told += 1
    assert told > 50


def assert_there(line: str, where: str) -> None:
    name = max((each for each in COMMANDS if f"{line} ".startswith(f"{each} ")), key=len, default=None)
    found = name or next((each for each in COMMANDS if each.startswith(f"{line} ")), None)
    assert found, f"{where}: there is no `{line}`"
    known = {option for each in COMMANDS[found].params for option in (*each.opts, *each.secondary_opts)}
    for word in line.split():
        option = word.partition("=")[0]
        assert not option.startswith("-") or option in known, f"{where}: `{line}` has no {option}"


def test_the_page_of_commands_is_what_the_commands_say():
    told = "write it anew: python -m tests.support.commands_page > docs/commands.md"
    assert (ROOT / "docs/commands.md").read_text() == page(), told
