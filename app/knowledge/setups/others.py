"""How what other projects' tests need is installed: a row for each file that marks an ecosystem.

Gradle is not among them: it wants to write where it keeps what it fetched, which later commands can only read.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any

from app.knowledge.setups.plan import Step
from app.knowledge.tables import read_json, read_toml, table_at

_CRATES = ("dependencies", "dev-dependencies", "build-dependencies")
_REQUIRE = re.compile(r"^\s*require\b", re.MULTILINE)
_PLATFORM = re.compile(r"php(?:-64bit)?|hhvm|(?:ext|lib|composer)-.*|composer")
"""https://getcomposer.org/doc/articles/composer-platform-dependencies.md"""
_NO_TEST = (
    "-B -q -Daether.connector.http.useSystemProperties=true -Dtest=NoSuchTest -DfailIfNoTests=false"
    " -Dsurefire.failIfNoSpecifiedTests=false test"
)
"""Fetches the runner of the tests, too, which `dependency:go-offline` does not know of."""
_BUILT = "find . -type d -name {} -prune -exec rm -rf {{}} +"
"""What was built on the way must not stay: it is built anew, where that which stays could not be written."""


def of_others(files: Mapping[str, str]) -> Iterator[Step]:
    """Of each ecosystem the first row that holds."""
    done = set()
    for glob, needed, ecosystem, command in _ROWS:
        found = next((path for path in sorted(files) if "/" not in path and fnmatchcase(path, glob)), None)
        if found is not None and ecosystem not in done and needed(files):
            done.add(ecosystem)
            yield Step(command, found)


def _always(files: Mapping[str, str]) -> bool:
    return bool(files)


def _modules(files: Mapping[str, str]) -> bool:
    """https://go.dev/ref/mod#vendoring"""
    return "vendor/modules.txt" not in files and bool(_REQUIRE.search(files.get("go.mod", "")))


def _crates(files: Mapping[str, str]) -> bool:
    manifest = read_toml(files["Cargo.toml"])
    targets = table_at(manifest, "target")
    places: list[Any] = [manifest, *(table_at(targets, name) for name in targets)]
    return "workspace" in manifest or any(place.get(key) for place in places for key in _CRATES)


def _packages(files: Mapping[str, str]) -> bool:
    manifest = read_json(files["composer.json"])
    names = {*table_at(manifest, "require"), *table_at(manifest, "require-dev")}
    return "vendor/autoload.php" not in files and any(not _PLATFORM.fullmatch(name) for name in names)


_ROWS: tuple[tuple[str, Callable[[Mapping[str, str]], bool], str, str], ...] = (
    ("go.work", _always, "Go", "go mod download"),
    ("go.mod", _modules, "Go", "go mod download"),
    ("Cargo.toml", _crates, "Rust", "cargo fetch"),
    (
        "Gemfile",
        _always,
        "Ruby",
        "bundle config set --global path ~/.bundle/gems && bundle install --quiet",
    ),
    ("composer.json", _packages, "PHP", "composer install --no-interaction --no-progress"),
    ("mvnw", _always, "Java", f"sh ./mvnw {_NO_TEST} && {_BUILT.format('target')}"),
    ("pom.xml", _always, "Java", f"mvn {_NO_TEST} && {_BUILT.format('target')}"),
    *(
        (glob, _always, ".NET", f"dotnet restore && {_BUILT.format('obj')}")
        for glob in ("*.sln", "*.slnx", "*.csproj", "*.fsproj")
    ),
    (
        "mix.lock",
        _always,
        "Elixir",
        "mix local.hex --force --if-missing && mix local.rebar --force --if-missing && mix deps.get",
    ),
)
