"""Hosts that a project's set-up may reach. Pure."""

import re

REGISTRIES = (
    *("pypi.org", "files.pythonhosted.org"),
    *("registry.npmjs.org", "registry.yarnpkg.com"),
    *("proxy.golang.org", "sum.golang.org"),
    *("index.crates.io", "static.crates.io", "crates.io"),
    *("rubygems.org", "index.rubygems.org"),
    "repo.packagist.org",
    *("repo.maven.apache.org", "repo1.maven.org", "plugins.gradle.org", "services.gradle.org"),
    "api.nuget.org",
    *("hex.pm", "repo.hex.pm", "builds.hex.pm"),
)
"""Public registries of packages, from which one can read, and to which nothing is written without an account."""
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"(?:http://)?({_LABEL}(?:\.{_LABEL})*)(?::([0-9]{{1,5}}))?")
_MOST_CHARS = 253
_LAST_PORT = 65_535


def parse_hosts(told: tuple[str, ...]) -> tuple[str, ...]:
    """In small letters, each once. Raises `ValueError` that names the entry and says what to write."""
    return tuple(dict.fromkeys(map(_host, told)))


def _host(text: str) -> str:
    found = _HOST.fullmatch(text.strip().lower())
    if found is None or len(found[1]) > _MOST_CHARS or not 0 < int(found[2] or 1) <= _LAST_PORT:
        told = "write one host, such as `pypi.org`, `mirror.example.com:8443` or `http://mirror.example.com:8080`"
        raise ValueError(f"`{text[:80]}` is no host: {told}; no path, no `https://`, no star")
    return found[0]
