"""A test that fails alone has the suite fail; one that fails beside others only is named."""

from pathlib import Path

import pytest

from tests.support.suite import main

BROKEN = "def test_broken():\n    assert False\n"
UNSTABLE = """
from pathlib import Path

def test_unstable():
    first = not Path("seen").exists()
    Path("seen").touch()
    assert not first
"""


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PYTEST_XDIST_WORKER", raising=False)
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    return tmp_path


def test_what_holds_alone_is_named_and_refuses_nothing(project: Path, capfd: pytest.CaptureFixture[str]):
    (project / "test_it.py").write_text(UNSTABLE + "def test_fine():\n    pass\n")
    assert main(["-q"]) == 0
    told = capfd.readouterr().out
    assert "UNSTABLE" in told
    assert told.endswith("\n  test_it.py::test_unstable\n")


def test_what_fails_alone_too_refuses_whatever_else_held(project: Path, capfd: pytest.CaptureFixture[str]):
    (project / "test_it.py").write_text(UNSTABLE + BROKEN)
    assert main(["-q"]) == 1
    assert "UNSTABLE" not in capfd.readouterr().out


def test_many_that_fail_are_no_accident(project: Path, capfd: pytest.CaptureFixture[str]):
    tests = "".join(UNSTABLE.replace("unstable", f"unstable_{n}").replace("seen", f"seen-{n}") for n in range(4))
    (project / "test_it.py").write_text(tests)
    assert main(["-q"]) == 1
    assert "once more" not in capfd.readouterr().out


@pytest.mark.parametrize(("test", "code"), [("import nothing_of_the_kind\n", 2), ("def test_fine():\n    pass\n", 0)])
def test_nothing_is_tried_again_where_no_test_failed(
    project: Path, capfd: pytest.CaptureFixture[str], test: str, code: int
):
    (project / "test_it.py").write_text(test)
    assert main(["-q"]) == code
    told = capfd.readouterr().out
    assert "once more" not in told
    assert "UNSTABLE" not in told
