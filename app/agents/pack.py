"""What all reviewers of a change read first: one text, the same for each of them, so that the provider caches it."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.agents.envelope import enclose


@dataclass(frozen=True)
class FileDiff:
    """The part of a diff about one file. `lines` is how many it adds and removes."""

    path: str
    text: str
    lines: int


@dataclass(frozen=True)
class ReviewPack:
    """`issues`: the text of those it closes. `previous`: what was said in earlier rounds.

    `tests`: what the policy's command gave at this head; `old_tests`: what the change's tests gave on the old code.
    `alarms`: what analyzers say that the change introduced.
    """

    title: str
    body: str
    issues: Sequence[str]
    files: Sequence[FileDiff]
    set_aside: Sequence[str]
    guidance: str
    tests: str
    old_tests: str
    round_: int
    previous: Sequence[str]
    alarms: str = ""


@dataclass(frozen=True)
class PackedText:
    text: str
    unread: tuple[str, ...]


_RISKY = ("auth", "secur", "crypt", "login", "token", "password", "migrat", "sql", "deploy", ".github/", "config")
_CHARACTERS = 240_000
"""About 60,000 tokens of diff; what does not fit is named, and closes the gate."""


def render_pack(pack: ReviewPack, limit: int = _CHARACTERS) -> PackedText:
    """Render by risk, then size; a file that does not fit is left out whole and named."""
    parts, unread, room = [], [], limit
    for file in sorted(pack.files, key=_rank):
        if len(file.text) > room:
            unread.append(file.path)
            continue
        room -= len(file.text)
        parts.append(file.text)
    sections = [
        "# The change under review",
        f"Round {pack.round_}.",
        enclose("title", pack.title),
        enclose("description", pack.body or "(none)"),
        *(enclose("issue that it closes", issue) for issue in pack.issues),
        f"## Tests at this head\n\n{enclose('test output', pack.tests, rendered=False)}",
        f"## The change's own tests on the code before it\n\n{enclose('test output', pack.old_tests, rendered=False)}",
    ]
    if pack.alarms:
        told = enclose("alarms", pack.alarms, rendered=False)
        sections.append(
            "## Alarms of analyzers that this change introduced\n\nThey are hints, and many are false. "
            f"Report what is a fault indeed, in your own words; an alarm alone is no finding.\n\n{told}"
        )
    if pack.guidance:
        sections.append(f"## The project's guidance, from the base branch\n\n{enclose('guidance', pack.guidance)}")
    if pack.set_aside:
        sections.append(f"## Changed but set aside (generated, vendored, locked)\n\n{_listed(pack.set_aside)}")
    if unread:
        sections.append(f"## Changed but too large to show; read what you need\n\n{_listed(unread)}")
    if pack.previous:
        listed = enclose("earlier findings", "\n".join(f"- {line}" for line in pack.previous), rendered=False)
        sections.append(
            "## Said in earlier rounds\n\nSee whether each is settled. Do not repeat advice that was given before, and "
            f"report nothing below `major` that an earlier round could have said.\n\n{listed}"
        )
    sections.append(f"## The diff against the merge base\n\n{enclose('diff', ''.join(parts), rendered=False)}")
    return PackedText("\n\n".join(sections), tuple(unread))


def _listed(paths: Sequence[str]) -> str:
    """A file's name is a stranger's word too."""
    return enclose("file names", "\n".join(paths), rendered=False)


def _rank(file: FileDiff) -> tuple[bool, int]:
    return (not any(word in file.path.lower() for word in _RISKY), file.lines)
