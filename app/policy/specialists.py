"""Which specialists a task asks for, by what it touches and by how they have done here. Pure.

A specialist adds words of ours to what the writer is told, and nothing else: whatever a stranger writes into an issue,
it only chooses among them.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.policy.globs import matches
from app.policy.kinds import Kind, kinds_of
from app.policy.testfiles import is_changelog, is_test

MOST = 2
"""More of them would say everything, which is nothing."""
_ENOUGH = 2.0
_LABEL, _IN_TITLE, _NAMED, _IN_TEXT = 4.0, 3.0, 1.5, 1.0
"""One file that is named is not yet what a task is about."""
_WORDS_COUNT, _PATHS_COUNT = 3, 2
"""A long text says every word once, and names many files."""
_OWN_CHARS = 3
"""So long is what a project's name may begin or end with by intent, as `sqlparse` and `pytest` do."""
_PRIOR = 4.0
_TEXT_CHARS = 20_000
_WORD = re.compile(r"[\w.@+~-]+(?:/[\w.@+~-]+)*")


@dataclass(frozen=True)
class Draw:
    """What draws a specialist to a task: words of its text, labels, kinds of files, globs of paths."""

    name: str
    words: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    kinds: tuple[Kind, ...] = ()
    paths: tuple[str, ...] = ()


@dataclass(frozen=True)
class Touch:
    """What a task touches. `text`: all but the title; `labels` in lower case; `paths`: files that it names.

    `project`: the repository's name; what it is called after, each of its issues speaks of.
    """

    title: str
    text: str = ""
    labels: frozenset[str] = frozenset()
    paths: tuple[str, ...] = ()
    project: str = ""
    planned: tuple[str, ...] = ()
    """All files that will be changed or made, where a plan says so."""


@dataclass(frozen=True)
class Past:
    """How runs with a specialist ended: their pull request was merged, was closed unmerged, or there was none."""

    merged: int = 0
    closed: int = 0
    failed: int = 0

    @property
    def weight(self) -> float:
        """From 0 to 2; 1 while little is known.

        Twice the mean of a Beta distribution that begins at (4, 4), so that a few runs change little:
        https://en.wikipedia.org/wiki/Rule_of_succession.
        """
        return 2 * (self.merged + _PRIOR) / (self.merged + self.closed + self.failed + 2 * _PRIOR)


@dataclass(frozen=True)
class Chosen:
    """A specialist, and in words of ours and names of files why."""

    name: str
    because: str


def choose_specialists(touch: Touch, draws: Iterable[Draw], past: Mapping[str, Past]) -> tuple[Chosen, ...]:
    """At most two, the strongest first; none where nothing speaks for any. The same task always gives the same.

    Words of the text alone choose nobody: the title, a label or a file has to speak for a specialist as well.
    """
    found: list[tuple[float, Chosen]] = []
    for draw in draws:
        score, reasons = _drawn(draw, touch)
        weighed = score * past.get(draw.name, Past()).weight
        if weighed >= _ENOUGH:
            found.append((weighed, Chosen(draw.name, ", ".join(reasons))))
    found.sort(key=lambda each: (-each[0], each[1].name))
    return tuple(chosen for _, chosen in found[:MOST])


def named_paths(text: str, files: Sequence[str]) -> tuple[str, ...]:
    """Files of the project that a text names, by their path or the end of it; a bare name must have an ending."""
    words = {word.strip(".") for word in _WORD.findall(text[:_TEXT_CHARS])}
    words = {word for word in words if "/" in word or "." in word}
    return tuple(path for path in files if not words.isdisjoint(_ends(path)))


def telling_paths(plan: str, files: Sequence[str]) -> tuple[str, ...]:
    """Files that a plan names and that tell what it is about.

    Nearly every plan speaks of tests, of the changelog and of documents; documents tell something where there is
    nothing else.
    """
    named = [path for path in named_paths(plan, files) if not is_test(path) and not is_changelog(path)]
    return tuple([path for path in named if "docs" not in kinds_of(path)] or named)


def _ends(path: str) -> list[str]:
    parts = path.split("/")
    return ["/".join(parts[start:]) for start in range(len(parts))]


def _drawn(draw: Draw, touch: Touch) -> tuple[float, list[str]]:
    """How strongly, and why: all that counted."""
    words = [word for word in draw.words if not _is_own(word, touch.project)]
    labels = [label for label in draw.labels if label in touch.labels]
    title = [word for word in words if _says(touch.title, word)]
    text = [word for word in words if word not in title and _says(touch.text[:_TEXT_CHARS], word)][:_WORDS_COUNT]
    paths = [path for path in touch.paths if _is_about(draw, path)][:_PATHS_COUNT]
    if not (labels or title or paths):
        return 0.0, []
    by_kind = draw.kinds and not draw.paths
    if by_kind and touch.planned and not (labels or paths or any(_is_about(draw, path) for path in touch.planned)):
        return 0.0, []  # kinds of files alone tell of it, and none of them will be changed
    score = _LABEL * bool(labels) + _IN_TITLE * bool(title) + _IN_TEXT * len(text) + _NAMED * len(paths)
    reasons = [f"label {label}" for label in labels[:1]]
    reasons += [f"“{word}” in the title" for word in title[:1]]
    reasons += [f"{' and '.join(f'“{word}”' for word in text)} in the text"] if text else []
    return score, [*reasons, *([f"it names {' and '.join(paths)}"] if paths else [])]


def _is_own(word: str, project: str) -> bool:
    """Whether the project is named after it: a word of its name, or what one of them begins or ends with."""
    parts = re.findall(r"[a-z0-9]+", project.casefold())
    low = word.casefold()
    return low in parts or (
        len(low) >= _OWN_CHARS and any(part.startswith(low) or part.endswith(low) for part in parts)
    )


def _is_about(draw: Draw, path: str) -> bool:
    return not kinds_of(path).isdisjoint(draw.kinds) or any(
        matches(glob, path, inside=glob.endswith("/")) for glob in draw.paths
    )


def _says(text: str, word: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE) is not None
