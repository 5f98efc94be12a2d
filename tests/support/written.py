"""What the pages have people type, and what files they show: all of it, with the page and the line it stands on."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markdown_it import MarkdownIt

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
DEPLOYED = [
    *(ROOT / "deploy" / name for name in ("compose.yml", "systemd/quorum.service", "systemd/quorum-worker@.service")),
    ROOT / "deploy/helm/quorum/templates/NOTES.txt",
]
"""What is deployed says by itself how, in lines that are set in."""
SHELL = "sh"
_ASSIGNED = re.compile(r"[A-Z][A-Z_]*=")
_SET_IN = re.compile(r"^(?:#   |  )(?=\S)(.+)$")
_IN_COMMENT = re.compile(r"#[^\n]*?\b(quorum [a-z].*)")
PROGRAMS = frozenset(
    [
        *("quorum", "make", "git", "python", "python3", "pip", "uv", "pytest", "ruff", "mypy", "bash", "sh"),
        *("docker", "podman", "kubectl", "helm", "systemctl", "systemd-analyze", "journalctl", "sudo", "apt-get"),
        *("sqlite3", "psql", "pg_dump", "pg_restore", "redis-cli", "openssl", "ssh", "scp", "curl", "wget", "jq", "gh"),
        *("cat", "cp", "mv", "rm", "mkdir", "chmod", "chown", "tar", "echo", "export", "cd", "npm", "sysctl", "kill"),
    ]
)
"""By whose name prose is known to have a command in it. In a block every line is one."""


@dataclass(frozen=True)
class Shown:
    """A block of code, or one span of it in a sentence (`language` is None). `line`: where its text begins."""

    page: str
    line: int
    language: str | None
    text: str

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


@cache
def shown(path: Path) -> tuple[Shown, ...]:
    """All code of a page."""
    return tuple(_shown(path))


def _shown(path: Path) -> Iterator[Shown]:
    for token in MarkdownIt("commonmark").enable("table").parse(path.read_text()):
        first = (token.map or [0])[0] + 1
        if token.type == "fence":
            yield Shown(path.name, first + 1, token.info, token.content)
        elif token.type == "code_block":
            yield Shown(path.name, first, "", token.content)
        for span in token.children or ():
            if span.type == "code_inline":
                yield Shown(path.name, first, None, span.content)


def typed(path: Path) -> Iterator[Shown]:
    """What a person would type: blocks for a shell, commands that a comment in them gives, and those in sentences."""
    for each in shown(path):
        if each.language == SHELL:
            yield each
            for number, line in enumerate(each.text.splitlines()):
                if other := _IN_COMMENT.search(line):
                    yield Shown(each.page, each.line + number, None, other[1].strip())
        elif each.language is None and is_command(each.text):
            yield each


def deployed(path: Path) -> Iterator[Shown]:
    """The lines of a comment, or of a text for people, that are set in."""
    for number, line in enumerate(path.read_text().splitlines(), start=1):
        if (found := _SET_IN.match(line)) and (line.startswith("#") or path.suffix == ".txt"):
            yield Shown(str(path.relative_to(ROOT)), number, SHELL, found[1])


def is_command(text: str) -> bool:
    """Begins with a program and says something to it: `git` alone is a name."""
    words = text.split()
    while words and _ASSIGNED.match(words[0]):
        words = words[1:]
    return len(words) > 1 and words[0].removeprefix(".venv/bin/") in PROGRAMS


def statements(text: str) -> Iterator[str]:
    """Of a script, one after the other: a line, and those that belong to it by a quotation mark or a backslash."""
    held = ""
    for line in text.splitlines():
        held += f"{line}\n"
        try:
            words = shlex.split(held, comments=True)
        except ValueError:
            continue
        if words and not line.endswith("\\"):
            yield held
            held = ""


def set_by(text: str) -> dict[str, str]:
    """Variables that a line gives values to, and does nothing else: `export A=1 B=2`, or `A=1`."""
    try:
        words = shlex.split(text, comments=True)
    except ValueError:
        return {}
    told = words[1:] if words[:1] == ["export"] else words
    if not all(_ASSIGNED.match(each) for each in told):
        return {}
    return {name: value for name, _, value in (each.partition("=") for each in told)}
