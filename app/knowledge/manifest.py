"""What a project's own files say of it: name, version, and what it runs on. Pure."""

import json
import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from typing import Any

_FILES = (
    "pyproject.toml",
    "setup.cfg",
    "setup.py",
    "package.json",
    "Cargo.toml",
    "go.mod",
    ".python-version",
    ".nvmrc",
)
_VERSIONED = re.compile(r"(?:src/)?[^/]+/(?:__init__|_version|__version__|version)\.py|[^/]+\.py")
_MOST_VERSIONED = 8
_SAYS = r"^__version__(?:[ \t]*:[ \t]*\w+)?[ \t]*=[ \t]*[\"']([^\"'\n]{1,40})[\"']"
_KEY = r"^[ \t]*{}[ \t]*[=:][ \t]*[\"']?([^\"'\n#]{{1,80}})"
_PIN = re.compile(
    r"v?\d[\w.+-]*|(?:python|cpython|pypy|graalpy|miniconda|anaconda|miniforge|node|iojs)-?v?\d[\w.+-]*|lts/[\w*-]+"
)
_VALUE_CHARS = 80


def telling_of(paths: Iterable[str]) -> list[str]:
    """The files that may say it."""
    known = list(paths)
    versioned = [path for path in known if _VERSIONED.fullmatch(path) and path not in _READERS]
    return [*(path for path in _READERS if path in known), *versioned[:_MOST_VERSIONED]]


def describe_project(files: Mapping[str, str]) -> str:
    """A line for each file that says something; what cannot be read says nothing. Words of the project's own."""
    lines = []
    for path, text in files.items():
        said = {key: value for key, value in _said(path, text).items() if isinstance(value, str) and value.strip()}
        if said:
            lines.append(f"{path}: {', '.join(f'{key} {_short(value)}' for key, value in said.items())}")
    return "\n".join(lines)


def _said(path: str, text: str) -> dict[str, Any]:
    try:
        return _READERS.get(path, _of_source)(text)
    except (tomllib.TOMLDecodeError, ValueError, TypeError, AttributeError, RecursionError):
        return {}


def _of_pyproject(text: str) -> dict[str, Any]:
    read = tomllib.loads(text)
    about = {**read.get("tool", {}).get("poetry", {}), **read.get("project", {})}
    needs = about.get("requires-python") or about.get("dependencies", {})
    python = needs if isinstance(needs, str) else needs.get("python") if isinstance(needs, dict) else None
    return {"name": about.get("name"), "version": about.get("version"), "Python": python}


def _of_crate(text: str) -> dict[str, Any]:
    crate = tomllib.loads(text).get("package", {})
    return {"name": crate.get("name"), "version": crate.get("version"), "Rust": crate.get("rust-version")}


def _of_package(text: str) -> dict[str, Any]:
    package = json.loads(text)
    node = package.get("engines", {}).get("node")
    return {"name": package.get("name"), "version": package.get("version"), "Node": node}


def _of_setup(text: str) -> dict[str, Any]:
    keys = {"name": "name", "version": "version", "Python": "python_requires"}
    return {said: _first(_KEY.format(key), text) for said, key in keys.items()}


def _of_module(text: str) -> dict[str, Any]:
    return {"module": _first(r"^module (\S+)", text), "Go": _first(r"^go (\S+)", text)}


def _of_pin(text: str) -> dict[str, Any]:
    """Pyenv's environments, which people call as they like, stand there as versions do."""
    lines = (line.partition("#")[0].strip() for line in text.split("\n"))
    return {"pinned": next((line for line in lines if _PIN.fullmatch(line)), None)}


def _of_source(text: str) -> dict[str, Any]:
    return {"version": _first(_SAYS, text)}


def _first(pattern: str, text: str) -> str | None:
    found = re.search(pattern, text, re.MULTILINE)
    return found[1].strip() if found is not None else None


def _short(value: str) -> str:
    return " ".join(value.split())[:_VALUE_CHARS]


_READERS: dict[str, Callable[[str], dict[str, Any]]] = {
    "pyproject.toml": _of_pyproject,
    "setup.cfg": _of_setup,
    "setup.py": _of_setup,
    "package.json": _of_package,
    "Cargo.toml": _of_crate,
    "go.mod": _of_module,
    ".python-version": _of_pin,
    ".nvmrc": _of_pin,
}
