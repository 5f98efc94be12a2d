"""What git does with files alone, done without it: a new bare repository, a ref, objects that another one has.

Whatever is not plain is left to git: each function says whether it did it.
"""

import os
import re
import shutil
import subprocess
import tempfile
import uuid
import zlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

NOTHING = "0" * 40
_NAME = re.compile(r"[0-9a-f]{40}")


def place_of(name: str) -> str:
    """Of an object, below its repository."""
    return f"objects/{name[:2]}/{name[2:]}"


def holds(repository: Path, names: Iterable[str]) -> bool:
    """As files of their own: what lies in packs is not looked for."""
    return all((repository / place_of(each)).exists() for each in names)


def holds_commit(repository: Path, name: str) -> bool:
    """As a file of its own."""
    place = repository / place_of(name)
    if not _NAME.fullmatch(name) or not place.exists():
        return False
    return zlib.decompressobj().decompress(place.read_bytes(), 7) == b"commit "


def names_in(words: Iterable[str]) -> list[str]:
    """Full names of objects, wherever they stand."""
    return [name for each in words for name in _NAME.findall(each)]


def read_ref(place: Path) -> str | None:
    return place.read_text().strip() if place.is_file() else None


def move_ref(repository: Path, ref: str, after: str, before: str | None = None) -> bool:
    """As `git update-ref`, whose checks are made: `before` is what it must be at, or `NOTHING`."""
    place = repository / ref
    now = read_ref(place) or NOTHING
    if (
        before not in {None, now}
        or place.is_dir()
        or not ref.startswith("refs/")
        or not holds_commit(repository, after)
    ):
        return False
    if (repository / "packed-refs").exists():
        return False
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        return False  # a branch `a` stands in the way of `a/b`, which git tells
    written = repository / f"written-{uuid.uuid4().hex}"
    written.write_text(f"{after}\n")
    written.replace(place)
    return True


def new_repository(path: Path) -> None:
    """As `git init --bare --template= --initial-branch=main`."""
    shutil.copytree(Path(_empty().name) / "empty", path, dirs_exist_ok=True)


@cache
def _empty() -> tempfile.TemporaryDirectory[str]:
    """Of git's making; removed when the process ends."""
    folder = tempfile.TemporaryDirectory(prefix="quorum-empty-")
    env = {"PATH": os.defpath, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"}
    command = ("git", "init", "--quiet", "--bare", "--template=", "--initial-branch=main", "empty")
    subprocess.run(command, cwd=folder.name, env=env, check=True)
    return folder


def link_objects(names: Iterable[str], start: Path, end: Path) -> None:
    """Into a repository that may have some of them already."""
    for each in names:
        place = end / place_of(each)
        if not place.exists():
            place.parent.mkdir(exist_ok=True)
            os.link(start / place_of(each), place)
