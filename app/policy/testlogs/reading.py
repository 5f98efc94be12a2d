"""Which tests failed, read from what a test command printed. Pure; silent where the names are not surely all."""

import re
from dataclasses import replace

from app.policy.testlogs.compiled import read_cargo, read_go, read_gradle, read_maven
from app.policy.testlogs.javascript import read_jest, read_node, read_tap, read_vitest
from app.policy.testlogs.python import read_pytest, read_unittest
from app.policy.testlogs.scripting import read_phpunit, read_rspec
from app.policy.testlogs.unit import Unit

_READERS = (
    *(read_pytest, read_unittest, read_go, read_cargo, read_maven, read_gradle),
    *(read_jest, read_vitest, read_node, read_tap, read_rspec, read_phpunit),
)
_MOST_NAMES, _MOST_UNITS = 500, 5000
_NAME_CHARS = 300
_MOST_LINES, _LINE_CHARS = 50_000, 400
"""Strangers choose what is printed: with these no reader takes long, whatever it is. Messages come behind names."""
_ESCAPE = re.compile(r"\x1b(?:\[[0-9;?]*[A-Za-z]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[()][A-Z0-9])")
_ADDRESS = re.compile(r"0x[0-9a-fA-F]{6,}")
"""Stands in a test's name where an object without one of its own is a parameter, and differs each time."""


def read_testlog(output: str) -> tuple[Unit, ...]:
    """The units of tests that were run, in order; empty where the output does not tell each failing test by name.

    The text was written by strangers' tests, so that this is what they say of themselves. `output` must be whole.
    """
    if output.count("\n") > _MOST_LINES:
        return ()
    plain = _ESCAPE.sub("", output).replace("\r\n", "\n")
    lines = [line[:_LINE_CHARS].rstrip() for line in plain.split("\n")]
    units = [_bounded(unit) for read in _READERS for unit in read(lines) or ()]
    few = len(units) <= _MOST_UNITS and sum(len(unit.failing) for unit in units) <= _MOST_NAMES
    return tuple(units) if few else ()


def _bounded(unit: Unit) -> Unit:
    return replace(
        unit,
        name=unit.name[:_NAME_CHARS],
        failing=tuple(_ADDRESS.sub("0x…", name)[:_NAME_CHARS] for name in unit.failing),
    )
