"""What analyzers print that do not come with Quorum."""

import pytest

from app.sandbox.analyzers.alarm import Alarm
from app.sandbox.analyzers.catalog import CATALOG
from app.sandbox.analyzers.eslint import read_eslint
from app.sandbox.errors import ReportError

ACTIONLINT = next(each for each in CATALOG if each.name == "actionlint")


def test_actionlint_prints_a_list():
    text = """[{"message": "label \\"ubuntu\\" is unknown", "filepath": ".github/workflows/ci.yml", "line": 5,
        "column": 14, "kind": "runner-label", "snippet": "x", "end_column": 19}]"""
    assert ACTIONLINT.read("actionlint", text) == [
        Alarm("actionlint", "runner-label", "error", ".github/workflows/ci.yml", 5, 5, 'label "ubuntu" is unknown')
    ]
    assert ACTIONLINT.read("actionlint", "[]") == []


@pytest.mark.parametrize("text", ["", "{}", '{"": 3}', "3", "[3]", '[{"filepath": "a"}]'])
def test_something_else_is_no_list(text: str):
    with pytest.raises(ReportError):
        ACTIONLINT.read("actionlint", text)


def test_eslint_prints_files_with_messages():
    text = """[{"filePath": "/work/web/a.js", "messages": [
        {"ruleId": "no-eval", "severity": 2, "message": "Evil.", "line": 3, "column": 1, "endLine": 4},
        {"ruleId": null, "severity": 1, "message": "File ignored by default."},
        {"ruleId": null, "fatal": true, "severity": 2, "message": "Parsing error", "line": 9},
        {"ruleId": "semi", "severity": 1, "message": "Missing.", "line": null}]},
        {"filePath": "/work/b.js", "messages": []}]"""
    assert read_eslint("eslint", text) == [
        Alarm("eslint", "no-eval", "error", "web/a.js", 3, 4, "Evil."),
        Alarm("eslint", "syntax", "error", "web/a.js", 9, 9, "Parsing error"),
        Alarm("eslint", "semi", "warning", "web/a.js", 0, 0, "Missing."),
    ]


@pytest.mark.parametrize("text", ["", "{}", "[3]", '[{"messages": []}]', '[], "files": []', "[" * 9000])
def test_something_else_is_no_report(text: str):
    with pytest.raises(ReportError, match=r"it printed no report of ESLint's"):
        read_eslint("eslint", text)
