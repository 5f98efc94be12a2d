"""How what a Python project's tests need is installed, into the virtual environment that is there.

https://packaging.python.org/en/latest/specifications/pyproject-toml/ and, for groups,
https://packaging.python.org/en/latest/specifications/dependency-groups/
"""

import configparser
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from app.knowledge.setups.plan import Step, plain
from app.knowledge.suites.python import configures_pytest, python_tests
from app.knowledge.tables import read_toml, table_at

_PIP = "python3 -m pip install -q"
_GROUPS_SINCE = "'pip>=25.1'"
"""https://pip.pypa.io/en/stable/news/#v25-1"""
_TESTING, _DEVELOPING = ("test", "tests", "testing"), ("dev", "develop", "development")
_MOST_NAMES = 5
_REQUIREMENTS = (
    "requirements.txt",
    *(f"{kind}{between}requirements.txt" for kind in ("dev", "test") for between in "-_"),
    *(f"requirements{between}{kind}.txt" for between in "-_./" for kind in (*_TESTING, *_DEVELOPING)),
)
_QUOTED_EXTRA = re.compile(r"['\"](tests?|testing|dev|develop)['\"]\s*(?::|\]\s*=)")
_IN_SRC = re.compile(r"src/[^/]+/__init__\.py|src/[^/]+\.py")
_VERSIONS = (
    ("setuptools_scm", "SETUPTOOLS_SCM_PRETEND_VERSION"),
    ("setuptools-scm", "SETUPTOOLS_SCM_PRETEND_VERSION"),
    ("hatch-vcs", "SETUPTOOLS_SCM_PRETEND_VERSION"),
    ("pdm-backend", "PDM_BUILD_SCM_VERSION"),
    ("poetry-dynamic-versioning", "POETRY_DYNAMIC_VERSIONING_BYPASS"),
    ("pbr", "PBR_VERSION"),
)
"""Build backends that ask git for a version; there is no history where the project is set up."""


def of_python(files: Mapping[str, str]) -> Iterator[Step]:
    """By the lock file where there is one, else by lists of requirements and by the project itself."""
    steps = list(_installed(files, read_toml(files.get("pyproject.toml", ""))))
    yield from steps
    tests = python_tests(files)
    mark = configures_pytest(files) or (tests[0] if steps and tests else None)
    if mark is not None:
        yield Step(f"python3 -c 'import pytest' 2>/dev/null || {_PIP} pytest", mark)


def _installed(files: Mapping[str, str], project: Mapping[str, Any]) -> Iterator[Step]:
    if "uv.lock" in files and project:
        yield Step(_uv(project), "uv.lock")
    elif "poetry.lock" in files or table_at(project, "tool", "poetry"):
        yield Step(_poetry(project), "poetry.lock" if "poetry.lock" in files else "pyproject.toml")
    elif "Pipfile.lock" in files:
        yield Step(_by_tool("pipenv", "sync --dev"), "Pipfile.lock")
    else:
        yield from _by_pip(files, project)


def _uv(project: Mapping[str, Any]) -> str:
    """https://docs.astral.sh/uv/reference/cli/#uv-sync; its own group `dev` is installed in any case."""
    words = [f" --extra {name}" for name in _wanted(table_at(project, "project", "optional-dependencies"))]
    words += [f" --group {name}" for name in _wanted(table_at(project, "dependency-groups"))]
    words += [" --all-packages"] if "workspace" in table_at(project, "tool", "uv") else []
    there = f"command -v uv >/dev/null || {_PIP} uv"
    return f'{there}; {_version(project)}uv sync -q --frozen --inexact --python "$VIRTUAL_ENV"{"".join(words)}'


