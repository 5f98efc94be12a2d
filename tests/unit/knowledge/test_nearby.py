"""The names of files that stand in a prompt: all of few, and never very many."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.knowledge.nearby import render_files


def test_of_a_small_project_every_file_is_named():
    assert render_files(["a.py", "b/c.py", "b/d.md"], ["a.py"]) == "a.py\nb/c.py\nb/d.md"


def test_of_a_large_one_those_at_the_top_and_beside_the_change():
    paths = ["Makefile", *(f"far/{number}.py" for number in range(300)), "near/a.py", "near/b.py", "near/deep/c.py"]
    told = "Makefile\nnear/a.py\nnear/b.py\n(of 304 files; `list_files` tells the others)"
    assert render_files(paths, ["near/a.py"]) == told


@pytest.mark.parametrize("name", ["odd\nname", "od\udcffd"])
def test_a_name_that_is_no_plain_text_is_left_out(name: str):
    assert render_files(["a", name], []) == "a\n(of 2 files; `list_files` tells the others)"


@given(st.lists(st.text("ab/.", min_size=1, max_size=300), max_size=400), st.lists(st.text("ab/."), max_size=4))
def test_it_is_never_long(paths: list[str], changed: list[str]):
    told = render_files(paths, changed)
    assert len(told) <= 6_000 + 100
    assert told.count("\n") <= 150
