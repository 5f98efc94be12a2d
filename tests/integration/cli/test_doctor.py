"""`quorum doctor` on a machine, a GitHub and a repository that are fine, and on some that are not."""

import json
from pathlib import Path

import pytest

from app.cli.checkup.machine import look_at_data
from app.emulator import installing
from app.settings import Settings
from app.store.engine import open_database
from app.store.schema import read_schema
from tests.support.databases import migrated_sqlite


@pytest.fixture(autouse=True)
def no_sandbox(monkeypatch):
    """Its own tests try it; here it would be tried again each time."""

    async def shown(_box) -> None:
        return None

    monkeypatch.setattr("app.sandbox.selftest.require", shown)


def look(town, *words: str, **values: str) -> tuple[int, dict[str, dict]]:
    town.values.update(values)
    result = town.quorum("doctor", "--json", *words)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert town.values["QUORUM_WEBHOOK_SECRET"] not in result.output
    return result.exit_code, {each["name"]: each for each in json.loads(result.output)}


def test_everything_is_looked_at_and_what_is_missing_has_a_remedy(town):
    code, found = look(town)
    states = {name: each["state"] for name, each in found.items()}
    assert code == 0, found
    expected = {
        "git",
        "data folder",
        "variables",
        "settings",
        "sandbox",
        "database",
        "broker",
        "App credentials",
        "webhook secret",
    }
    expected |= {"model", "clock", "App", "installation on mona", "webhook"}
    assert expected <= states.keys()
    assert states["App"] == states["clock"] == states["installation on mona"] == "ok"
    protection = found[f"protection of {town.repository.full_name}"]
    assert protection["state"] == "warn"
    assert "quorum setup protect" in protection["remedy"]
    assert states["model"] == "warn"  # it is scripted
    assert town.setup()[0] == 0
    assert look(town)[1][f"protection of {town.repository.full_name}"]["state"] == "ok"


def test_permissions_that_nobody_accepted_are_noticed(town):
    before = dict(town.ours.permissions)
    installing.ask_for(town.stage.world, town.ours, {**before, "actions": "write"})
    try:
        code, found = look(town)
        assert code == 0
        assert "actions: write" in found["installation on mona"]["told"]
    finally:
        for each in town.stage.world.installations.values():
            each.accepted = None
        town.ours.permissions = before


def test_an_app_that_github_does_not_know_is_a_failure(town):
    before = town.values["QUORUM_APP_ID"], town.values["QUORUM_APP_CLIENT_ID"]
    try:
        code, found = look(town, QUORUM_APP_ID="99", QUORUM_APP_CLIENT_ID="")
        assert code == 1
        assert found["App"]["state"] == "fail"
        assert "quorum setup" in found["App"]["remedy"]
    finally:
        town.values["QUORUM_APP_ID"], town.values["QUORUM_APP_CLIENT_ID"] = before


def test_offline_asks_nobody(town):
    asked = len(town.stage.requests())
    _, found = look(town, "--offline")
    assert len(town.stage.requests()) == asked
    assert "clock" not in found


def test_a_wrong_file_of_settings_is_told_of_with_its_line(town, tmp_path):
    (tmp_path / "quorum.toml").write_text("\nport = 'many'\n")
    before = town.values.pop("QUORUM_PORT")
    try:
        code, found = look(town, QUORUM_CONFIG=str(tmp_path / "quorum.toml"))
        assert code == 1
        assert "line 2" in found["settings"]["told"]
    finally:
        del town.values["QUORUM_CONFIG"]
        town.values["QUORUM_PORT"] = before


def test_it_makes_no_folder(tmp_path):
    """A wrong QUORUM_DATA_DIR would else look like a right one from then on."""
    missing = tmp_path / "wrong" / "quorum"
    assert look_at_data(Settings(data_dir=missing)).state == "ok"
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "file").write_text("")
    assert look_at_data(Settings(data_dir=tmp_path / "file" / "quorum")).state == "fail"
    tmp_path.chmod(0o755)
    assert "chmod 700" in look_at_data(Settings(data_dir=tmp_path)).remedy
    tmp_path.chmod(0o700)
    assert look_at_data(Settings(data_dir=tmp_path)).remedy == ""


def test_a_key_that_others_can_read_is_told_of_and_github_is_asked_all_the_same(town, monkeypatch):
    """Where it was mounted nobody can change its mode."""
    path = Path(town.values["QUORUM_PRIVATE_KEY_FILE"])
    path.chmod(0o440)
    try:
        code, found = look(town)
        assert (code, found["App credentials"]["state"], found["App"]["state"]) == (0, "warn", "ok")
        monkeypatch.setattr("app.cli.checkup.machine.SECRETS", path.parent)
        assert look(town)[1]["App credentials"]["state"] == "ok"
    finally:
        path.chmod(0o600)


def test_what_a_model_says_of_its_key_is_not_passed_on(town, monkeypatch):
    secret = "a-key-of-no-known-form"

    async def refuse(*_: object) -> None:
        raise ValueError(f"the server does not know {secret}")

    monkeypatch.setattr("app.llm.openai.OpenAI.reply", refuse)
    before = town.values["QUORUM_MODEL"]
    try:
        told = {"QUORUM_MODEL": "openai:x", "OPENAI_API_KEY": secret, "OPENAI_BASE_URL": "http://127.0.0.1:9/v1"}
        code, found = look(town, **told)
        assert (code, found["model"]["state"]) == (1, "fail")
        assert "does not know" in found["model"]["told"]
        assert secret not in str(found)
    finally:
        town.values["QUORUM_MODEL"] = before
        del town.values["OPENAI_API_KEY"], town.values["OPENAI_BASE_URL"]


async def test_the_schema_is_told_apart(tmp_path):
    for name, change, state in (
        ("new", "SELECT 1", "newest"),
        ("empty", "DELETE FROM alembic_version", "older"),
        ("strange", "UPDATE alembic_version SET version_num = 'of tomorrow'", "unknown"),
    ):
        engine = open_database(migrated_sqlite(tmp_path / f"{name}.db"))
        async with engine.begin() as db:
            await db.exec_driver_sql(change)
        assert await read_schema(engine) == state
        await engine.dispose()
