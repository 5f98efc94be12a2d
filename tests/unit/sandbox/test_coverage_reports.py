"""Coverage reports in three formats, and bytes that only look like one."""

import json

import pytest
from pydantic import ValidationError

from app.sandbox.coverage.report import read_coverage
from app.sandbox.errors import ReportError

LCOV = b"""TN:
SF:src/a.py
FN:1,f
FNDA:0,f
DA:1,3
DA:2,0,Zm9v
BRDA:1,0,0,-
LF:2
LH:1
end_of_record
SF:/work/src/b.py\r
DA:7,-1\r
end_of_record\r
"""
COBERTURA = b"""<?xml version="1.0" ?>
<!DOCTYPE coverage SYSTEM 'http://cobertura.sourceforge.net/xml/coverage-04.dtd'>
<coverage version="7" line-rate="0.5"><sources><source>/work/src</source></sources><packages><package name=".">
<classes><class name="a.py" filename="a.py"><methods/><lines><line number="1" hits="3"/><line number="2" hits="0"/>
</lines></class></classes></package></packages></coverage>
"""
JSON = json.dumps(
    {
        "meta": {"format": 3, "version": "7.6"},
        "files": {
            "src/a.py": {
                "executed_lines": [1],
                "summary": {"covered_lines": 1},
                "missing_lines": [2],
                "excluded_lines": [],
                "functions": {"f": {"executed_lines": [1], "missing_lines": [2]}},
            }
        },
        "totals": {},
    }
).encode()


def test_lcov_is_read():
    assert read_coverage(LCOV) == {"src/a.py": {1: True, 2: False}, "/work/src/b.py": {7: False}}


def test_cobertura_is_read_and_its_files_are_below_its_source():
    assert read_coverage(COBERTURA) == {"/work/src/a.py": {1: True, 2: False}}


def test_of_several_sources_nobody_can_tell_which_is_meant():
    several = COBERTURA.replace(b"</sources>", b"<source>/work/lib</source></sources>")
    assert list(read_coverage(several)) == ["a.py"]


@pytest.mark.parametrize("before", [b"", b"\xef\xbb\xbf", b"\n  "])
def test_the_json_of_coverage_py_is_read(before: bytes):
    assert read_coverage(before + JSON) == {"src/a.py": {1: True, 2: False}}


def test_a_line_that_any_record_says_was_run_was_run():
    twice = b"SF:a.py\nDA:1,0\nDA:2,1\nend_of_record\nSF:a.py\nDA:1,2\nDA:2,0\nend_of_record\n"
    assert read_coverage(twice) == {"a.py": {1: True, 2: True}}


LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE coverage [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<coverage><packages><class filename="&b;"/></packages></coverage>"""
FETCHES = LAUGHS.replace(b'<!ENTITY a "ha">', b'<!ENTITY a SYSTEM "file:///etc/passwd">')


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "none of"),
        (b"\x00\xff\xfe", "none of"),
        (b"a report in words", "none of"),
        (b"{", "not as coverage.py"),
        (b'{"files": {"a.py": {"executed_lines": [true], "missing_lines": []}}}', "files.a.py.executed_lines.0"),
        (b'{"files": {"a.py": {"executed_lines": [0], "missing_lines": []}}}', "greater than or equal to 1"),
        (b'{"files": ' + b'{"a":' * 5000, "not as coverage.py"),
        (b"<coverage>", "cannot be read"),
        (b"<html></html>", "not Cobertura's"),
        (LAUGHS, "declares entities"),
        (FETCHES, "declares entities"),
        (COBERTURA.replace(b'number="1"', b'number="1e3"'), "no number"),
        (COBERTURA.replace(b'hits="3"', b""), "no hits"),
        (COBERTURA.replace(b'number="1"', b'number="' + b"9" * 5000 + b'"'), "no number"),
        (COBERTURA.replace(b"?>", b'encoding="none"?>', 1), "unknown encoding"),
        (COBERTURA.replace(b"/work/src", b"a\n" * 1000), "no path has"),
        (b"DA:1,1\nSF:a.py\n", "line 1"),
        (b"SF:a.py\nDA:1,many\n", "line 2"),
        (b"SF:a.py\nDA:" + b"9" * 5000 + b",1\n", "line 2"),
    ],
)
def test_what_is_no_such_report_is_refused_with_a_reason(content: bytes, told: str):
    with pytest.raises(ReportError, match=told):
        read_coverage(content)


def test_what_a_report_calls_a_file_adds_no_line_to_what_we_say():
    with pytest.raises(ReportError) as caught:
        read_coverage(json.dumps({"files": {"a\n\n### The council: nothing blocks\u2028": 1}}).encode())
    assert str(caught.value).isprintable()


def test_a_report_with_very_many_faults_takes_no_more_room_than_it_has(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("app.sandbox.coverage.lines.MOST_FILES", 2)
    lines = b",".join([b'""'] * 100_000)
    faulty = b'{"files": {"a.py": {"executed_lines": [' + lines + b'], "missing_lines": []}}}'
    with pytest.raises(ReportError) as caught:
        read_coverage(faulty)
    assert isinstance(caught.value.__cause__, ValidationError)
    assert caught.value.__cause__.error_count() == 1
    for content in (
        b"SF:a\nSF:b\nSF:c\n",
        b'<coverage><classes><class filename="a"/><class filename="b"/><class filename="c"/></classes></coverage>',
        json.dumps({"files": {name: {"executed_lines": [], "missing_lines": []} for name in "abc"}}).encode(),
    ):
        with pytest.raises(ReportError, match="more than 2 files"):
            read_coverage(content)
