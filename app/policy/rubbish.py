"""Files that come about by working and belong into no commit, and files that are too big for one. Pure."""

import re
from collections.abc import Collection

BIG_BYTES = 500 * 1024
"""Of lines that one file adds. Git keeps them for ever, and nobody reads them; lock files are long by nature."""

_SORTS = (
    ("it is a cache that a program made", re.compile(
        r"(?:^|/)(?:__pycache__|\.pytest_cache|\.mypy_cache|\.ruff_cache|\.hypothesis|\.tox|\.nox|\.cache|\.gradle"
        r"|\.parcel-cache|\.nyc_output|\.eggs|[^/]+\.egg-info)/|\.py[co]$|(?:^|/)\.eslintcache$|\.tsbuildinfo$"
    )),
    ("it is what a build or an installation made", re.compile(
        r"(?:^|/)(?:node_modules|bower_components|\.venv|venv|site-packages|htmlcov)/"
        r"|^(?:dist|build|target|out|coverage)/|\.(?:o|obj|class|so|dylib|dll|exe)$"
    )),
    ("it is a report or a log of a program that was run", re.compile(
        r"(?:^|/)(?:\.coverage(?:\..+)?|coverage\.xml|lcov\.info|junit\.xml|nohup\.out|core\.\d+)$|\.(?:log|prof|pid)$"
    )),
    ("it belongs to an editor or a desktop", re.compile(
        r"(?:^|/)(?:\.idea|\.vscode|\.vs|\.fleet)/|(?:^|/)(?:\.DS_Store|Thumbs\.db|desktop\.ini|\.#[^/]+|#[^/]+#)$"
        r"|\.sw[a-p]$|~$|\.(?:iml|code-workspace)$"
    )),
    ("it is left over from trying something out", re.compile(r"\.(?:orig|rej|bak|tmp|temp|old)$")),
    ("it may hold what is secret", re.compile(
        r"(?:^|/)(?:\.env(?:\.(?!example$|sample$|template$|dist$|test$)[^/]+)?|id_(?:rsa|dsa|ecdsa|ed25519)|\.netrc"
        r"|\.pypirc)$|\.(?:p12|pfx|keystore|jks)$"
    )),
)  # fmt: skip
_LOCKS = re.compile(
    r"(?:^|/)(?:package-lock\.json|npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|poetry\.lock|uv\.lock|Pipfile\.lock"
    r"|pdm\.lock|Cargo\.lock|Gemfile\.lock|composer\.lock|go\.sum|mix\.lock|flake\.lock|bun\.lockb?|packages\.lock\.json)$"
)


def why_rubbish(path: str, known: Collection[str]) -> str | None:
    """Why a new file of this name is not to be committed; None where nothing speaks against it.

    `known`: the files that the project has. A project that keeps files of the same sort wants them.
    """
    for reason, pattern in _SORTS:
        if pattern.search(path):
            return None if any(pattern.search(each) for each in known) else reason
    return None


def why_too_big(path: str, added_bytes: int) -> str | None:
    if added_bytes <= BIG_BYTES or is_lock(path):
        return None
    return f"it adds {added_bytes:,} bytes, more than {BIG_BYTES:,}, which nobody reads and git keeps for ever"


def is_lock(path: str) -> bool:
    """Whether a package manager writes the file."""
    return _LOCKS.search(path) is not None
