"""What `quorum doctor` says of models."""

from pathlib import Path

import pytest

from app.cli.checkup import models
from app.cli.checkup.models import look_at_models
from app.settings import Settings


@pytest.fixture
def no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL", "GEMINI_API_KEY", "GOOGLE_API_KEY", "OPENAI_API_KEY"):
        monkeypatch.delenv(name, raising=False)


async def test_each_model_is_told_once_with_its_roles(no_keys):
    table = {"default": ["scripted:a", "gemini:g"], "writer": "scripted:a", "chat": "openai:o"}
    told = [str(each) for each in await look_at_models(Settings(models=table))]
    assert told == [
        "warn  model: scripted:a (default, writer): replies come from a file; name a model for anything but a demo",
        "fail  model: gemini:g (stands in for default) has no key; set GEMINI_API_KEY, or another model",
        "fail  model: openai:o (chat) has no key; set OPENAI_API_KEY, or another model",
    ]


async def test_a_row_that_no_role_has_and_a_provider_that_is_none_are_told(no_keys):
    (wrong,) = await look_at_models(Settings(models={"secruity": "scripted:a"}))
    assert "QUORUM_MODELS has a row 'secruity'" in str(wrong)
    (found,) = await look_at_models(Settings(model="nobody:x"))
    assert "the model of default is 'nobody:x'; write `anthropic:MODEL`" in str(found)


async def test_a_model_is_really_asked(no_keys, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """A script's stands for one, as nothing here goes over a wire."""
    script = tmp_path / "s.yml"
    script.write_text("label: a\nconversations:\n  - {role: doctor, replies: [{text: 'Yes.'}]}\n")
    monkeypatch.setattr(models, "_NOT_REAL", ())
    assert [each.state for each in await look_at_models(Settings(model=f"scripted:{script}"))] == ["ok"]
    script.write_text("label: a\nconversations: []\n")
    (silent,) = await look_at_models(Settings(model=f"scripted:{script}"))
    assert "no conversation for doctor" in str(silent)
