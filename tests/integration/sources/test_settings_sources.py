"""Defaults before the file before the environment before the command line, and who is told of what is wrong."""

import stat
from pathlib import Path

import pytest

from app.cli.config import app as config_command
from app.settings import NEEDS_RESTART, Settings
from app.sources.file import SettingsError
from app.sources.live import Live
from app.sources.reference import render_reference
from app.sources.writing import write_values

PAGE = Path(__file__).parents[3] / "docs" / "settings.md"


@pytest.fixture
def file(tmp_path, monkeypatch):
    """`quorum.toml` in the data folder, which is not there yet."""
    monkeypatch.delenv("QUORUM_CONFIG")
    monkeypatch.setenv("QUORUM_DATA_DIR", str(tmp_path))
    for name in ("ANTHROPIC_API_KEY", "OPENAI_BASE_URL", "QUORUM_OPENAI_BASE_URL", "QUORUM_PORT"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path / "quorum.toml"


def test_each_place_counts_before_the_next(file, monkeypatch):
    assert Settings().port == 8471
    file.write_text("port = 1\n")
    assert Settings().port == 1
    monkeypatch.setenv("QUORUM_PORT", "2")
    assert Settings().port == 2
    assert Settings.load(["port=3"]).port == 3


@pytest.mark.parametrize("variable", ["OPENAI_BASE_URL", "QUORUM_OPENAI_BASE_URL"])
def test_variables_of_other_names_count_before_the_file_too(file, monkeypatch, variable):
    file.write_text('openai_base_url = "file"\nanthropic_api_key = "key"\n')
    assert Settings().anthropic_api_key.get_secret_value() == "key"
    assert Settings().openai_base_url == "file"
    monkeypatch.setenv(variable, "environment")
    assert Settings().openai_base_url == "environment"
    assert Settings.load(["openai_base_url=word"]).openai_base_url == "word"


def test_another_file_can_be_named_or_none(file, monkeypatch, tmp_path):
    file.write_text("port = 1\n")
    (tmp_path / "other.toml").write_text("port = 4\n")
    monkeypatch.setenv("QUORUM_CONFIG", str(tmp_path / "other.toml"))
    assert Settings().port == 4
    monkeypatch.setenv("QUORUM_CONFIG", "")
    assert Settings().port == 8471
    monkeypatch.setenv("QUORUM_CONFIG", str(tmp_path / "nothing.toml"))
    with pytest.raises(SettingsError, match="QUORUM_CONFIG: there is no file"):
        Settings.load()


def test_no_file_of_the_working_directory_is_read(file, monkeypatch, tmp_path):
    """It may be a stranger's repository, and whoever names the model's address gets the key for it."""
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "quorum.toml").write_text('anthropic_base_url = "https://evil.example"\n')
    monkeypatch.chdir(tmp_path / "work")
    assert Settings().anthropic_base_url == ""


def test_the_data_folder_of_the_command_line_has_the_file(file, tmp_path):
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "quorum.toml").write_text("port = 5\n")
    assert Settings.load([f"data_dir={tmp_path / 'other'}"]).port == 5


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('# one\nport = "many"\n', "port ({file}, line 2): Input should be a valid integer"),
        ("prot = 1\n", "{file}, line 1: there is no setting `prot`"),
        ("\n[more]\nx = 1\n", "{file}, line 2: there is no setting `more`"),
        ("port\n", "{file} is no TOML"),
    ],
)
def test_what_is_wrong_in_the_file_is_told_with_its_line(file, text, told):
    file.write_text(text)
    with pytest.raises(SettingsError) as error:
        Settings.load()
    assert told.format(file=file) in str(error.value)


def test_what_is_wrong_elsewhere_is_told_with_its_place(file, monkeypatch):
    file.write_text("port = 1\n")
    monkeypatch.setenv("QUORUM_PORT", "many")
    with pytest.raises(SettingsError, match=r"^port \(environment variable QUORUM_PORT\): "):
        Settings.load()
    with pytest.raises(SettingsError, match=r"^--set port: "):
        Settings.load(["port=some"])
    with pytest.raises(SettingsError, match="--set NAME=VALUE"):
        Settings.load(["prot=1"])


@pytest.mark.parametrize(
    "word", ["webhook_secret=hunter2", "database_url=postgresql+psycopg://quorum:hunter2@db/quorum"]
)
def test_a_secret_is_no_word_of_the_command_line(file, word):
    with pytest.raises(SettingsError, match="others can read command lines") as error:
        Settings.load([word])
    assert "hunter2" not in str(error.value)
    assert Settings.load(["broker_url=redis://redis:6379"]).broker_url == "redis://redis:6379"


def test_a_secret_of_the_wrong_kind_is_not_shown(file):
    file.write_text("webhook_secret = 12345678\n")
    with pytest.raises(ValueError, match="webhook_secret") as error:
        Settings()
    assert "12345678" not in str(error.value)


@pytest.mark.parametrize(
    "text",
    [
        *("concurrency = 0", "lease_s = 0", "sweep_s = -1", "poll_s = nan", "poll_s = inf", "model_timeout_s = 0"),
        *("port = 70000", "health_port = -1", "write_gap_s = -0.1", "budget_usd_month = inf", "app_id = -1"),
        *('github_url = "github.com"', f"models = {'[' * 5000}"),
    ],
)
def test_what_a_worker_could_not_live_with_is_refused(file, text):
    """A worker that sleeps for no time, or whose sleeping raises, is worse than one that keeps the old settings."""
    file.write_text(f"{text}\n")
    with pytest.raises(SettingsError):
        Settings.load()


