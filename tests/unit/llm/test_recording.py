import json
import stat
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from app.llm.errors import ScriptError
from app.llm.messages import Message, Reply, Request, Text, ToolResult, ToolUse, Usage
from app.llm.opening import open_models
from app.llm.recording import Recorder, Replayed
from app.policy.values import MicroUsd
from app.settings import Settings

FIRST = Message("user", (Text("Mend it."),))
USE = ToolUse("t1", "bash", {"command": "ls"})
ASKED = Request("writer", "You mend.", (FIRST,), shared="The change.")
CALLED = Reply((Text("I look."), USE), "tool_use", "m", Usage(1, 2, 3, 4), MicroUsd(5), by="test:m")
DONE = Reply((Text("Done."),), "end", "m")


def on(output: str) -> Request:
    turn = (Message("assistant", CALLED.content), Message("user", (ToolResult("t1", output),)))
    return Request("writer", "You mend.", (FIRST, *turn), shared="The change.")


async def recorded(place: Path) -> Path:
    recorder = Recorder(place)
    await recorder.record(ASKED, CALLED)
    await recorder.record(on("ran in 0.1 s"), DONE)
    return place


async def test_a_conversation_is_answered_as_it_was(tmp_path: Path):
    model = Replayed.load(await recorded(tmp_path / "r.jsonl"))
    assert await model.reply(ASKED) == CALLED
    assert (await model.reply(on("ran in 0.2 s"))).text == "Done.", "outputs differ a little each time"
    assert await model.reply(ASKED) == CALLED, "a step that is done again gets the same"


async def test_conversations_that_began_alike_come_in_their_order(tmp_path: Path):
    recorder = Recorder(tmp_path / "r.jsonl")
    for reply in (CALLED, DONE):
        await recorder.record(ASKED, reply)
    model = Replayed.load(tmp_path / "r.jsonl")
    assert [await model.reply(ASKED) for _ in range(3)] == [CALLED, DONE, DONE]


async def test_what_was_not_recorded_is_told_and_not_made_up(tmp_path: Path):
    model = Replayed.load(await recorded(tmp_path / "r.jsonl"))
    for other in (Request("chat", *(ASKED.system, ASKED.messages, ASKED.shared)), Request("writer", "s", (FIRST,))):
        with pytest.raises(ScriptError, match=r"r\.jsonl has no reply 1 for .*Mend it"):
            await model.reply(other)


async def test_nobody_else_can_read_it_and_no_key_is_in_it(tmp_path: Path):
    key = "sk-ant-api03-0123456789abcdef"
    begun = "-----BEGIN RSA PRIVATE KEY-----\nabc"
    await Recorder(tmp_path / "r.jsonl").record(Request("r", begun, (Message("user", (Text(key),)),)), DONE)
    text = (tmp_path / "r.jsonl").read_text()
    assert key not in text
    assert "abc" not in json.loads(text)["shown"][0]
    assert stat.S_IMODE((tmp_path / "r.jsonl").stat().st_mode) == 0o600
    assert Replayed.load(tmp_path / "r.jsonl")


@pytest.mark.parametrize("text", ["{", "[]", '{"role": "r"}', '{"role": "r", "opening": "o", "turn": 0, "reply": {}}'])
def test_a_file_that_is_no_recording_is_told_with_its_line(tmp_path: Path, text: str):
    (tmp_path / "r.jsonl").write_text(text)
    with pytest.raises(ScriptError, match=r"r\.jsonl cannot be replayed, line 1"):
        Replayed.load(tmp_path / "r.jsonl")


async def test_the_settings_record_what_a_model_said_and_play_it_again(tmp_path: Path):
    script = tmp_path / "s.yml"
    script.write_text("label: a\nconversations:\n  - {role: writer, replies: [{text: hello}]}\n")
    place = tmp_path / "r.jsonl"
    for settings in (Settings(model=f"scripted:{script}", record=place), Settings(model=f"replay:{place}")):
        async with AsyncExitStack() as stack:
            assert (await open_models(settings, [], stack).reply(ASKED)).text == "hello"


async def test_a_recording_answers_for_every_role_so_that_nobody_is_asked(tmp_path: Path):
    """Whatever else the settings name: whoever replays a fault must not pay for it, nor send code anywhere."""
    place = await recorded(tmp_path / "r.jsonl")
    real = "anthropic:claude-sonnet-5"
    more = {"models": {"default": [real], "writer": [real, "openai:x"]}, "light_model": real, "second_model": real}
    settings = Settings(model=f"replay:{place}", model_limits={real: {"requests": 9}}, **more)
    assert {name for models in settings.table.values() for name in models} == {f"replay:{place}"}
    async with AsyncExitStack() as stack:
        assert (await open_models(settings, [], stack).reply(ASKED)).text == CALLED.text
        with pytest.raises(ScriptError):
            await open_models(settings, [], stack).reply(Request("light", "s", (FIRST,)))
