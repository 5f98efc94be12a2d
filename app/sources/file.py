"""The file of settings: where it is looked for, and what stands in it.

TOML (https://toml.io/en/v1.0.0), one key a setting. It is never looked for in the working directory: that may be a
stranger's repository, and whoever names the model's address gets its key.
"""

import os
import re
import tomllib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

NAME = "quorum.toml"
DATA_DIR = "~/.local/share/quorum"
VARIABLE = "QUORUM_CONFIG"


_instead: ContextVar[Path | None] = ContextVar("instead", default=None)


class SettingsError(ValueError):
    """Settings that cannot be used. The text names each one and where it was set."""


def settings_file(data_dir: object = None) -> Path | None:
    """The file that counts: what QUORUM_CONFIG names, else `quorum.toml` in the data folder. None: there is none.

    `data_dir`: the data folder as the command line has it. Raises `SettingsError` for a QUORUM_CONFIG that is no file;
    one that is set to nothing says that no file is to be read.
    """
    if (instead := _instead.get()) is not None:
        return instead
    named = os.environ.get(VARIABLE)
    if named is None:
        usual = usual_file(data_dir)
        return usual if usual.is_file() else None
    if not named:
        return None
    path = at_home(named)
    if not path.is_file():
        raise SettingsError(f"{VARIABLE}: there is no file {path}; write it, or unset {VARIABLE}")
    return path


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Within the block this file counts, whatever else is named."""
    token = _instead.set(path)
    try:
        yield
    finally:
        _instead.reset(token)


def usual_file(data_dir: object = None) -> Path:
    """Where the file is if QUORUM_CONFIG is not set, whether it is there or not."""
    return at_home(str(data_dir or os.environ.get("QUORUM_DATA_DIR") or DATA_DIR)) / NAME


def at_home(path: str | Path) -> Path:
    """Raises `SettingsError` for the `~` of somebody who is not known here."""
    try:
        return Path(path).expanduser().absolute()
    except RuntimeError as error:
        raise SettingsError(f"{path} is nobody's home folder ({error}); write a whole path") from error


def read_file(path: Path, known: Collection[str]) -> dict[str, Any]:
    """What the file says, by setting. Raises `SettingsError` with file and line for what is no TOML or no setting."""
    text = _text(path)
    try:
        found = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise SettingsError(f"{path} is no TOML: {error}") from error
    strange = [key for key in found if key not in known]
    if strange:
        told = "; ".join(f"{place_of(path, key)}: there is no setting `{key}`" for key in strange)
        raise SettingsError(f"{told}. `quorum config settings` lists them all")
    return found


def place_of(path: Path, key: str) -> str:
    """The file, and the line in which a key is set, for a person to look at."""
    asked = re.compile(rf"""\s*(?:\[\s*)?["']?{re.escape(key)}["']?\s*[=.\]]""")
    for number, line in enumerate(_text(path).splitlines(), start=1):
        if asked.match(line):
            return f"{path}, line {number}"
    return str(path)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} cannot be read ({error}); make it a text file that this user can read") from error
