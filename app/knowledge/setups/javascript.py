"""How what a JavaScript project's tests need is installed, by the package manager whose lock file is there."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from app.knowledge.setups.plan import Step
from app.knowledge.tables import read_json

_NEEDS = ("dependencies", "devDependencies", "optionalDependencies", "peerDependencies", "workspaces")
_NPM = "--no-audit --no-fund --loglevel=error"
_PINNED = re.compile(r"(pnpm|yarn)@(\d{1,3}(?:\.\d{1,3}){0,2})(?![\d.])", re.ASCII)
_WRITTEN = re.compile(r"^lockfileVersion: ['\"]?(\d)", re.MULTILINE)
_PNPM = {"5": "7", "6": "8"}
"""The newest of pnpm that writes a lock file of that version; of any other, the newest there is."""
_NEWEST_PNPM = "10"


def of_javascript(files: Mapping[str, str]) -> Iterator[Step]:
    """Nothing for a package that needs no other."""
    package = read_json(files.get("package.json", ""))
    if any(package.get(key) for key in _NEEDS) or ("package.json" in files and "pnpm-workspace.yaml" in files):
        yield from _installed(files, package)


def _installed(files: Mapping[str, str], package: Mapping[str, Any]) -> Iterator[Step]:
    if "pnpm-lock.yaml" in files:
        get = _program("pnpm", f"pnpm@{_pnpm(files, package)}")
        yield _step("pnpm-lock.yaml", "pnpm install --frozen-lockfile", get)
    elif "yarn.lock" in files and _is_berry(files):
        get = _program("yarn", f"@yarnpkg/cli-dist@{_pinned('yarn', package) or '4'}")
        yield Step(f"{get}yarn install --no-immutable", "yarn.lock")
    elif "yarn.lock" in files:
        yield _step("yarn.lock", "yarn install --frozen-lockfile --non-interactive", _program("yarn", "yarn@1"))
    elif "bun.lock" in files or "bun.lockb" in files:
        lock = "bun.lock" if "bun.lock" in files else "bun.lockb"
        yield _step(lock, "bun install --frozen-lockfile", _program("bun", "bun@1"))
    else:
        locked = next((name for name in ("package-lock.json", "npm-shrinkwrap.json") if name in files), None)
        yield _step(locked or "package.json", f"npm {'ci' if locked else 'install'} {_NPM}")


def _step(lock: str, words: str, get: str = "") -> Step:
    """What packages run when they are installed may want hosts that are not allowed; often nobody needs its result."""
    return Step(f"{get}{words} || {words} --ignore-scripts", lock)


def _program(name: str, package: str) -> str:
    """Where the package manager is not there, it is a package itself."""
    return f"command -v {name} >/dev/null || npm install --global --prefix ~/.local {_NPM} {package}; "


def _pnpm(files: Mapping[str, str], package: Mapping[str, Any]) -> str:
    """The version that the project asks for, or the newest that reads its lock file."""
    written = _WRITTEN.search(files["pnpm-lock.yaml"][:1000])
    newest = _PNPM.get(written[1], _NEWEST_PNPM) if written is not None else _NEWEST_PNPM
    return _pinned("pnpm", package) or newest


def _pinned(name: str, package: Mapping[str, Any]) -> str:
    """https://nodejs.org/api/packages.html#packagemanager"""
    pinned = _PINNED.match(str(package.get("packageManager", "")))
    return pinned[2] if pinned is not None and pinned[1] == name else ""


def _is_berry(files: Mapping[str, str]) -> bool:
    """Yarn 2 and later: https://yarnpkg.com/configuration/yarnrc"""
    return ".yarnrc.yml" in files or "\n__metadata:" in files["yarn.lock"]
