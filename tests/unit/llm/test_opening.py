"""The table of the settings, opened: who answers whom, and what is said of a table that cannot be used."""

from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from app.llm.errors import ScriptError
from app.llm.messages import Message, Request, Text
from app.llm.opening import open_models
from app.settings import Settings


@pytest.fixture
def scripts(tmp_path: Path) -> dict[str, str]:
    """Models that say their own name, whatever role asks."""
    told = "label: a\nconversations:\n" + "".join(
        f"  - {{role: '{role}', replies: [{{text: NAME}}]}}\n"
        for role in ("planner", "planner-2", "writer", "light", "reviewer:security", "talker")
    )
    for name in ("first", "second", "third"):
        (tmp_path / name).write_text(told.replace("NAME", name))
    return {name: f"scripted:{tmp_path / name}" for name in ("first", "second", "third")}


async def answers(settings: Settings, *roles: str) -> list[str]:
    async with AsyncExitStack() as stack:
        model = open_models(settings, ["security"], stack)
        asked = [Request(role, "", (Message("user", (Text("Go."),)),)) for role in roles]
        return [(await model.reply(each)).text for each in asked]


async def test_the_short_settings_are_rows_of_the_table(scripts: dict[str, str]):
    settings = Settings(model=scripts["first"], light_model=scripts["second"], second_model=scripts["third"])
    assert await answers(settings, "planner", "light", "planner-2", "writer") == ["first", "second", "third", "first"]


async def test_the_table_goes_before_the_short_settings(scripts: dict[str, str]):
    models = {"default": scripts["second"], "security": [scripts["third"]], "light": (scripts["third"],)}
    settings = Settings(model=scripts["first"], light_model=scripts["first"], models=models)
    assert await answers(settings, "writer", "reviewer:security", "light") == ["second", "third", "third"]


async def test_the_table_is_json_in_the_environment(scripts: dict[str, str], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("QUORUM_MODELS", f'{{"chat": "{scripts["second"]}"}}')
    assert await answers(Settings(model=scripts["first"]), "talker", "writer") == ["second", "first"]


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"light_model": "haiku"}, "QUORUM_LIGHT_MODEL is 'haiku'; write `anthropic:MODEL`"),
        ({"second_model": "other:x"}, "QUORUM_SECOND_MODEL is 'other:x'; write"),
        ({"model": f"openai:{'x' * 101}"}, "longer than the 100 characters"),
        ({"model": "anthropic:"}, "QUORUM_MODEL is 'anthropic:'; write"),
        ({"models": {"writer": "nobody:x"}}, "QUORUM_MODELS, at 'writer', is 'nobody:x'; write"),
        ({"models": {"writter": "anthropic:x"}}, "QUORUM_MODELS has a row 'writter'"),
    ],
)
async def test_what_cannot_be_opened_is_told_with_its_setting(scripts: dict[str, str], settings: dict, told: str):
    async with AsyncExitStack() as stack:
        with pytest.raises(ValueError, match=told):
            open_models(Settings(**{"model": scripts["first"], **settings}), ["security"], stack)


async def test_a_script_that_is_not_there_is_told_with_its_path(tmp_path: Path):
    async with AsyncExitStack() as stack:
        with pytest.raises(ScriptError, match="nowhere"):
            open_models(Settings(model=f"scripted:{tmp_path / 'nowhere'}"), [], stack)


@pytest.mark.parametrize(
    ("settings", "missing"),
    [
        ({"model": "anthropic:x"}, "ANTHROPIC_API_KEY"),
        ({"model": "openai:x", "openai_base_url": "http://localhost:11434/v1"}, ""),
        ({"model": "scripted:x", "models": {"chat": ["scripted:x", "gemini:y"]}}, "GEMINI_API_KEY"),
        ({"model": "azure:x", "azure_openai_endpoint": "https://a.openai.azure.com"}, "AZURE_OPENAI_API_KEY"),
        ({"model": "bedrock:x", "aws_region": "eu-west-1"}, ""),
        ({"model": "vertex:x", "vertex_project": "mine"}, "CLOUD_ML_REGION"),
    ],
)
def test_a_key_is_needed_for_every_model_of_the_table(settings: dict, missing: str, monkeypatch: pytest.MonkeyPatch):
    for name in ("ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL", "GEMINI_API_KEY", "GOOGLE_API_KEY", "AWS_REGION"):
        monkeypatch.delenv(name, raising=False)
    found = Settings(**settings)
    named = [found.missing_for(name) for models in found.table.values() for name in models]
    assert [each for each in named if each] == ([missing] if missing else [])
    assert found.has_model is not bool(missing)
