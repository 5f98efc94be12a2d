"""`quorum config`: a fault is shown where an editor can jump to it."""

import json

from typer.testing import CliRunner

from app.cli.config import app

RUNNER = CliRunner()


def test_a_good_file_is_said_to_be_good(tmp_path):
    file = tmp_path / "quorum.yml"
    file.write_text("test: pytest -q\nrequired: [security]\n", encoding="utf-8")

    result = RUNNER.invoke(app, ["check", str(file)])

    assert result.exit_code == 0
    assert "good. Required: security. Tests: pytest -q." in result.output


def test_a_fault_is_shown_with_file_line_column_message_and_remedy(tmp_path):
    file = tmp_path / "quorum.yml"
    file.write_text("test: pytest -q\nrequird: all\n", encoding="utf-8")

    result = RUNNER.invoke(app, ["check", str(file)])

    assert result.exit_code == 1
    assert result.stdout == ""
    assert f"{file}:2:1: there is no key `requird`\n  Did you mean `required`?" in result.output


def test_a_missing_file_an_unreadable_one_and_one_of_other_bytes_are_named(tmp_path):
    (tmp_path / "latin").write_bytes(b"test: \xe9")

    for name, words in (("none", "no such file"), (".", "cannot be read"), ("latin", "byte 6 is not UTF-8")):
        result = RUNNER.invoke(app, ["check", str(tmp_path / name)])
        assert (result.exit_code, words in result.output) == (1, True)


def test_without_an_argument_the_repositorys_own_file_is_checked(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".github").mkdir()
    (tmp_path / ".github" / "quorum.yml").write_text("\ufeffmax_rounds: 9\n", encoding="utf-8")

    result = RUNNER.invoke(app, ["check"])

    assert result.exit_code == 1
    assert ".github/quorum.yml:1:1: `max_rounds`" in result.output


def test_the_schema_is_json(tmp_path):
    result = RUNNER.invoke(app, ["schema"])

    assert result.exit_code == 0
    assert json.loads(result.stdout)["title"] == "Quorum policy"


def test_a_warning_does_not_make_a_file_bad(tmp_path):
    file = tmp_path / "quorum.yml"
    file.write_text("override: {by: ['@write']}\ntest: pytest -q\n", encoding="utf-8")

    result = RUNNER.invoke(app, ["check", str(file)])

    assert result.exit_code == 0
    assert f"{file}:1:17: warning: `@write` is the person of that name" in result.stderr
    assert "\n  Roles are `write`, `maintain` and `admin`" in result.stderr
    assert "good. Required: security" in result.stdout
