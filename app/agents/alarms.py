"""Alarms of analyzers as reviewers read them: tool by tool, the gravest first, and no more than one reads. Pure."""

from itertools import accumulate, groupby

from app.sandbox.analyzers.alarm import Alarm, Analysis

_OF_A_TOOL = 20
_CHARACTERS = 3000
"""Of one tool's alarms: every reviewer pays for them."""
_GRAVITY = {"error": 0, "warning": 1, "note": 2}


def render_alarms(analysis: Analysis) -> str:
    """Empty when there is nothing to tell. What is told are words of strangers: it belongs into an envelope."""
    alarms = sorted(analysis.alarms, key=lambda each: (each.tool, _GRAVITY[each.severity], each.path, each.line))
    sections = [_section(tool, list(of_tool)) for tool, of_tool in groupby(alarms, key=lambda each: each.tool)]
    if analysis.missing:
        sections.append("\n".join(["Not looked at:", *(f"- {each}" for each in analysis.missing)]))
    return "\n\n".join(sections)


def _section(tool: str, alarms: list[Alarm]) -> str:
    lines = [_line(each) for each in alarms[:_OF_A_TOOL]]
    fitting = [each for each, total in zip(lines, accumulate(map(len, lines)), strict=True) if total <= _CHARACTERS]
    more = [f"- and {len(alarms) - len(fitting)} more"] if len(fitting) < len(alarms) else []
    return "\n".join([f"{tool}:", *fitting, *more])


def _line(alarm: Alarm) -> str:
    place = f"{alarm.path}:{alarm.line}" if alarm.line else alarm.path
    quote = f"\n  > {alarm.quote}" if alarm.quote else ""
    return f"- {alarm.severity}, {alarm.rule}, {place}: {alarm.message}{quote}"
