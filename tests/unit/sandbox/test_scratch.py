import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

MAKES_ONE = "from app.sandbox.scratch import scratch; print(scratch(), flush=True); "


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return tmp_path


def start(then: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", MAKES_ONE + then], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def test_a_process_that_ends_leaves_nothing(temporary: Path):
    with start("pass") as process:
        assert process.wait() == 0
    assert list(temporary.iterdir()) == []


def test_what_a_killed_process_left_is_removed_by_the_next_one_and_what_is_in_use_is_not(temporary: Path):
    with start("input()") as killed, start("input()") as living:
        left, used = Path(killed.stdout.readline().strip()), Path(living.stdout.readline().strip())
        killed.kill()
        killed.wait()
        assert left.is_dir()
        with start("pass") as process:
            assert process.wait() == 0
        assert not left.exists()
        assert used.is_dir()
        living.kill()


def test_a_folder_of_somebody_else_and_a_link_are_let_be(temporary: Path):
    elsewhere = Path(tempfile.mkdtemp(dir=temporary, prefix="elsewhere-"))
    (elsewhere / "lock").touch()
    (temporary / "quorum-sandbox-link").symlink_to(elsewhere)
    (temporary / "quorum-sandbox-half").mkdir()
    with start("pass") as process:
        assert process.wait() == 0
    assert [path.name for path in elsewhere.iterdir()] == ["lock"]
    assert (temporary / "quorum-sandbox-half").is_dir()


def test_a_file_in_the_place_of_a_folder_stops_nobody(temporary: Path):
    (temporary / "quorum-sandbox-file").touch()
    with start("pass") as process:
        assert process.wait() == 0
