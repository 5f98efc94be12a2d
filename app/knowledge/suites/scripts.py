"""What a project itself calls its tests: targets and scripts with a test's name, in the files of task runners.

Of these files nothing but a name that matches a strict pattern becomes part of a command, and only after a program of
ours that takes it for a target's name.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from app.knowledge.suites.candidate import STATED, Candidate
from app.knowledge.tables import read_json, read_toml, table_at

_NAMES = (
    "test",
    "tests",
    "check",
    "unittest",
    "unittests",
    "pytest",
    "test-unit",
    "test:unit",
    "unit",
    "unit-test",
    "spec",
)
"""In the order in which they are tried; each is a plain word, whatever the file says."""
_PLAIN = re.compile(r"[a-z][a-z0-9]*(?:[-_:][a-z0-9]+){0,3}")
_TARGET = re.compile(r"^([A-Za-z0-9][\w.:-]{0,60})[ \t]*:(?![=:])", re.MULTILINE)
_RECIPE = re.compile(r"^@?([A-Za-z0-9][\w-]{0,60})(?:[ \t]+[^:=\n]*)?:(?!=)", re.MULTILINE)
_TASK = re.compile(r"^ {2}['\"]?([A-Za-z0-9][\w:-]{0,60})['\"]?:", re.MULTILINE)
_MAKEFILES = ("GNUmakefile", "makefile", "Makefile")
_NO_TEST = "no test specified"
"""What `npm init` writes: https://docs.npmjs.com/cli/v11/commands/npm-init"""
_MANAGERS = (
    ("pnpm-lock.yaml", "pnpm"),
    ("yarn.lock", "yarn"),
    ("bun.lockb", "bun"),
    ("bun.lock", "bun"),
)
_NODE_TEST = re.compile(r"(?:tests?/.+|(?:.*/)?[^/]+[.-]test)\.[cm]?js")


def of_scripts(files: Mapping[str, str]) -> Iterator[Candidate]:
    """Candidates that the project names, by task runner."""
    yield from _of_make(files)
    yield from _of_named(files, ("justfile", "Justfile", ".justfile"), _RECIPE, "just")
    yield from _of_named(files, ("Taskfile.yml", "Taskfile.yaml"), _TASK, "task")
    yield from _of_package(files)
    for name in _plain_names(_scripts(files.get("composer.json", ""))):
        yield Candidate(
            f"composer run-script {name}", f"`composer.json` has the script `{name}`", "PHP", "composer", STATED
        )
    for name in _plain_names(_deno_tasks(files)):
        yield Candidate(f"deno task {name}", f"`deno.json` has the task `{name}`", "JavaScript", "deno", STATED)
    for name in _plain_names(_hatch_scripts(files.get("pyproject.toml", ""))):
        yield Candidate(f"hatch run {name}", f"`pyproject.toml` has Hatch's script `{name}`", "Python", "hatch", STATED)


def _of_make(files: Mapping[str, str]) -> Iterator[Candidate]:
    yield from _of_named(files, _MAKEFILES, _TARGET, "make")


def _of_named(
    files: Mapping[str, str], places: tuple[str, ...], pattern: re.Pattern[str], program: str
) -> Iterator[Candidate]:
    place = next((name for name in places if name in files), None)
    if place is None:
        return
    for name in _plain_names(pattern.findall(files[place])):
        yield Candidate(f"{program} {name}", f"`{place}` has the target `{name}`", program, program, STATED)


def _of_package(files: Mapping[str, str]) -> Iterator[Candidate]:
    """https://docs.npmjs.com/cli/v11/using-npm/scripts"""
    if "package.json" not in files:
        return
    scripts = _scripts(files["package.json"])
    manager = next((program for lock, program in _MANAGERS if lock in files), "npm")
    for name in _plain_names({key: text for key, text in scripts.items() if _NO_TEST not in text}):
        why = f"`package.json` has the script `{name}`"
        yield Candidate(f"{manager} run {name}", why, "JavaScript", manager, STATED)
        if manager != "npm":
            yield Candidate(f"npm run {name}", why, "JavaScript", "npm", STATED)
    example = next((path for path in sorted(files) if _NODE_TEST.fullmatch(path)), None)
    if example is not None:
        yield Candidate("node --test", f"there are tests such as `{example}`", "JavaScript", "node")


def _plain_names(found: Any) -> list[str]:
    there = set(found)
    return [name for name in _NAMES if name in there and _PLAIN.fullmatch(name)]


def _scripts(text: str) -> dict[str, str]:
    return {key: str(value) for key, value in table_at(read_json(text), "scripts").items()}


def _deno_tasks(files: Mapping[str, str]) -> dict[str, Any]:
    return table_at(read_json(files.get("deno.json", "")), "tasks")


def _hatch_scripts(text: str) -> dict[str, Any]:
    """https://hatch.pypa.io/latest/config/environment/overview/#scripts"""
    return table_at(read_toml(text), "tool", "hatch", "envs", "default", "scripts")
