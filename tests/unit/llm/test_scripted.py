import asyncio
from pathlib import Path

import pytest

from app.llm.errors import ScriptError
from app.llm.messages import Message, Reply, Request, Text, ToolResult
from app.llm.scripted import MODEL, Script, Scripted

SHOWN = {"text": "Done.", "expect": ["2 passed"]}
SCRIPT = Script.model_validate(
    {
        "label": "test",
        "conversations": [
            {"role": "writer", "when": "cents", "replies": [{"tools": [{"name": "bash"}]}, SHOWN]},
            {"role": "writer", "replies": [{"text": "Anything else."}]},
        ],
    }
)


def ask(*messages: Message, role: str = "writer", shared: str = "") -> Reply:
    return asyncio.run(Scripted(SCRIPT).reply(Request(role, "", messages, shared=shared)))


def user(text: str) -> Message:
    return Message("user", (Text(text),))


def test_the_conversation_is_found_by_role_and_opening():
    assert ask(user("lost cents")).tool_uses[0].name == "bash"
    assert ask(user("mend it"), shared="cents are lost").tool_uses[0].name == "bash"
    assert ask(user("mend it")).text == "Anything else."


def test_the_same_request_always_has_the_same_reply():
    assert ask(user("cents")) == ask(user("cents"))


def test_a_script_notices_when_it_is_not_listened_to():
    first = ask(user("cents"))
    shown = Message("user", (ToolResult("toolu_000_0", "2 passed"),))
    assert ask(user("cents"), Message("assistant", first.content), shown).text == "Done."
    with pytest.raises(ScriptError, match="expects to be shown '2 passed'"):
        ask(user("cents"), Message("assistant", first.content), user("1 failed"))


def test_it_never_passes_for_a_real_model():
    assert ask(user("cents")).model == MODEL == "scripted"


def test_what_it_does_not_foresee_is_said():
    with pytest.raises(ScriptError, match="no conversation for challenger"):
        ask(user("cents"), role="challenger")
    with pytest.raises(ScriptError, match="1 replies; one more is asked"):
        ask(user("x"), Message("assistant", (Text("Anything else."),)), user("y"))


@pytest.mark.parametrize("text", ["", "label: [", "label: x", "label: x\nconversations: [{role: w, replies: []}]"])
def test_a_script_that_is_none_names_its_file(tmp_path: Path, text: str):
    path = tmp_path / "script.yml"
    path.write_text(text)
    with pytest.raises(ScriptError, match=r"script\.yml cannot be used"):
        Scripted.load(path)
    with pytest.raises(ScriptError, match=r"missing\.yml cannot be used"):
        Scripted.load(tmp_path / "missing.yml")
