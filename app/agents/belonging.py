"""Which files of a change are read together, and which first. Pure.

A reader who has a file, its test and its callers before him sees what one who has them apart cannot see.
"""

import re
from collections import defaultdict
from collections.abc import Sequence

from app.agents.hunks import FileDiff
from app.policy.kinds import Kind, kinds_of
from app.policy.sensitive import sensitive_word
from app.policy.testfiles import is_test

Unit = tuple[FileDiff, ...]
"""Files that belong together closely: one with its tests, and with what uses it."""
Folder = tuple[Unit, ...]

_GUARDED = frozenset[Kind]({"policy", "ownership", "workflows", "infrastructure", "migrations"})
_READ_LAST = frozenset[Kind]({"docs"})
_TEST_MARK = re.compile(r"^test[_-]|[._-](test|tests|spec)$|(Test|Tests|IT|Spec)$")
_LARGEST_UNIT = 8
"""Everything is related to everything in the end; more files than these are a folder's business."""


def arrange(files: Sequence[FileDiff]) -> tuple[Folder, ...]:
    """Folders of units of files, each level with what is riskiest first."""
    by_folder: dict[str, list[Unit]] = defaultdict(list)
    for unit in sorted(_units(files), key=_rank_unit):
        by_folder[_folder(unit[0].path)].append(unit)
    return tuple(tuple(units) for units in by_folder.values())


def belonging(files: Sequence[FileDiff], paths: frozenset[str]) -> frozenset[str]:
    """What must be read with these, of the other files: their tests, or what they test; what uses them, or they use."""
    by_stem: dict[str, list[str]] = defaultdict(list)
    for file in files:
        by_stem[_stem(file.path)].append(file.path)
    found = {test for path in paths for test in _tests_of(path, by_stem[_stem(path)])}
    found |= {user for file in files if file.path in paths for user in file.related}
    found |= {file.path for file in files if paths & set(file.related)}
    return frozenset(found & {file.path for file in files}) - paths


def rank(file: FileDiff) -> tuple[int, int, str]:
    """What comes first is least: what decides who may do what, code, tests, documents. Of a kind, what is short.

    A long file would push many short ones out of what can be read.
    """
    kinds = kinds_of(file.path)
    if is_test(file.path):
        grade = 2
    elif kinds & _GUARDED or (sensitive_word(file.path) is not None and not kinds <= _READ_LAST):
        grade = 0
    else:
        grade = 3 if kinds <= _READ_LAST else 1
    return grade, file.lines, file.path


def _units(files: Sequence[FileDiff]) -> list[Unit]:
    """The riskiest file takes its own with it, as long as nobody has taken them."""
    left = {file.path: file for file in sorted(files, key=rank)}
    by_stem: dict[str, list[str]] = defaultdict(list)
    for path in left:
        by_stem[_stem(path)].append(path)
    units = []
    for path, file in list(left.items()):
        if path not in left:
            continue
        own = [path, *_tests_of(path, by_stem[_stem(path)]), *file.related]
        taken = [left.pop(each) for each in dict.fromkeys(own) if each in left]
        units.append(tuple(taken[:_LARGEST_UNIT]))
        left |= {each.path: each for each in taken[_LARGEST_UNIT:]}
    return units


def _tests_of(path: str, same_stem: Sequence[str]) -> list[str]:
    """Tests are told by their name; a file of the same name elsewhere is another matter."""
    return [other for other in same_stem if is_test(other) != is_test(path)]


def _rank_unit(unit: Unit) -> tuple[int, int, str]:
    return min(rank(file) for file in unit)


def _folder(path: str) -> str:
    return path.rpartition("/")[0]


def _stem(path: str) -> str:
    name = path.rpartition("/")[2]
    return _TEST_MARK.sub("", name.rpartition(".")[0] or name).lower()
