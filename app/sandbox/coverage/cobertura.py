"""Cobertura's XML, as coverage.py, gcovr, coverlet and others write it. Pure.

https://github.com/cobertura/cobertura/blob/master/cobertura/src/site/htdocs/xml/coverage-04.dtd
"""

import posixpath

# It is fed bytes of strangers: entities are refused below, and nothing is ever fetched.
from xml.parsers import expat

from app.sandbox.coverage.lines import LinesRun, begin, note
from app.sandbox.errors import ReportError

_DIGITS = 9
_SOURCE_CHARS = 1000


def read_cobertura(content: bytes) -> LinesRun:
    """Raises `ReportError` for what is no XML, declares entities, or is another report."""
    reader = _Reader()
    parser = expat.ParserCreate()
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.EntityDeclHandler = _refuse
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, ValueError, LookupError) as error:  # the last for an encoding that is none
        raise ReportError(f"its XML cannot be read: {error}") from error
    if not reader.is_coverage:
        raise ReportError("its XML is not Cobertura's: there is no `coverage` with lines by `class`")
    return reader.by_source()


def _refuse(*_declared: object) -> None:
    raise ReportError("its XML declares entities, which no coverage report needs")


class _Reader:
    def __init__(self) -> None:
        self.is_coverage = False
        self._sources: list[str] = []
        self._in_source = False
        self._class: str | None = None
        self._found: LinesRun = {}

    def start(self, name: str, about: dict[str, str]) -> None:
        if name in {"packages", "classes"}:
            self.is_coverage = True
        elif name == "source":
            self._in_source = True
            self._sources.append("")
        elif name == "class":
            self._class = about.get("filename")
            if self._class is not None:
                begin(self._found, self._class)
        elif name == "line" and self._class is not None:
            number, hits = about.get("number", ""), about.get("hits", "")
            if not (_is_number(number) and _is_number(hits.removeprefix("-"))):
                raise ReportError(f"a line of {self._class[:200]!r} has no number or no hits")
            note(self._found, self._class, int(number), ran=not hits.startswith("-") and int(hits) > 0)

    def end(self, name: str) -> None:
        if name == "source":
            self._in_source = False
        elif name == "class":
            self._class = None

    def text(self, data: str) -> None:
        """A source stands before each file's name in the end, and comes here in as many pieces as it has lines."""
        if self._in_source:
            self._sources[-1] += data
            if len(self._sources[-1]) > _SOURCE_CHARS:
                raise ReportError(f"its source has more than {_SOURCE_CHARS:,} characters, as no path has")

    def by_source(self) -> LinesRun:
        """A file's name is relative to the report's one source; of several nobody can tell to which."""
        sources = [each.strip() for each in self._sources if each.strip()]
        if len(sources) != 1:
            return self._found
        return {posixpath.join(sources[0], path): lines for path, lines in self._found.items()}


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 2 * _DIGITS
