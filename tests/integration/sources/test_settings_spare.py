"""A worker that dies while the file of settings is wrong."""

import stat
from contextlib import nullcontext

import pytest
from typer.testing import CliRunner

from app.cli import app
from app.cli.serve import NAME
from app.settings import Settings
from app.sources.file import SettingsError
from app.sources.spare import Spare


@pytest.fixture
def file(tmp_path, monkeypatch):
    monkeypatch.delenv("QUORUM_CONFIG")
    monkeypatch.setenv("QUORUM_DATA_DIR", str(tmp_path))
    return tmp_path / "quorum.toml"


@pytest.fixture
def spare(file):
    return Spare(file.parent / NAME, Settings.file, Settings.load)


WHY = SettingsError("concurrency: line 1")


def test_the_last_file_that_was_worked_with_counts(file, spare):
    file.write_text("concurrency = 3\n")
    spare.take()
    file.write_text('concurrency = "many"\n')
    assert spare.last(WHY).concurrency == 3
    assert stat.S_IMODE(spare.copy.stat().st_mode) == 0o600
    with pytest.raises(SettingsError, match="line 1"):  # nobody else reads the copy
        Settings.load()


def test_the_environment_counts_before_it_as_before_the_file(file, spare, monkeypatch):
    file.write_text("concurrency = 3\n")
    spare.take()
    monkeypatch.setenv("QUORUM_CONCURRENCY", "4")
    assert spare.last(WHY).concurrency == 4


def test_a_file_that_is_wrong_by_now_is_not_taken(file, spare):
    """Whoever works with the copy must not put the wrong file into its place."""
    file.write_text("concurrency = 3\n")
    spare.take()
    file.write_text('concurrency = "many"\n')
    spare.take()
    assert spare.last(WHY).concurrency == 3


def test_without_a_copy_what_is_wrong_is_said(file, spare):
    spare.take()  # there is no file
    with pytest.raises(SettingsError, match="concurrency: line 1"):
        spare.last(WHY)
    spare.copy.write_text("concurrency = [\n")
    with pytest.raises(SettingsError, match="concurrency: line 1"):
        spare.last(WHY)


def start(monkeypatch, *words: str) -> tuple[int, list[Settings], str]:
    begun: list[Settings] = []
    monkeypatch.setattr("app.jobs.worker.run_worker", lambda settings, *_: begun.append(settings))
    monkeypatch.setattr("app.settings.Settings.require_credentials", lambda _: None)
    result = CliRunner().invoke(app, ["worker", *words])
    return result.exit_code, begun, str(result.exception)


def test_a_worker_that_somebody_starts_refuses_a_wrong_file(file, monkeypatch):
    file.write_text('concurrency = "many"\n')
    code, begun, told = start(monkeypatch)
    assert (code, begun) == (1, [])
    assert f"{file}, line 1" in told
    assert start(monkeypatch, "--spare", str(file.parent / NAME))[:2] == (1, [])


def test_a_worker_that_is_started_again_goes_on_and_follows_the_file(file, spare, monkeypatch):
    file.write_text("concurrency = 3\n")
    spare.take()
    file.write_text('concurrency = "many"\n')
    code, (settings,), _ = start(monkeypatch, "--spare", str(spare.copy))
    assert (code, settings.concurrency) == (0, 3)


def test_serve_hands_its_worker_the_file_that_it_began_with(file, monkeypatch):
    """And none of an earlier life: whoever starts Quorum is told of what is wrong, and mends it."""
    commands: list[list[str]] = []
    monkeypatch.setattr("app.cli.serve.Supervised", lambda command: nullcontext(commands.append(command)))
    kept_alive: list[float] = []
    monkeypatch.setattr("uvicorn.run", lambda *_, timeout_keep_alive, **__: kept_alive.append(timeout_keep_alive))
    monkeypatch.setattr("app.settings.Settings.require_credentials", lambda _: None)
    monkeypatch.setenv("QUORUM_BROKER_URL", "redis://127.0.0.1:9")
    monkeypatch.setenv("QUORUM_WEBHOOK_SECRET", "secret")
    copy = file.parent / NAME
    for text, kept in (("concurrency = 3\n", True), (None, False)):
        copy.write_text("concurrency = 1\n")
        file.unlink(missing_ok=True) if text is None else file.write_text(text)
        assert CliRunner().invoke(app, ["serve", "--set", "concurrency=4"]).exit_code == 0
        assert commands[-1][-4:] == ["--spare", str(copy), "--set", "concurrency=4"]
        assert copy.exists() == kept
        assert not kept or copy.read_text() == text
    assert min(kept_alive) > 60, "proxies keep connections for a minute"