def _poetry(project: Mapping[str, Any]) -> str:
    """https://python-poetry.org/docs/cli/#install; groups that are not optional are installed in any case."""
    poetry = table_at(project, "tool", "poetry")
    groups = table_at(poetry, "group")
    optional = [name for name in groups if table_at(groups, name).get("optional") is True]
    extras = {**table_at(poetry, "extras"), **table_at(project, "project", "optional-dependencies")}
    words = [f" --extras {name}" for name in _wanted(extras)] + [f" --with {name}" for name in _wanted(optional)]
    return _version(project) + _by_tool("poetry", f"install --no-interaction{''.join(words)}")


def _by_tool(name: str, words: str) -> str:
    """By a program in an environment of its own, where what it needs gets in nobody's way."""
    place = f"~/.cache/{name}-itself"
    return f"python3 -m venv {place} && {place}/bin/pip install -q {name} && {place}/bin/{name} {words}"


def _by_pip(files: Mapping[str, str], project: Mapping[str, Any]) -> Iterator[Step]:
    lists = [name for name in _REQUIREMENTS if name in files]
    if lists:
        yield Step(f"{_PIP}{''.join(f' -r {name}' for name in lists)}", lists[0])
    groups = _wanted(table_at(project, "dependency-groups"))
    words = "".join(f" --group {name}" for name in groups)
    if words:
        yield Step(f"{_PIP} {_GROUPS_SINCE} && {_PIP}{words}", "pyproject.toml")
    if "setup.py" in files or _is_built(files, project):
        extras = ",".join(_extras(files, project))
        file = "pyproject.toml" if project else "setup.py"
        yield Step(f"{_version(project)}{_PIP} -e '.{f'[{extras}]' if extras else ''}'", file)
    elif table_at(project, "project").get("dependencies") or table_at(project, "project", "optional-dependencies"):
        # A list of dependencies alone: building it may well fail, as nothing says which folders belong to it.
        extras = "".join(f" --extra {name}" for name in _extras(files, project))
        yield Step(f"{_PIP} uv && uv pip install -q -r pyproject.toml{extras}", "pyproject.toml")


def _is_built(files: Mapping[str, str], project: Mapping[str, Any]) -> bool:
    """Whether it is a package that has to be installed to be imported, or may have to be."""
    if "build-system" in project:
        return True
    return bool(table_at(project, "project")) and any(_IN_SRC.fullmatch(path) for path in files)


def _extras(files: Mapping[str, str], project: Mapping[str, Any]) -> list[str]:
    told = {*table_at(project, "project", "optional-dependencies"), *_extras_of_cfg(files.get("setup.cfg", ""))}
    told |= set(_QUOTED_EXTRA.findall(files.get("setup.py", "")))
    return _wanted(told)


def _extras_of_cfg(text: str) -> list[str]:
    """https://setuptools.pypa.io/en/latest/userguide/declarative_config.html"""
    read = configparser.RawConfigParser(strict=False, allow_no_value=True)
    try:
        read.read_string(text)
        return read.options("options.extras_require")
    except configparser.Error:
        return []


def _wanted(names: Collection[str]) -> list[str]:
    """Those for tests; else those for developing, which are more; else whatever has `test` in its name."""
    known = sorted(name for name in names if plain(name))
    for wanted in (_TESTING, _DEVELOPING):
        found = [name for name in known if name.casefold() in wanted]
        if found:
            return found
    return [name for name in known if "test" in name.casefold()][:_MOST_NAMES]


def _version(project: Mapping[str, Any]) -> str:
    """Any version will do for what asks git for one; where there is a way, it is not said of other packages, too.

    https://setuptools-scm.readthedocs.io/en/latest/overrides/
    """
    needs = table_at(project, "build-system").get("requires")
    told = " ".join(map(str, needs)).casefold() if isinstance(needs, list) else ""
    found = next(((words, variable) for words, variable in _VERSIONS if words in told), None)
    if found is None:
        return ""
    words, variable = found
    name = table_at(project, "project").get("name")
    if words.startswith("setuptools") and plain(name):
        variable += f"_FOR_{re.sub('[-_.]+', '_', str(name)).upper()}"
    return f"export {variable}=99.0; "
