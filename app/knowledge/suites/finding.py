"""Which commands may run a project's tests, best first. Pure: files in, commands of ours out."""

import re
from collections.abc import Iterable, Iterator, Mapping

from app.knowledge.suites.candidate import NEEDS_MORE, Candidate
from app.knowledge.suites.ci import is_of_ci, runners_of_ci
from app.knowledge.suites.python import of_python
from app.knowledge.suites.scripts import of_scripts
from app.knowledge.suites.table import usual

_MOST = 12
_READ = re.compile(
    r"(?:GNUm|m|M)akefile|\.?[jJ]ustfile|Taskfile\.ya?ml|package\.json|composer\.json|deno\.json|pyproject\.toml"
    r"|setup\.cfg|tox\.ini|manage\.py"
)


def worth_reading(paths: Iterable[str]) -> list[str]:
    """Those whose text tells something; of all others the name is enough."""
    return [path for path in paths if _READ.fullmatch(path) or is_of_ci(path)]


def candidates(files: Mapping[str, str]) -> tuple[Candidate, ...]:
    """By path, the text of what is `worth_reading` and nothing for all others of the project.

    First comes what continuous integration is seen to call, then what the project gives a test's name, then what is
    usual; what has to set up an environment of its own comes last, as there is no network for it.
    """
    called = runners_of_ci(files)
    found: dict[str, Candidate] = {}
    for each in _all(files):
        found.setdefault(each.command, each)
    return tuple(sorted(found.values(), key=lambda each: _rank(each, called)))[:_MOST]


def _all(files: Mapping[str, str]) -> Iterator[Candidate]:
    yield from of_scripts(files)
    yield from of_python(files)
    yield from usual(files.keys())


def _rank(candidate: Candidate, called: frozenset[str]) -> int:
    if candidate.weight == NEEDS_MORE:
        return NEEDS_MORE
    return 0 if candidate.runner in called else candidate.weight
