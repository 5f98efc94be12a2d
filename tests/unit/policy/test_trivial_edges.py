"""The bounds of what is trivial, and of who shares a reader."""

import pytest
from test_trivial import change, why

from app.policy.increment import SMALL_CHARACTERS
from app.policy.pairing import pairs_of


@pytest.mark.parametrize(
    ("path", "lines", "told"),
    [
        ("docs/release.notes.md", (), "only documents"),
        ("docs/v1.2/a.md", (), "only documents"),
        ("src/a.test.ts", ("-// Teh case.", "+// The case."), "only comments and white space"),
        ("tests/a.py", ("-# Teh help.", "+# The help."), "only comments and white space"),
        ("docs/a.md", ("+One\tword.",), "only documents"),
        ("src/a.py", ("-\t# Teh", "+\t# The"), "only comments and white space"),
        ("src/a.py", ("-x = 1\t ", "+x = 1"), "only comments and white space"),
        ("src/a.py", ("-#Teh", "+#The"), None),
        ("src/a.py", ("-x = 1  ", "+x = 1", " y", "-z = 'l\u0456ke' ", "+z = 'l\u0456ke'"), None),
        ("src/a.py", ("-# Teh", "+# The", " y", "-z = 1", "+z = 2"), None),
        ("docs/a.md", ("+Fine.", "+A l\u0456ke letter."), None),
    ],
)
def test_what_is_and_is_not_trivial_by_one_sign(path, lines, told):
    assert why(change(path, *lines)) == told


def test_a_new_document_is_one():
    assert why(change("docs/a.md", "+Words.", status="added")) == "only documents"


def test_a_pair_that_nobody_else_is_asked_beside_shares_a_reader():
    pair = ("testing", "documentation")

    assert pairs_of(pair, (), "medium", SMALL_CHARACTERS - 1) == (pair,)
    assert pairs_of(pair, (), "medium", SMALL_CHARACTERS) == ()
    assert pairs_of(pair, (), "low", SMALL_CHARACTERS) == (pair,)
