"""SARIF as tools write it, and as somebody writes it who wishes us ill."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.sandbox.analyzers.alarm import Alarm
from app.sandbox.analyzers.sarif import read_sarif
from app.sandbox.errors import ReportError


def place(uri: str | None = "src/a.py", start: int = 3, **more: Any) -> dict[str, Any]:
    artifact = {"uri": uri, **more} if uri is not None else more
    return {"physicalLocation": {"artifactLocation": artifact, "region": {"startLine": start}}}


def result(**more: Any) -> dict[str, Any]:
    return {"ruleId": "R1", "message": {"text": "Wrong."}, "locations": [place()], **more}


def log(*results: dict[str, Any], rules: list[dict[str, Any]] | None = None, **run: Any) -> str:
    driver = {"name": "x", "rules": rules or []}
    return json.dumps({"version": "2.1.0", "runs": [{"tool": {"driver": driver}, "results": results, **run}]})


def read(*results: dict[str, Any], **more: Any) -> list[Alarm]:
    return read_sarif("x", log(*results, **more))


def test_a_result_is_an_alarm():
    assert read(result(level="error")) == [Alarm("x", "R1", "error", "src/a.py", 3, 3, "Wrong.")]


def test_a_result_about_several_places_is_an_alarm_at_each():
    found = read(result(locations=[place(start=1), place("b.py", 2)]))
    assert [(each.path, each.line) for each in found] == [("src/a.py", 1), ("b.py", 2)]


def test_a_region_that_is_not_said_means_the_whole_file():
    bare = {"physicalLocation": {"artifactLocation": {"uri": "a.py"}}}
    assert [(each.line, each.end_line) for each in read(result(locations=[bare]))] == [(0, 0)]


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("file:///work/src/a.py", "src/a.py"),
        ("./src/a.py", "src/a.py"),
        ("src/x%20y%C3%A9.py", "src/x yé.py"),
        ("src/../a.py", "a.py"),
        ("././a.py", "a.py"),
    ],
)
def test_paths_are_told_from_the_root_of_the_work_tree(uri: str, path: str):
    assert [each.path for each in read(result(locations=[place(uri)]))] == [path]


@pytest.mark.parametrize("uri", ["/etc/passwd", "file:///etc/passwd", "https://x.test/work/a.py", "http://[", None, ""])
def test_what_lies_elsewhere_or_nowhere_is_no_alarm(uri: str | None):
    assert read(result(locations=[place(uri)])) == []


def test_a_base_is_put_before_a_path_that_names_it():
    bases = {"SRC": {"uri": "file:///work/src/"}, "%SRCROOT%": {"description": {"text": "no uri"}}}
    found = read(
        result(locations=[place("a.py", uriBaseId="SRC"), place("b.py", uriBaseId="%SRCROOT%")]),
        originalUriBaseIds=bases,
    )
    assert [each.path for each in found] == ["src/a.py", "b.py"]


def test_a_path_may_stand_in_the_list_of_artifacts():
    listed = [{"location": {"uri": "b.py"}}]
    assert [each.path for each in read(result(locations=[place(None, index=0)]), artifacts=listed)] == ["b.py"]
    assert read(result(locations=[place(None, index=7)]), artifacts=listed) == []


RULES = [
    {"id": "R1", "defaultConfiguration": {"level": "note"}, "messageStrings": {"m": {"text": "Said by the rule."}}},
    {"id": "R2", "defaultConfiguration": {"level": "error"}},
]


@pytest.mark.parametrize(
    ("told", "level"),
    [
        ({}, "note"),
        ({"ruleId": "R1/sub"}, "note"),
        ({"ruleId": "R2/sub/sub"}, "error"),
        ({"ruleId": "R12"}, "warning"),
        ({"ruleId": "R1" + "/" * 100_000}, "warning"),
        ({"ruleId": "R3"}, "warning"),
        ({"ruleIndex": 1}, "error"),
        ({"ruleId": None, "rule": {"index": 1}}, "error"),
        ({"ruleIndex": 99}, "note"),
        ({"level": "error"}, "error"),
        ({"level": "none"}, "note"),
        ({"level": "dreadful"}, "warning"),
    ],
)
def test_the_rule_says_how_grave_it_is_where_the_result_does_not(told: dict[str, Any], level: str):
    assert [each.severity for each in read(result(**told), rules=RULES)] == [level]


def test_a_report_of_many_rules_and_results_is_read_in_one_pass():
    rules = [{"id": f"R{number}"} for number in range(20_000)]
    found = read(*[result(ruleId=f"S{number}") for number in range(2_000)], rules=rules)
    assert len(found) == 2_000  # rules times results would be 40 million looks


def test_the_rules_name_and_message_are_taken_where_the_result_has_none():
    (found,) = read(result(ruleId=None, ruleIndex=0, message={"id": "m"}), rules=RULES)
    assert (found.rule, found.message) == ("R1", "Said by the rule.")


@pytest.mark.parametrize(
    ("told", "count"),
    [
        ({"kind": "pass"}, 0),
        ({"kind": "notApplicable"}, 0),
        ({"kind": "open"}, 1),
        ({"baselineState": "absent"}, 0),
        ({"suppressions": []}, 1),
        ({"suppressions": [{"kind": "inSource"}]}, 0),
        ({"suppressions": [{"kind": "external", "status": "rejected"}]}, 1),
    ],
)
def test_what_the_tool_itself_does_not_hold_against_the_code_is_no_alarm(told: dict[str, Any], count: int):
    assert len(read(result(**told))) == count


@pytest.mark.parametrize(
    "text",
    [
        "",
        "all is well",
        "[]",
        '{"version": "1.0.0", "runs": []}',
        '{"version": "2.1.0"}',
        '{"version": "2.1.0", "runs": [{"results": null}]}',
        '{"version": "2.1.0", "runs": [{"results": [{"locations": 7}]}]}',
        '{"version": "2.1.0", "runs": ' + "[" * 9000 + "]" * 9000 + "}",
        '{"version": "2.1.0", "runs": [{"results": [{"message": {"text": "\\ud800"}}]}]}',
        log(result())[:-40],
    ],
)
def test_anything_else_is_refused_in_few_words(text: str):
    with pytest.raises(ReportError, match=r"it printed no SARIF 2\.1\.0") as caught:
        read_sarif("x", text)
    assert len(str(caught.value)) < 300


@given(st.text(), st.text(), st.integers(-(2**40), 2**40), st.integers(-(2**40), 2**40))
def test_whatever_it_says_is_short_printable_and_in_order(rule: str, said: str, start: int, end: int):
    where = {"artifactLocation": {"uri": "a.py"}, "region": {"startLine": start, "endLine": end}}
    found = read(result(ruleId=rule * 50, message={"text": said * 200}, locations=[{"physicalLocation": where}]))
    assert len(found) == 1
    assert len(found[0].message) <= 400
    assert len(found[0].rule) <= 100
    assert (found[0].message + found[0].rule).isprintable()
    assert 0 <= found[0].line <= found[0].end_line
