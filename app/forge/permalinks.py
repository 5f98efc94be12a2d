"""Places in the code that a text names as `path:line`, and links to those of them that are there.

https://docs.github.com/en/get-started/writing-on-github/working-with-advanced-formatting/creating-a-permanent-link-to-a-code-snippet
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from app.forge.git import list_files, show
from app.policy.values import Sha

_MOST = 10
_PLACE = re.compile(r"(?<![\w/.:@+-])([\w.@+-][\w./@+-]{0,300}):(\d{1,7})(?:-(\d{1,7}))?(?![\w/-])")
_RENDERED = frozenset({".md", ".markdown", ".mdown", ".rst", ".adoc", ".org"})
"""Shown as pages, where lines have no anchors; `plain=1` shows them as text."""


@dataclass(frozen=True)
class Spot:
    """Lines of a file, counted from 1; `last` is the first again where there is one line."""

    path: str
    first: int
    last: int

    def __str__(self) -> str:
        return f"{self.path}:{self.first}" + (f"-{self.last}" if self.last != self.first else "")


def find_spots(text: str) -> list[Spot]:
    """In the order in which they are named, each once, ten at most. Pure."""
    return list(dict.fromkeys(_spots(text)))[:_MOST]


async def there_are(mirror: Path, sha: Sha, spots: Sequence[Spot]) -> list[Spot]:
    """Those that exist at the commit: a tracked file with that many lines."""
    if not spots:
        return []
    files, lengths = set(await list_files(mirror, sha)), dict[str, int]()
    for path in {each.path for each in spots} & files:
        content = await show(mirror, sha, path) or b""
        lengths[path] = content.count(b"\n") + (not content.endswith(b"\n"))
    return [each for each in spots if each.last <= lengths.get(each.path, 0)]


def permalink(web_url: str, full_name: str, sha: Sha, spot: Spot) -> str:
    """A Markdown link. The path has only characters that a link's text and a code span leave alone. Pure."""
    plain = "?plain=1" if PurePosixPath(spot.path).suffix.lower() in _RENDERED else ""
    lines = f"#L{spot.first}" + (f"-L{spot.last}" if spot.last != spot.first else "")
    return f"[`{spot}`]({web_url}/{full_name}/blob/{sha}/{quote(spot.path)}{plain}{lines})"


def _spots(text: str) -> Iterator[Spot]:
    for found in _PLACE.finditer(text):
        first, last = int(found[2]), int(found[3] or found[2])
        if 0 < first <= last:
            yield Spot(found[1].removeprefix("./"), first, last)