def test_a_data_folder_of_somebody_unknown_is_told_of(file, monkeypatch):
    monkeypatch.setenv("QUORUM_DATA_DIR", "~nobody-of-this-name/quorum")
    with pytest.raises(SettingsError, match="write a whole path"):
        Settings.load()
    file.write_text('data_dir = "~nobody-of-this-name/quorum"\n')
    monkeypatch.setenv("QUORUM_CONFIG", str(file))
    monkeypatch.delenv("QUORUM_DATA_DIR")
    with pytest.raises(SettingsError, match="write a whole path"):
        Settings.load()


def follow() -> Live[Settings]:
    return Live(Settings.load(), Settings.load, NEEDS_RESTART)


def settled(live: Live[Settings]) -> Settings | None:
    """A change counts when a second look finds it as the first one did."""
    live.look()
    return live.look()


def test_a_changed_file_takes_effect_once(file):
    file.write_text("concurrency = 1\n")
    live = follow()
    assert settled(live) is None
    file.write_text("concurrency = 22\n")
    assert settled(live).concurrency == 22
    assert settled(live) is None


def test_a_file_that_was_mended_while_the_process_began_is_taken_up(file):
    """It was wrong when the settings were read, and right when somebody began to look at it."""
    before = Settings.load()
    file.write_text("concurrency = 22\n")
    live = Live(before, Settings.load, NEEDS_RESTART)
    assert live.look().concurrency == 22


def test_half_of_a_file_is_no_change(file):
    """It can be right, and says that everything it has not come to yet is as usual."""
    file.write_text("concurrency = 1\nbudget_usd_month = 5\n")
    live = follow()
    file.write_text("concurrency = 2\n")
    assert live.look() is None
    file.write_text("concurrency = 2\nbudget_usd_month = 50\n")
    new = settled(live)
    assert (new.concurrency, new.budget_usd_month) == (2, 50)


def test_a_file_that_is_written_while_it_is_read_is_read_again(file):
    file.write_text("concurrency = 1\n")

    def load() -> Settings:
        settings = Settings.load()
        if settings.concurrency == 2:
            file.write_text("concurrency = 333\n")
        return settings

    live = Live(Settings.load(), load, NEEDS_RESTART)
    file.write_text("concurrency = 2\n")
    assert settled(live) is None
    assert settled(live).concurrency == 333


def test_a_wrong_file_changes_nothing_and_says_so(file, capsys):
    file.write_text("concurrency = 1\n")
    live = follow()
    file.write_text('concurrency = "many"\n')
    assert settled(live) is None
    assert "line 1" in capsys.readouterr().out
    assert settled(live) is None
    assert capsys.readouterr().out == ""
    file.write_text("concurrency = 333\n")
    assert settled(live).concurrency == 333


def test_a_file_that_is_gone_changes_nothing_and_says_so(file, capsys):
    """Else every setting would be the usual one: no budget, another model."""
    file.write_text("concurrency = 1\n")
    live = follow()
    file.unlink()
    assert settled(live) is None
    assert "gone" in capsys.readouterr().out
    assert settled(live) is None
    assert capsys.readouterr().out == ""
    file.write_text("concurrency = 4\n")
    assert settled(live).concurrency == 4


def test_a_file_that_comes_later_is_taken_up(file):
    live = follow()
    file.write_text("concurrency = 4\n")
    assert settled(live).concurrency == 4


def test_whatever_goes_wrong_with_a_file_is_outlived(file):
    def load() -> Settings:
        raise RuntimeError("of a kind that nobody thought of")

    file.write_text("concurrency = 1\n")
    live = Live(Settings.load(), load, NEEDS_RESTART)
    file.write_text("concurrency = 2\n")
    assert settled(live) is None


def test_the_file_of_another_data_folder_is_followed(file, tmp_path):
    other = tmp_path / "other" / "quorum.toml"
    other.parent.mkdir()
    other.write_text("concurrency = 1\n")
    words = [f"data_dir={other.parent}"]
    live = Live(Settings.load(words), lambda: Settings.load(words), NEEDS_RESTART, lambda: Settings.file(words))
    other.write_text("concurrency = 22\n")
    assert settled(live).concurrency == 22


def test_what_counts_after_a_restart_stays_and_is_named(file, capsys):
    live = follow()
    file.write_text("port = 1\nconcurrency = 2\n")
    new = settled(live)
    assert (new.port, new.concurrency) == (8471, 2)
    assert "port" in capsys.readouterr().out


def test_a_file_that_is_written_keeps_what_people_wrote_and_is_private(file):
    file.write_text("# ours\nport = 1  # low\n\n[more]\nx = 1\n")
    file.chmod(0o644)
    write_values(file, {"port": 2, "app_slug": 'a"b'})
    assert file.read_text() == '# ours\nport = 2  # low\napp_slug = "a\\"b"\n\n[more]\nx = 1\n'
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [each.name for each in file.parent.iterdir()] == [file.name]


def test_the_page_of_settings_is_what_the_code_says():
    """`quorum config settings > docs/settings.md`."""
    assert PAGE.read_text() == render_reference(Settings.model_fields, NEEDS_RESTART)
    assert any(each.callback.__name__ == "settings" for each in config_command.registered_commands)


def test_every_setting_is_described():
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []
    assert set(Settings.model_fields) >= NEEDS_RESTART
