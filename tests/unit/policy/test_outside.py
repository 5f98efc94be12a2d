"""Files of a change that nothing speaks for."""

import pytest

from app.policy.outside import outside

CASES = [
    ("nothing is known of the task", [], ["a.py"], []),
    ("all is expected", ["a.py", "b.py"], ["b.py", "a.py"], []),
    ("one is not", ["a.py"], ["a.py", "lib/b.py"], ["lib/b.py"]),
    ("of the same name elsewhere", ["a.py"], ["lib/a.py"], ["lib/a.py"]),
    ("in a folder that is expected", ["lib/"], ["lib/b/c.py", "library.py"], ["library.py"]),
    ("said with a dot", ["./a.py"], ["a.py"], []),
    ("tests, documents and the changelog", ["a.py"], ["tests/test_a.py", "README.md", "docs/a.rst", "CHANGES"], []),
    ("what agents are told is no mere document", ["a.py"], ["AGENTS.md"], ["AGENTS.md"]),
]


@pytest.mark.parametrize(("name", "expected", "paths", "found"), CASES, ids=[case[0] for case in CASES])
def test_what_nothing_speaks_for(name: str, expected: list[str], paths: list[str], found: list[str]):
    assert outside(paths, expected) == found, name
