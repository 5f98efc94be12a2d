from app.agents.alarms import render_alarms
from app.sandbox.analyzers.alarm import Alarm, Analysis, Severity


def alarm(tool: str, line: int, severity: Severity = "warning", quote: str = "") -> Alarm:
    return Alarm(tool, "R1", severity, "a.py", line, line, "Wrong.", quote)


def test_nothing_to_tell_is_nothing():
    assert render_alarms(Analysis()) == ""


def test_alarms_are_told_tool_by_tool_the_gravest_first():
    alarms = (alarm("b", 1), alarm("a", 1, "note"), alarm("b", 9, "error", "eval(x)"), alarm("a", 0, "note"))
    assert render_alarms(Analysis(alarms, ("c: it is not there",))) == (
        "a:\n- note, R1, a.py: Wrong.\n- note, R1, a.py:1: Wrong.\n\n"
        "b:\n- error, R1, a.py:9: Wrong.\n  > eval(x)\n- warning, R1, a.py:1: Wrong.\n\n"
        "Not looked at:\n- c: it is not there"
    )


def test_many_are_counted():
    text = render_alarms(Analysis(tuple(alarm("a", line) for line in range(1, 101))))
    assert "a.py:20:" in text
    assert "a.py:21:" not in text
    assert text.endswith("- and 80 more")


def test_long_ones_are_counted_before_there_are_many():
    text = render_alarms(Analysis(tuple(alarm("a", line, quote="x" * 300) for line in range(1, 21))))
    assert len(text) < 3100
    assert text.endswith("- and 12 more")
