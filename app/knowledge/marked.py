"""Which changed files the base already said are not written by hand. What a change says of itself counts for nothing.

`.gitattributes` as GitHub reads it (https://docs.github.com/en/repositories/working-with-files/managing-files/customizing-how-changed-files-appear-on-github),
the headers that generators write (https://go.dev/s/generatedcode), and scripts whose lines are as long as a minifier's.
"""

import os
import re
import tempfile
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Literal

from app.gitcmd import git, git_at_most
from app.knowledge.blobs import find_blobs, read_blobs

Mark = Literal["generated", "vendored", "by hand"]
"""`by hand`: the base says that a file is not generated or vendored, whatever its name is."""

_HEADER_LINES = 20
_MOST_BYTES = 4_000_000
_AT_ONCE = 200
_WORDS = ("-e", "@generated", "-e", "DO NOT EDIT")
_SET, _UNSET = frozenset({"set", "true"}), frozenset({"unset", "false"})
_MARKER = re.compile(r"^\s*[/*#;<!%-][\s/*#;<!%-]{0,20}(@generated\b|(?=.*\bDO NOT EDIT\b).*\b[Gg]enerated\b)")
"""At the start of a comment, in the letters that generators use: a text that only speaks of marks is not marked."""
_SCRIPTS = (".js", ".mjs", ".cjs", ".css")
_MINIFIED_LINE = 500
"""Bytes of a line on the average; nobody writes so."""


async def marked_in_base(
    mirror: Path, base: str, head: str, paths: Sequence[str], known: Collection[str]
) -> dict[str, Mark]:
    """By path, for `paths` that the head has; `known` are all files of the base.

    A mark in a file must stand in it before and after the change. What is under `.github` says itself who may do what;
    it is always read.
    """
    asked = [path for path in paths if "\n" not in path and not path.startswith(".github/")]
    rules = sorted(path for path in known if path.rpartition("/")[2] == ".gitattributes")
    told = await _attributes(mirror, base, asked, rules) if rules and asked else {}
    open_ = [path for path in asked if path not in told and path in known]
    for told_by in (_with_header, _minified):
        before = await told_by(mirror, base, open_)
        told |= dict.fromkeys(await told_by(mirror, head, [path for path in open_ if path in before]), "generated")
    return told


def why_with_mark(reason: str | None, mark: Mark | None) -> str | None:
    """Why a file is set aside, by its name and by what the base says of it."""
    if mark == "by hand":
        return None if reason in {"generated", "vendored"} else reason
    return reason or mark


def is_marker(line: str) -> bool:
    """Whether a line of a file's header says that a tool wrote the file."""
    return bool(_MARKER.search(line))


def is_minified(path: str, source: bytes) -> bool:
    return path.endswith(_SCRIPTS) and len(source) > _MINIFIED_LINE * (source.rstrip(b"\n").count(b"\n") + 1)


async def _attributes(mirror: Path, base: str, paths: Sequence[str], rules: Sequence[str]) -> dict[str, Mark]:
    """Read by git itself, from an index that holds nothing but `rules`, the base's `.gitattributes`."""
    entries = [
        f"100644 {blob.name}\t{path}\0".encode("utf-8", "surrogateescape")
        for path, blob in (await find_blobs(mirror, base, rules)).items()
    ]
    with tempfile.TemporaryDirectory() as folder:
        index = Path(folder) / "index"
        await git("update-index", "-z", "--index-info", git_dir=mirror, index=index, stdin=b"".join(entries))
        command = ("check-attr", "--cached", "-z", "--stdin", "linguist-generated", "linguist-vendored")
        asked = b"".join(os.fsencode(path) + b"\0" for path in paths)
        out = await git(*command, git_dir=mirror, index=index, stdin=asked)
    fields = iter(out.split(b"\0")[:-1])
    told: dict[str, Mark] = {}
    for path, name, value in zip(fields, fields, fields, strict=True):
        mark: Mark = "generated" if name == b"linguist-generated" else "vendored"
        if value.decode() in _SET:
            told.setdefault(os.fsdecode(path), mark)
        elif value.decode() in _UNSET:
            told[os.fsdecode(path)] = "by hand"
    return told


async def _with_header(mirror: Path, commit: str, paths: Sequence[str]) -> list[str]:
    """Files whose first line that could be a mark is one, and stands in their header."""
    marked = []
    for start in range(0, len(paths), _AT_ONCE):
        names = [f"{commit}:{path}" for path in paths[start : start + _AT_ONCE]]
        command = ("grep", "--no-color", "-I", "-n", "-z", "--max-count", "1", *_WORDS, *names, "--")
        out, _ = await git_at_most(_MOST_BYTES, *command, git_dir=mirror, fine=(0, 1))
        for line in out.decode("utf-8", "surrogateescape").split("\n"):
            place, _, rest = line.partition("\0")
            number, _, text = rest.partition("\0")
            if number.isdigit() and int(number) <= _HEADER_LINES and is_marker(text):
                marked.append(place.partition(":")[2])
    return marked


async def _minified(mirror: Path, commit: str, paths: Sequence[str]) -> list[str]:
    scripts = [path for path in paths if path.endswith(_SCRIPTS)]
    sources = await read_blobs(mirror, commit, scripts, most_each=_MOST_BYTES, most_together=2 * _MOST_BYTES)
    return [path for path, source in sources.items() if is_minified(path, source)]
