"""Where a change names a package that it brings in: the line that a finding about it stands on. Pure.

How a manifest is written is its author's choice: what makes a name hard to find must not make the finding go away.
"""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from app.policy.changed_text import ChangedText, Line
from app.policy.finding import MOST_OF_A_PATH

_READ_CHARS = 4000
"""Of a line, as many as a finding quotes."""
_ESCAPE = re.compile(r"\\(?:u([0-9a-f]{4})|x([0-9a-f]{2}))")


@dataclass(frozen=True)
class Manifest:
    """`lines`: those that are added and not blank, each with its text as names are compared."""

    path: str
    lines: tuple[tuple[Line, str], ...]


def read_manifest(file: ChangedText) -> Manifest:
    """Once for all packages: a file may have very many lines. One that no finding can name has none."""
    named = len(file.path) <= MOST_OF_A_PATH and file.path.encode("utf-8", "replace").decode() == file.path
    added = file.added if named else ()  # git takes names that are longer, or no UTF-8
    return Manifest(file.path, tuple((line, _plain(line.text[:_READ_CHARS])) for line in added if line.text.strip()))


def line_of(manifest: str, name: str, version: str, read: Sequence[Manifest]) -> tuple[str, Line] | None:
    """The added line that names a package: in its manifest, else in one beside it, as for a lock file.

    A line that is too long to be read may name it. GitHub read it in its manifest, so that one of the lines added there
    brings it in, even if none seems to.
    """
    folder = PurePosixPath(manifest).parent
    beside = [each for each in read if PurePosixPath(each.path).parent == folder]
    for each in sorted(beside, key=lambda each: each.path != manifest):
        line = _naming(each, name, version)
        if line is not None:
            return each.path, line
    own = [line for each in beside if each.path == manifest for line, _ in each.lines]
    return (manifest, _best(own, version)) if own else None


def _naming(manifest: Manifest, name: str, version: str) -> Line | None:
    wanted = _plain(name.rpartition(":")[2])  # Maven's names begin with a group
    naming = [line for line, told in manifest.lines if wanted in told and _names(told, wanted)]
    naming = naming or [line for line, _ in manifest.lines if len(line.text) > _READ_CHARS]
    return _best(naming, version) if naming else None


def _best(lines: Sequence[Line], version: str) -> Line:
    return next((line for line in lines if version in line.text[:_READ_CHARS]), lines[0])


def _names(told: str, wanted: str) -> bool:
    """Whether a line names just this package. `-`, `_`, `.` and case are one where a registry takes them for one:
    https://packaging.python.org/en/latest/specifications/name-normalization/
    """
    return re.search(rf"(?<![a-z0-9@/-]){re.escape(wanted)}(?![a-z0-9/-])", told) is not None


def _plain(text: str) -> str:
    """Escapes of JSON, TOML, YAML and XML are read, as whoever installs the package reads them."""
    read = _ESCAPE.sub(lambda found: chr(int(found[1] or found[2], 16)), html.unescape(text).casefold())
    return re.sub(r"[-_.]+", "-", read.casefold())
