"""Putting values into the file of settings, so that what people wrote there stays as it is."""

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

import tomlkit

Value = str | int | float


def write_values(path: Path, values: Mapping[str, Value]) -> None:
    """Set these keys and leave all others, and comments, alone. Nobody else can read the file afterwards.

    It is replaced as a whole: who dies here leaves the old one. Raises `OSError` where it cannot be written.
    """
    document = tomlkit.parse(path.read_text(encoding="utf-8") if path.is_file() else _HEAD)
    for key, value in values.items():
        document[key] = value
    write_private(path, tomlkit.dumps(document))


def write_private(path: Path, text: str) -> None:
    """Replace a file by one that only its owner can read, durably."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    target = path.resolve()
    descriptor, made = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(made).replace(target)
        _sync(target.parent)
    except BaseException:
        Path(made).unlink(missing_ok=True)
        raise


def _sync(folder: Path) -> None:
    """So that the new name outlives a power cut: https://man7.org/linux/man-pages/man2/fsync.2.html."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


_HEAD = "# Quorum's settings. `quorum config settings` explains each of them.\n"
