"""The pages for people say what there is: their links lead somewhere, and what they have people type exists."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main
from markdown_it import MarkdownIt
from typer.testing import CliRunner

from app.cli import app
from tests.support.commands_page import leaves, page

ROOT = Path(__file__).parents[3]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
COMMANDS: dict[str, Any] = dict(leaves(typer.main.get_command(app), "quorum"))
_TYPED = re.compile(r"^(?:[A-Z_]+=\S+ )*(?:\.venv/bin/)?(quorum [a-z][^#]*)")
_TARGETS = set(re.findall(r"(?m)^([a-z-]+):.*##", (ROOT / "Makefile").read_text()))


def tokens(path: Path) -> Iterator[Any]:
    for token in MarkdownIt("commonmark").enable("table").parse(path.read_text()):
        yield token
        yield from token.children or ()


def typed(path: Path) -> Iterator[str]:
    """What stands as code and begins with `quorum` or `make`, without comments and what a shell would do with it."""
    for token in tokens(path):
        if token.type not in {"code_inline", "code_block", "fence"} or token.info == "text":
            continue
        for line in token.content.splitlines():
            found = _TYPED.match(line.strip())
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
def test_what_people_are_told_to_type_exists(path: Path):
    for line in typed(path):
        words = shlex.split(line.replace("…", "X"))
        name = max((each for each in COMMANDS if f"{line} ".startswith(f"{each} ")), key=len, default=None)
        named = name or next((each for each in COMMANDS if each.startswith(f"{line} ")), None)
        if words[1:] == ["COMMAND", "--help"] or (words[:2] == ["quorum", "runs"] and "|" in words[2]):
            continue
        assert named, f"{path.name}: there is no `{line}`"
        known = {option for each in COMMANDS[named].params for option in (*each.opts, *each.secondary_opts)}
        for word in words:
            option = word.partition("=")[0]
            assert not option.startswith("-") or option in known, f"{path.name}: `{line}` has no {option}"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_make_has_what_is_named(path: Path):
    named = {
        word
        for token in tokens(path)
        if token.type in {"code_inline", "code_block", "fence"}
        for word in re.findall(r"(?m)^ *make ([a-z-]+)", token.content)
    }
    assert named <= _TARGETS


def test_the_page_of_commands_is_what_the_commands_say():
    told = "write it anew: python -m tests.support.commands_page > docs/commands.md"
    assert (ROOT / "docs/commands.md").read_text() == page(), told


@pytest.mark.parametrize(
    "line", ["quorum config schema", "quorum gate simulate --example", "quorum config check .github/quorum.yml"]
)
def test_what_needs_no_server_runs_as_it_is_told(line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".github").mkdir()
    policy = re.search(r"```yaml\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    assert policy
    (tmp_path / ".github/quorum.yml").write_text("\n".join(each.strip() for each in policy[1].splitlines()))
    answer = CliRunner().invoke(app, shlex.split(line)[1:])
    assert answer.exit_code == 0, answer.output
