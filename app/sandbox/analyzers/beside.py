"""Where the sandbox finds analyzers: the folder in which the running interpreter has its packages, at a fixed place.

A fixed one, since the host's own may be hidden there: by the work tree, by the sandbox's /tmp, or behind a link.
"""

import os
import sys
import sysconfig
from pathlib import Path

from app.sandbox.bubblewrap import ANALYZERS

_PYTHON = os.path.realpath(sys.executable)
"""A virtual environment's interpreter is a link to the one that it was made from, which the sandbox has."""


def script(name: str) -> tuple[str, ...]:
    """The command line of a program that a package brought."""
    return (f"{_inside('scripts')}/{name}",)


def module(name: str) -> tuple[str, ...]:
    """The command line of a package in Python. `-P`: the work tree's modules are none of its own.

    https://docs.python.org/3/using/cmdline.html#cmdoption-P
    """
    return (_PYTHON, "-P", "-m", name)


def module_path() -> str:
    """What PYTHONPATH has to be for `module`."""
    return _inside("purelib")


def is_there(program: str) -> bool:
    """Whether a package brought a program of this name, beside this interpreter."""
    folder = Path(sysconfig.get_path("scripts"))
    return folder.is_relative_to(sys.prefix) and (folder / program).is_file()


def _inside(kind: str) -> str:
    return f"{ANALYZERS}/{os.path.relpath(sysconfig.get_path(kind), sys.prefix)}"
