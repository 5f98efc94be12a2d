"""What the poll and the worker are tried on."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import structlog
from hosting import Hosted
from sqlalchemy.ext.asyncio import AsyncEngine

from app.cli.demo.stage import Stage, push_folder
from app.settings import Settings
from app.store.engine import migrate, open_database


@pytest.fixture(autouse=True)
def told() -> Iterator[list[structlog.typing.EventDict]]:
    """What was logged. Unset, structlog draws each traceback in colours, which takes longer than the tests."""
    with structlog.testing.capture_logs() as lines:
        yield lines


@pytest.fixture
def hosted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hosted]:
    monkeypatch.setenv("QUORUM_DATA_DIR", str(tmp_path / "data"))
    with Stage("scripted:none") as stage:
        mona = stage.person("mona")
        repository = stage.new_repository(mona, "sample")
        values = stage.install_app(repository)
        source = tmp_path / "source"
        source.mkdir()
        (source / "a.txt").write_text("a\n")
        push_folder(source, f"{stage.github_url}/{repository.full_name}.git", mona.token, "First")
        settings = Settings(
            github_url=stage.github_url, app_id=stage.app_id, app_client_id=values["QUORUM_APP_CLIENT_ID"]
        )
        yield Hosted(stage, mona, repository, settings, Path(values["QUORUM_PRIVATE_KEY_FILE"]).read_text())


@pytest.fixture
async def sqlite(tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    engine = open_database(f"sqlite+aiosqlite:///{tmp_path / 'quorum.db'}")
    await migrate(engine)
    yield engine
    await engine.dispose()
