"""Parsers that break take nothing with them but the file that they broke over."""

import os
import signal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.knowledge import apart
from app.knowledge.apart import outlines_apart
from app.knowledge.languages import ENDINGS

CODE = b"def f(): pass\n"


async def test_outlines_come_in_the_order_of_the_files():
    found = await outlines_apart([("a.py", CODE), ("b.unknown", CODE), ("c.go", b"package p\nfunc g() {}\n")])
    assert [[symbol.name for symbol in each] for each in found] == [["f"], [], ["g"]]


async def test_an_input_that_keeps_its_grammar_busy_is_given_up():
    found = await outlines_apart([("a.cpp", b"a<b<" * 120_000), ("b.py", CODE)])
    assert [[symbol.name for symbol in each] for each in found] == [[], ["f"]]


async def test_a_process_that_breaks_costs_one_file(monkeypatch: pytest.MonkeyPatch, tmp_path):
    program = (
        "import sys, os, signal\n"
        "from app.knowledge import outlining\n"
        "real = outlining.outline\n"
        "def outline(path, source):\n"
        f"    return os.kill(os.getpid(), {int(signal.SIGSEGV)}) if path == 'bad.py' else real(path, source)\n"
        "outlining.outline = outline\n"
        "outlining.main()\n"
    )
    (tmp_path / "breaking.py").write_text(program)
    monkeypatch.setattr(apart, "CHILD", "breaking")
    monkeypatch.syspath_prepend(tmp_path)
    found = await outlines_apart([("a.py", CODE), ("bad.py", CODE), ("c.py", CODE)])
    assert [[symbol.name for symbol in each] for each in found] == [["f"], [], ["f"]]


async def test_the_process_gets_nothing_of_ours_but_the_way_to_the_code(monkeypatch: pytest.MonkeyPatch, tmp_path):
    (tmp_path / "telling.py").write_text(
        f"import os, pathlib\npathlib.Path({str(tmp_path / 'told')!r}).write_text(' '.join(sorted(os.environ)))\n"
    )
    monkeypatch.setenv("QUORUM_PRIVATE_KEY_FILE", "/secret")
    monkeypatch.setattr(apart, "CHILD", "telling")
    monkeypatch.syspath_prepend(tmp_path)
    assert await outlines_apart([("a.py", CODE)]) == [()]
    assert set((tmp_path / "told").read_text().split()) <= {"PATH", "PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "LC_CTYPE"}
    assert "QUORUM_PRIVATE_KEY_FILE" in os.environ


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sampled_from(sorted(ENDINGS)), st.binary(max_size=300)), min_size=20, max_size=60))
async def test_any_bytes_are_safe(files: list[tuple[str, bytes]]):
    found = await outlines_apart([(f"a.{ending}", source) for ending, source in files])
    assert len(found) == len(files)
    for (_, source), symbols in zip(files, found, strict=True):
        assert all(1 <= symbol.start <= symbol.end <= source.count(b"\n") + 1 for symbol in symbols)


async def test_modules_of_the_working_directory_are_not_ours(monkeypatch: pytest.MonkeyPatch, tmp_path):
    """It can be a stranger's work tree, where `quorum review` and the Action are started."""
    for name in ("app", "json", "struct"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text(f"open({str(tmp_path / 'executed')!r}, 'w').close()\n")
    monkeypatch.chdir(tmp_path)
    found = await outlines_apart([("a.py", CODE)])
    assert [[symbol.name for symbol in each] for each in found] == [["f"]]
    assert not (tmp_path / "executed").exists()
