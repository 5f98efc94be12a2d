"""A virtual environment gets the commands of what is installed around it."""

import subprocess
import sys
from importlib.metadata import Distribution
from pathlib import Path

from app.sandbox.exposing import expose


def installed(place: Path, *entries: str) -> Distribution:
    about = place / "tool-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Name: tool\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("\n".join(["[console_scripts]", *entries, "[other]", "plugin = tool:run"]))
    return Distribution.at(about)


def test_a_command_is_started_by_the_environments_own_interpreter(tmp_path: Path) -> None:
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "there").write_text("its own")
    found = installed(tmp_path, "tell = platform:sys.stdout.flush", "there = platform:node", "../out = platform:node")

    expose([found], folder, sys.executable)

    assert {each.name for each in folder.iterdir()} == {"tell", "there"}
    assert not (tmp_path / "out").exists()
    assert (folder / "there").read_text() == "its own"
    assert (folder / "tell").read_text().splitlines()[0] == f"#!{sys.executable}"
    assert subprocess.run([folder / "tell"], check=False, capture_output=True).returncode == 0
