"""What `quorum doctor` says of models."""

from pathlib import Path

import pytest

from app.cli.checkup import models
from app.cli.checkup.models import look_at_models
from app.llm import providers
from app.llm.chain import Link
from app.llm.errors import ModelTimeoutError, OverloadedError, RejectedRequestError
from app.settings import Settings

ANOTHER = "or another model in QUORUM_MODEL; docs/models.md"


@pytest.fixture
def no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL", "GEMINI_API_KEY", "GOOGLE_API_KEY", "OPENAI_API_KEY"):
        monkeypatch.delenv(name, raising=False)


async def test_each_model_is_told_once_with_its_roles(no_keys, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a").write_text("label: a\nconversations: []\n")
    table = {"default": ["scripted:a", "gemini:g"], "writer": "scripted:a", "chat": "openai:o"}
    told = [str(each) for each in await look_at_models(Settings(models=table))]
    assert told == [
        "warn  model: scripted:a (default, writer): replies come from a file; name a model for anything but a demo",
        f"fail  model: gemini:g (stands in for default) has no key; set GEMINI_API_KEY, {ANOTHER}",
        f"fail  model: openai:o (chat) has no key; set OPENAI_API_KEY, {ANOTHER}",
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


async def test_a_script_that_is_not_there_is_a_failure(no_keys, tmp_path: Path):
    (found,) = await look_at_models(Settings(model=f"scripted:{tmp_path}/none.yml"))
    assert found.state == "fail"
    assert "No such file" in found.told


@pytest.mark.parametrize(
    ("error", "told", "remedy"),
    [
        (
            RejectedRequestError("m answered 401: no. Check ANTHROPIC_API_KEY."),
            "Check ANTHROPIC_API_KEY",
            "docs/models",
        ),
        (OverloadedError("m answered 529: Overloaded"), "Overloaded", "nothing is wrong here"),
        (ModelTimeoutError("m did not answer: Connection error."), "Connection error", "can be reached from here"),
    ],
)
async def test_the_remedy_is_that_of_the_error(no_keys, monkeypatch, error, told, remedy):
    class Refusing:
        async def reply(self, _request):
            raise error

        async def close(self):
            """Nothing is open."""

    made = Refusing()
    opened = providers.Opened(Link("anthropic:m", made), made)
    monkeypatch.setattr(providers, "open_model", lambda *_: opened)
    (found,) = await look_at_models(Settings(model="anthropic:m", anthropic_api_key="k"))
    assert found.state == "fail"
    assert found.told.endswith(told)
    assert remedy in found.remedy
