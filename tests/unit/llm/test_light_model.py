"""A model of its own for light readings, by a setting."""

from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from app import wiring
from app.llm.by_role import ByRole
from app.llm.scripted import Scripted
from app.settings import Settings

SCRIPT = "label: a\nconversations: []\n"


@pytest.fixture
def script(tmp_path: Path) -> str:
    (tmp_path / "a.yml").write_text(SCRIPT)
    return f"scripted:{tmp_path / 'a.yml'}"


async def test_without_the_setting_one_model_answers_all(script: str):
    async with AsyncExitStack() as stack:
        assert isinstance(wiring._model(Settings(model=script), stack), Scripted)
        assert isinstance(wiring._model(Settings(model=script, light_model=script), stack), ByRole)


async def test_a_name_that_is_none_is_told_with_its_setting(script: str):
    async with AsyncExitStack() as stack:
        with pytest.raises(ValueError, match="QUORUM_LIGHT_MODEL is 'haiku'; write"):
            wiring._model(Settings(model=script, light_model="haiku"), stack)
