"""What an attempt did, told by code from its conversation."""

from app.agents.attempt import tell_attempt
from app.llm.messages import Message, Text, ToolResult, ToolUse


def turn(name: str, given: dict, told: str, *, error: bool = False, text: str = "") -> list[Message]:
    said = (Text(text),) if text else ()
    use = ToolUse("t", name, given)
    return [Message("assistant", (*said, use)), Message("user", (ToolResult("t", told, error),))]


def test_edits_commands_failures_and_last_words_are_told_once_each():
    test = ("bash", {"command": "pytest  -q\n"})
    messages = [
        Message("user", (Text("The task."),)),
        *turn("edit", {"path": "a.py"}, "Edited a.py."),
        *turn("edit", {"path": "a.py"}, "Edited a.py."),
        *turn("edit", {"path": "b.py"}, "The text to replace occurs 0 times", error=True),
        *turn(*test, "FAILED t.py::test_old - x\n[exit code 1]"),
        *turn(
            *test, "FAILED t.py::test_new - x\n[exit code 1]\n\nYou have seen this before", text="It is the rounding."
        ),
        *turn("bash", {"command": "sleep 999"}, "(no output)\n[ended: timeout after 600 s]", error=True),
        *turn("bash", {"command": "ls"}, "a.py"),
    ]
    assert tell_attempt(messages).splitlines() == [
        "- edited a.py (2 times)",
        "- ran `pytest -q` (2 times): exit code 1",
        "- ran `sleep 999`: ended: timeout after 600 s",
        "- ran `ls`: it went well",
        "- when tests were run last and failed, these did: t.py::test_new",
        "Its last words: It is the rounding.",
    ]


def test_who_did_nothing_is_told_of_too():
    assert tell_attempt([Message("user", (Text("The task."),))]) == "- nothing was edited or run"
