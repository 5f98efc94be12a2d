"""A model that answers at once, and whose answer is a function of the change that it is shown."""

import re
from collections.abc import Callable

from markers import BAD, CATEGORY, MUTE, VAGUE, added_lines, identity, said_by

from app.llm.messages import Reply, Request, Text, ToolUse

_ENCLOSED = r"<untrusted-([0-9a-f]+) what='{}'>\n(.*?)\n</untrusted-\1>"


class Reviewer:
    """`told` hears of each time that a perspective is shown a change: the title, the perspective, what it was shown."""

    def __init__(self) -> None:
        self.told: Callable[[str, str, str], None] = lambda _title, _perspective, _diff: None

    async def reply(self, request: Request) -> Reply:
        if request.role == "challenger":
            return _call("judge", {"verdict": "upheld", "reason": "The marker is there."})
        names = request.role.removeprefix("reviewer:").split("+")
        diff = _enclosed("diff", request.shared)
        reports = []
        for name in names:
            self.told(_enclosed("title", request.shared), name, identity(diff))
            reports.append((name, _report(name, diff)))
        first, *others = reports
        if first[1] is None:
            return Reply((Text("I will not say."),), "refusal", "marker-reader")
        also = [{"perspective": name, **report} for name, report in others if report is not None]
        return _call("report", {**first[1], "also": also})


def _report(perspective: str, diff: str) -> dict[str, object] | None:
    said, line = said_by(perspective, added_lines(diff))
    if said == MUTE:
        return None
    finding = None
    if said == BAD and line is not None:
        finding = {"severity": "major", "category": CATEGORY, "path": line.path, "start_line": 1, "end_line": 1}
        finding |= {"quote": line.text, "claim": "The line says itself that it is bad."}
    verdict = {"verdict": "block" if finding else "approve", "confidence": 0.3 if said == VAGUE else 0.9}
    return {**verdict, "summary": "I looked for markers.", "findings": [finding] if finding else []}


def _enclosed(what: str, text: str) -> str:
    found = re.search(_ENCLOSED.format(what), text, re.DOTALL)
    assert found is not None, f"the reviewer was shown no {what}"
    return found[2]


def _call(name: str, value: dict[str, object]) -> Reply:
    return Reply((ToolUse("t1", name, value),), "tool_use", "marker-reader")  # type: ignore[arg-type]
