"""Removing what commands left, however they nested it."""

import shutil
import subprocess
from pathlib import Path


def remove_tree(path: Path) -> None:
    """Take a folder away, links not followed; what cannot be removed stays. Python's own way ends at 1,000 levels.

    Folders that were closed to their owner are opened before: Go's cache of modules cannot be written to, say.
    """
    try:
        shutil.rmtree(path, ignore_errors=True)
    except RecursionError:
        _run("rm", "-rf", "--", path)
    if path.is_dir() and not path.is_symlink():
        _run("chmod", "-R", "u+rwX", "--", path)  # of the links that it comes by it changes nothing
        _run("rm", "-rf", "--", path)


def _run(*command: str | Path) -> None:
    subprocess.run(command, check=False, capture_output=True)
