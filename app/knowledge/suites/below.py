"""Projects in folders of a repository, where the tests of each may be run as if it were one of its own. Pure."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from app.knowledge.suites.candidate import Candidate
from app.knowledge.suites.finding import candidates, worth_reading

_FOLDER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,60}(?:/[A-Za-z0-9][A-Za-z0-9_-]{0,60})?")
"""It becomes part of a command: plain names only, and no option."""
_ASIDE = frozenset({"docs", "doc", "examples", "example", "samples", "sample", "demos", "demo", "website", "site"}) | {
    *("fixtures", "testdata", "vendor", "third_party", "node_modules", "templates"),
}
"""What lies there tells little of the project's own tests."""
_MARK = re.compile(
    r"(?:GNUm|m|M)akefile|[jJ]ustfile|package\.json|composer\.json|deno\.jsonc?|pyproject\.toml|setup\.(?:py|cfg)|tox\.ini"
    r"|requirements[\w.-]*\.txt|go\.mod|Cargo\.toml|pom\.xml|build\.gradle(?:\.kts)?|Gemfile|Rakefile|mix\.exs|.+\.csproj"
    r"|pubspec\.yaml|Package\.swift|CMakeLists\.txt|meson\.build"
)
_MOST_FOLDERS, _MOST_READ = 3, 60


def candidates_below(files: Mapping[str, str], near: Collection[str]) -> tuple[Candidate, ...]:
    """Commands for the folders that look like projects: those of files `near` the task first, then the largest.

    `files`: as for `candidates`.
    """
    found = _folders(files)
    size = Counter(folder for path in files for folder in _above(path) if folder in found)
    close = Counter(folder for path in near for folder in _above(path) if folder in found)
    ordered = sorted(found, key=lambda folder: (-close[folder], -size[folder], folder))
    return tuple(each for folder in ordered[:_MOST_FOLDERS] for each in _in(folder, files))


def worth_reading_below(paths: Iterable[str]) -> list[str]:
    """Those in folders whose text tells something; some of them where there are very many."""
    found = [path for path in paths if _is_of_a_project(path) and worth_reading([path.rpartition("/")[2]])]
    return found[:_MOST_READ]


def _in(folder: str, files: Mapping[str, str]) -> Iterator[Candidate]:
    begin = f"{folder}/"
    its = {path.removeprefix(begin): text for path, text in files.items() if path.startswith(begin)}
    for each in candidates(its):
        yield replace(each, command=f"cd {folder} && {each.command}", why=f"in `{folder}` {each.why}")


def _folders(paths: Iterable[str]) -> frozenset[str]:
    """The outermost that look like projects."""
    found = {path.rpartition("/")[0] for path in paths if _is_of_a_project(path)}
    return frozenset(folder for folder in found if folder.partition("/")[0] not in found - {folder})


def _is_of_a_project(path: str) -> bool:
    folder, _, name = path.rpartition("/")
    if not _FOLDER.fullmatch(folder) or not _ASIDE.isdisjoint(folder.casefold().split("/")):
        return False
    return bool(_MARK.fullmatch(name))


def _above(path: str) -> Sequence[str]:
    """The folders that a file lies in, as far down as is looked."""
    parts = path.split("/")
    return ["/".join(parts[:depth]) for depth in (1, 2) if depth < len(parts)]
