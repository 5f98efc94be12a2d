"""Settings from files, as container engines mount secrets."""

from pathlib import Path

import pytest

from app import settings
from app.settings import Settings


@pytest.fixture
def mounted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(settings, "SECRETS", tmp_path)
    for name in ("QUORUM_WEBHOOK_SECRET", "ANTHROPIC_API_KEY", "QUORUM_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_a_file_named_like_a_variable_sets_it_without_its_line_end(mounted: Path):
    (mounted / "quorum_webhook_secret").write_text("from a file\n")
    (mounted / "anthropic_api_key").write_text("a key\n")
    (mounted / "QUORUM_DATABASE_URL").write_text("postgresql+psycopg://quorum:word@postgres/quorum\n")
    told = Settings()
    assert told.webhook_secret.get_secret_value() == "from a file"
    assert told.anthropic_api_key.get_secret_value() == "a key"
    assert told.database_url == "postgresql+psycopg://quorum:word@postgres/quorum"


def test_the_environment_comes_first(mounted: Path, monkeypatch: pytest.MonkeyPatch):
    (mounted / "quorum_webhook_secret").write_text("from a file")
    monkeypatch.setenv("QUORUM_WEBHOOK_SECRET", "from the environment")
    assert Settings().webhook_secret.get_secret_value() == "from the environment"


def test_other_files_there_are_no_settings(mounted: Path):
    (mounted / "kubernetes.io").mkdir()
    (mounted / "quorum_private_key.pem").write_text("-----BEGIN")
    assert Settings().private_key_file is None
