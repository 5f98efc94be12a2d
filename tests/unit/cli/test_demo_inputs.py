"""What `quorum demo --model` takes, and what of whoever runs it comes along."""

import re
from pathlib import Path

import pytest

from app.cli.demo import stage
from app.cli.demo.inputs import check_inputs
from app.settings import Settings

GIVEN = {
    "openai:gpt-5.1": {"OPENAI_API_KEY": "k"},
    "openai:qwen3-coder": {"OPENAI_BASE_URL": "http://localhost:11434/v1"},
    "azure:ours": {"AZURE_OPENAI_API_KEY": "k", "AZURE_OPENAI_ENDPOINT": "https://a.openai.azure.com"},
    "gemini:gemini-3-pro": {"GEMINI_API_KEY": "k"},
    "bedrock:anthropic.claude-sonnet-5": {"AWS_REGION": "eu-west-1"},
    "vertex:claude-sonnet-5": {"ANTHROPIC_VERTEX_PROJECT_ID": "mine", "CLOUD_ML_REGION": "europe-west1"},
}


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for variables in GIVEN.values():
        for name in (*variables, "GOOGLE_API_KEY", "AWS_DEFAULT_REGION", "GOOGLE_CLOUD_PROJECT"):
            monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("model", GIVEN)
def test_every_provider_can_play_and_its_own_variables_reach_it(model: str, monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(ValueError, match=f"--model {re.escape(model)} needs [A-Z_]+, which is not set"):
        check_inputs("", None, model)
    given = GIVEN[model]
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    check_inputs("", None, model)
    assert given.items() <= stage._model_access().items()


@pytest.mark.parametrize("model", ["", "haiku", "anthropic:", "nobody:x"])
def test_a_model_that_is_none_is_told_with_what_to_write(model: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("ANTHROPIC_API_KEY", "k")
    with pytest.raises(ValueError, match=r"--model is .*; write `anthropic:MODEL`, `openai:MODEL`"):
        check_inputs("", None, model)


def test_a_script_that_cannot_be_read_is_told_with_its_option(tmp_path: Path):
    with pytest.raises(ValueError, match=f"--model: the script {tmp_path / 'nowhere'} cannot be used"):
        check_inputs("", None, f"scripted:{tmp_path / 'nowhere'}")


def test_a_script_plays_alone_whatever_table_somebody_has_for_their_own(monkeypatch: pytest.MonkeyPatch):
    """It is to cost nothing."""
    real = "anthropic:claude-sonnet-5"
    monkeypatch.setenv("QUORUM_MODELS", f'{{"default": "{real}", "writer": "{real}"}}')
    for name in ("QUORUM_LIGHT_MODEL", "QUORUM_SECOND_MODEL"):
        monkeypatch.setenv(name, real)
    monkeypatch.setenv("QUORUM_PRICES", f'{{"{real}": {{"input": 1, "output": 1}}}}')
    for name, value in {"QUORUM_MODEL": "scripted:x", **stage._NO_OTHER_MODEL}.items():
        monkeypatch.setenv(name, value)
    settings = Settings()
    assert settings.table == {"default": ("scripted:x",)}
    assert not settings.prices
