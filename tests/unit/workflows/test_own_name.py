"""What people are told to say begins with the name that this App has: to another one nobody answers."""

import ast
from pathlib import Path

from app import policy, workflows

ROOMS = [Path(next(iter(room.__path__))) for room in (policy, workflows)]
DESCRIBED = {"config.py"}
"""Descriptions in the schema of the policy file, which is the same for all."""


def test_no_text_tells_people_to_call_quorum():
    files = [file for room in ROOMS for file in room.rglob("*.py") if file.name not in DESCRIBED]
    assert len(files) > 200
    assert [file.name for file in files if any("`@quorum " in each for each in _said(file))] == []


def _said(file):
    """Its texts, without docstrings."""
    tree = ast.parse(file.read_text())
    docs = {ast.get_docstring(each, clean=False) for each in ast.walk(tree) if isinstance(each, _DOCUMENTED)}
    return {
        each.value for each in ast.walk(tree) if isinstance(each, ast.Constant) and isinstance(each.value, str)
    } - docs


_DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
