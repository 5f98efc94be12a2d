"""A package that is not what it seems: what its set-up left fools neither those who read a change nor later runs."""

import asyncio
import sys
from pathlib import Path

import pytest

from app.agents.tools.files import edit_tool, reading_tools
from app.sandbox.analyzers.catalog import CATALOG
from app.sandbox.analyzers.invoke import alarms_of
from app.sandbox.bubblewrap import Bubblewrap
from app.sandbox.prepared_box import PreparedBox, with_prepared

_PROGRAMS = ("awk", "env", "grep", "find", "sh", "python3", "cat", "sort", "head")
_UNSAFE = "import subprocess\nsubprocess.call(input(), shell=True)\n"


@pytest.fixture
def fooled(tmp_path: Path) -> PreparedBox:
    """Its home has programs of the usual names, and what every Python loads at its start."""
    home = tmp_path / "prepared" / "home"
    programs = home / "venv" / "bin"
    programs.mkdir(parents=True)
    for name in _PROGRAMS:
        (programs / name).write_text("#!/bin/dash\necho nothing to see\n")
        (programs / name).chmod(0o755)
    prepared = with_prepared(Bubblewrap(packages=Path(sys.prefix)), tmp_path / "prepared")
    assert isinstance(prepared, PreparedBox)
    return prepared


async def test_what_an_agent_reads_is_what_stands_there(fooled: PreparedBox, tree: Path) -> None:
    """By the system's programs: by others an agent would see what a package would have it see."""
    (tree / "a.py").write_text(_UNSAFE)
    read, search, listing = reading_tools(fooled, tree)
    assert "shell=True" in (await read.run({"path": "a.py"})).text
    assert "shell=True" in (await search.run({"pattern": "subprocess"})).text
    assert (await listing.run({"glob": "*.py"})).text == "a.py"
    edited = await edit_tool(fooled, tree).run({"path": "a.py", "old": "True", "new": "False"})
    assert "nothing to see" not in edited.text
    assert "shell=False" in await asyncio.to_thread((tree / "a.py").read_text)


async def test_analyzers_that_come_with_quorum_are_not_silenced(fooled: PreparedBox, tree: Path) -> None:
    (tree / "a.py").write_text(_UNSAFE)
    bandit = next(each for each in CATALOG if each.name == "bandit")
    assert [alarm.line for alarm in await alarms_of(fooled, bandit, tree, ["a.py"])] == [2]
