"""A model whose opinion is written in the diff itself, so that a replay and a second reviewer agree on it.

`EVIL security,testing` on an added line makes these perspectives refuse it, `PICKY` give advice on it, `UNSURE` approve
it without being sure and `SILENT` give no usable answer; `REFUTED` makes the challenge refute what they found.
`GONE testing` on a line that is taken out makes this perspective refuse that.
"""

import re
from collections.abc import Callable
from typing import Any

from app.llm.messages import Block, Reply, Request, Text, ToolUse

_FILE = re.compile(r"^\+\+\+ b/(.+)$")
_OLD_FILE = re.compile(r"^--- a/(.+)$")
_MISSED = re.compile(r"^-(.*\bGONE ([a-z,]+).*)$")
_ASKED = re.compile(r"the perspectives are named ([\w, -]+)\.")
_GROUPS = re.compile(r"<untrusted-\w+ what='groups'>\n(.*?)\n</untrusted-", re.DOTALL)
_SAYS = re.compile(r"^\+(.*\b(EVIL|PICKY|UNSURE|SILENT) ([a-z,]+).*)$")


class Opinions:
    """A `Model`. `asked` and `shown`: the role and the text of every request, in order.

    `meanwhile` happens once, while somebody reads. `silent`: perspectives that give no usable answer now.
    `forgiving`: nothing is evil to it any more. `graver`: what it was picky about is evil to it now.
    """

    def __init__(self, name: str = "opinions-1") -> None:
        self.name = name
        self.asked: list[str] = []
        self.shown: list[str] = []
        self.silent: set[str] = set()
        self.forgiving = False
        self.graver = False
        self.meanwhile: Callable[[], object] | None = None

    async def reply(self, request: Request) -> Reply:
        self.asked.append(request.role)
        shown = request.shared + request.part
        self.shown.append(repr((request.system, shown, request.messages)))
        if self.meanwhile is not None:
            happens, self.meanwhile = self.meanwhile, None
            happens()
        if request.role == "challenger":
            refuted = "REFUTED" in shown
            judged = "refuted" if refuted else "upheld"
            return self._call("judge", {"verdict": judged, "reason": "It was looked at again, line by line."})
        if request.role == "light":
            named = _ASKED.findall(repr(request.messages))[0].split(", ")
            asked = [each for each in named if not self._is_silent(each, shown)]
            reports = [{"perspective": each, **self._told(each, shown)} for each in asked]
            return self._call("reports", {"reports": reports})
        perspective, *others = request.role.removeprefix("reviewer:").split("+")
        if self._is_silent(perspective, shown):
            return Reply((Text("I would rather not say."),), "refusal", self.name)
        walk = [{"group": each, "what": f"What changed in {each}."} for each in _groups(request)]
        speak = [each for each in others if not self._is_silent(each, shown)]
        also = [{"perspective": each, **self._told(each, shown)} for each in speak]
        return self._call("report", {**self._told(perspective, shown), "walkthrough": walk, "also": also})

    def _is_silent(self, perspective: str, shown: str) -> bool:
        said = (word for word, names, _, _ in _said(shown) if perspective in names)
        return perspective in self.silent or "SILENT" in said

    def _told(self, perspective: str, shown: str) -> dict[str, Any]:
        said = [each for each in _said(shown) if perspective in each[1]]
        evil = {"EVIL"} - ({"EVIL"} if self.forgiving else set()) | ({"PICKY"} if self.graver else set())
        found = [_finding(path, line) for word, _, path, line in said if word in evil]
        found += [_finding(path, line) for path, names, line in _gone(shown) if perspective in names]
        advice = [_finding(path, line, "minor") for word, _, path, line in said if word == "PICKY" and word not in evil]
        sure = 0.2 if any(word == "UNSURE" for word, _, _, _ in said) else 0.9
        return {
            "verdict": "block" if found else "approve",
            "confidence": sure,
            "summary": "Read.",
            "findings": [*found, *advice],
        }

    def _call(self, name: str, told: dict[str, Any]) -> Reply:
        blocks: tuple[Block, ...] = (ToolUse(f"toolu_{len(self.asked)}", name, told),)
        return Reply(blocks, "tool_use", self.name)


def _groups(request: Request) -> list[str]:
    """Those that the task names, if it asks for a walkthrough."""
    task = request.messages[0].content[0]
    found = _GROUPS.search(task.text) if isinstance(task, Text) else None
    return found[1].split("\n") if found else []


def _said(shared: str) -> list[tuple[str, list[str], str, str]]:
    """Word, perspectives, path and line, of every added line that says something."""
    path, found = "", []
    for line in shared.splitlines():
        if named := _FILE.match(line):
            path = named[1]
        elif said := _SAYS.match(line):
            found.append((said[2], said[3].split(","), path, said[1]))
    return found


def _gone(shown: str) -> list[tuple[str, list[str], str]]:
    """Path, perspectives and line, of every removed line that is missed."""
    path, found = "", []
    for line in shown.splitlines():
        if named := _OLD_FILE.match(line):
            path = named[1]
        elif said := _MISSED.match(line):
            found.append((path, said[2].split(","), said[1]))
    return found


def _finding(path: str, line: str, severity: str = "major") -> dict[str, Any]:
    where = {"path": path, "start_line": 1, "end_line": 1, "quote": line}
    return {"severity": severity, "category": "evil", "claim": "It says so itself.", **where}
