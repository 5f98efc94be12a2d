"""What the tools hand to the sandbox. The box here is a port's other side: it notes what it was asked to start."""

import asyncio
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.agents.tool import AgentTool
from app.agents.tools.files import _found, bash_tool, edit_tool, reading_tools
from app.sandbox.box import Limits, Result

TREE = Path("/nowhere")
ADVICE = "It did not end in time. Run less of it, or give it a larger `timeout_s`, at most 3600."


class NotingBox:
    """Ends every command alike and keeps what it was given, as a program would get it."""

    def __init__(self, result: Result | None = None) -> None:
        self.result = result or Result(0, "fine\n")
        self.asked: list[tuple[list[str], bytes, bool]] = []

    async def run(self, argv: Any, *, stdin: bytes = b"", writable: bool = True, **_: Any) -> Result:
        for part in argv:
            assert "\0" not in part, "no program can be started with this"
            os.fsencode(part)
        self.asked.append((list(argv), stdin, writable))
        return self.result


def tools(box: NotingBox) -> dict[str, AgentTool[Any]]:
    made = [*reading_tools(box, TREE), bash_tool(box, TREE, writable=False), edit_tool(box, TREE)]
    return {tool.spec.name: tool for tool in made}


texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    ["\0", "a\0b", "/etc/passwd", "../x", "-rf", "a=b", "x\n"]
)
inputs = {
    "bash": st.fixed_dictionaries({"command": texts}),
    "read_file": st.fixed_dictionaries({"path": texts}, optional={"start": st.integers(), "end": st.integers()}),
    "search": st.fixed_dictionaries({"pattern": texts}, optional={"path": texts}),
    "list_files": st.fixed_dictionaries({"glob": texts}),
    "edit": st.fixed_dictionaries({"path": texts, "old": texts, "new": texts}),
}


@pytest.mark.parametrize("name", sorted(inputs))
@given(data=st.data())
def test_an_input_is_refused_with_advice_or_can_be_carried_out(name: str, data: st.DataObject):
    box = NotingBox()
    tool, value = tools(box)[name], data.draw(inputs[name])
    problem = tool.problem(value)
    if problem is not None:
        assert problem.startswith(f"The input of {name} is not right: ")
        return
    output = asyncio.run(tool.run(value))
    assert output.text
    ((argv, stdin, _),) = box.asked
    if name in {"read_file", "search"}:
        assert argv[-1] == "." or argv[-1].startswith("./"), "never taken for an option or an absolute path"
    if name == "edit":
        first, second = int(argv[-2]), int(argv[-2]) + int(argv[-1])
        parts = (stdin[:first], stdin[first:second], stdin[second:])
        assert [part.decode() for part in parts] == [value["path"], value["old"], value["new"]]


@pytest.mark.parametrize("value", ["a\0b", "\0", "/etc/passwd", ""])
def test_a_path_that_cannot_be_one_is_refused(value: str):
    for name, more in (("read_file", {}), ("search", {"pattern": "x"}), ("edit", {"old": "a", "new": "b"})):
        assert tools(NotingBox())[name].problem({"path": value, **more}), name


def test_reading_and_a_challengers_commands_leave_the_tree_alone():
    box = NotingBox()
    for name, value in (("read_file", {"path": "a"}), ("search", {"pattern": "a"}), ("bash", {"command": "ls"})):
        asyncio.run(tools(box)[name].run(value))
    assert [writable for _, _, writable in box.asked] == [False] * 3


@pytest.mark.parametrize(
    ("result", "told", "is_error"),
    [
        (Result(0, ""), "(no output)", False),
        (Result(3, "bad\n"), "bad\n[exit code 3]", False),
        (Result(-9, "", "timeout", seconds=20.0), f"(no output)\n[ended: timeout after 20 s]\n{ADVICE}", True),
    ],
)
def test_how_a_command_ended_is_told_in_words(result: Result, told: str, is_error: bool):
    output = asyncio.run(tools(NotingBox(result))["bash"].run({"command": "x"}))
    assert (output.text, output.is_error) == (told, is_error)


def test_variables_are_set_for_each_command_and_for_one_that_is_left_to_itself():
    box = NotingBox()
    lasted: list[Any] = []

    async def last(argv: Any, _limits: Limits) -> Result:
        lasted.append(list(argv))
        return Result(0, "")

    tool = bash_tool(box, TREE, writable=True, last=last, variables={"PYTHONPATH": "src", "TZ": "UTC"})
    asyncio.run(tool.run({"command": "pytest"}))
    asyncio.run(tool.run({"command": "pytest", "timeout_s": 3000}))
    assert [argv for argv, _, _ in box.asked] == lasted == [["env", "PYTHONPATH=src", "TZ=UTC", "sh", "-c", "pytest"]]


@pytest.mark.parametrize(
    ("command", "printed", "held_back"),
    [
        ("make test 2>&1 | tail -5", "", True),
        ("make test | grep -v ok|tail -n 5", "", True),
        ("make test | tail -5", "some of it\n", False),
        ("make test", "", False),
        ("make lint | tail -5; make test", "", False),
    ],
)
def test_a_pipe_that_let_nothing_through_is_told(command: str, printed: str, held_back: bool):
    ended = Result(-9, printed, "timeout", seconds=20.0)
    output = asyncio.run(tools(NotingBox(ended))["bash"].run({"command": command}))
    assert ("Nothing came through `tail`" in output.text) is held_back


def test_long_output_of_a_command_loses_its_middle_but_for_what_failed():
    lines = [f"ok {number} - fine" for number in range(3000)]
    lines[1500] = "not ok 1500 - broken"
    output = asyncio.run(tools(NotingBox(Result(1, "\n".join(lines))))["bash"].run({"command": "make test"}))
    shown = output.text.split("\n")
    assert len(output.text) < 16_500
    assert (shown[0], shown[-2], shown[-1]) == ("ok 0 - fine", "ok 2999 - fine", "[exit code 1]")
    assert "not ok 1500 - broken" in shown
    assert all(line.startswith(("ok ", "not ok ", "[")) for line in shown)


def test_an_edit_that_was_ended_is_an_error_with_words():
    """An error without words is a request that the provider refuses."""
    ended = Result(-9, "", "timeout", seconds=20.0)
    output = asyncio.run(tools(NotingBox(ended))["edit"].run({"path": "a", "old": "x", "new": "y"}))
    assert output.is_error
    assert "timeout" in output.text


def test_a_file_of_which_no_more_lines_are_shown_is_named():
    full = "".join(f"a b.py:{n}:x = 1\n" for n in range(1, 51))
    told = _found(f"{full}c.py:3:x: int\n").splitlines()
    assert told[-1] == "(there may be more in a b.py: 50 lines of a file are shown)"
    assert _found("c.py:3:x: int\n") == "c.py:3:x: int\n"
