"""Work that was shown before is shown by what changed since."""

import subprocess
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from app.workflows.handing_in import _STAMP, _UNSEEN, _diff_told
from tests.support.commits import Commits


def work_in(tmp_path: Path) -> tuple[Any, bytes, str]:
    """A workshop with the second state of the work, its diff, and the tree of the first state."""
    subprocess.run(["git", "init", "--quiet", "--bare", tmp_path], check=True)
    made = Commits(tmp_path)
    commits = [made.make({"a.py": f"{one}\n", "b.py": f"{other}\n"}) for one, other in ((1, 1), (2, 1), (2, 2))]
    base, first, second = (made.at(f"{each}^{{tree}}") for each in commits)
    patch = subprocess.run(["git", "diff", base, second], cwd=tmp_path, check=True, capture_output=True).stdout
    return SimpleNamespace(mirror=tmp_path, tree=second), patch, first


async def test_the_first_look_shows_all(tmp_path: Path):
    workshop, patch, first = work_in(tmp_path)
    for known in ("", "some test printed this", f"the work: tree {first} and more", _UNSEEN.format(first)):
        shown = await _diff_told(workshop, patch, known)
        assert shown.startswith("Your diff:")
        assert "+++ b/a.py" in shown
        assert "+++ b/b.py" in shown


async def test_the_second_look_shows_what_the_first_did_not(tmp_path: Path):
    workshop, patch, first = work_in(tmp_path)
    shown = await _diff_told(workshop, patch, _STAMP.format(first))
    assert shown.startswith("What changed since you were shown your diff")
    assert "+++ b/b.py" in shown
    assert "a.py" not in shown
