"""What a person types wrongly is answered in one line that says what to do, before anything is started."""

import gc
import os
import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from app.cli import main

SCRIPT = "label: x\nconversations: [{role: writer, replies: [{text: hm}]}]\n"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    """`quorum WORDS` in an empty folder, with an empty home."""
    (tmp_path / "issue.md").write_text("# It breaks\n")
    (tmp_path / "empty.md").write_text("# \n")
    (tmp_path / "folder").mkdir()
    (tmp_path / "script.yml").write_text(SCRIPT)
    (tmp_path / "junk.pem").write_text("junk")
    (tmp_path / "taken" / "demo").mkdir(parents=True)
    (tmp_path / "taken" / "demo" / "thesis.txt").write_text("mine\n")

    def call(*words: str, **settings: str) -> tuple[int | str | None, str, str]:
        """How it ends, and what it says on standard output and error."""
        env = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(tmp_path), **settings}
        with monkeypatch.context() as patch:
            patch.setattr("app.telemetry.configure", lambda _stream: None)  # it is for a whole process
            patch.chdir(tmp_path)
            patch.setattr(sys, "argv", ["quorum", *words])
            patch.setattr(os, "environ", env)
            with pytest.raises(SystemExit) as ended:
                main()
        told = capsys.readouterr()
        code = ended.value.code
        return code, told.out, told.err + (code if isinstance(code, str) else "")

    return call


@pytest.mark.parametrize(
    ("words", "settings", "told"),
    [
        (["demo", "--model", "nonsense"], {}, "--model is 'nonsense'"),
        (["demo", "--model", "scripted:nope.yml"], {}, "nope.yml"),
        (["demo", "--model", "anthropic"], {}, "ANTHROPIC_API_KEY"),
        (
            ["demo", "--repo", "folder", "--issue", "issue.md", "--model", "scripted:script.yml"],
            {},
            "no git repository",
        ),
        (["demo", "--repo", "nope", "--issue", "issue.md", "--model", "scripted:script.yml"], {}, "no git repository"),
        (["demo", "--repo", "folder", "--issue", "empty.md", "--model", "scripted:script.yml"], {}, "empty.md"),
        (["demo", "--repo", "folder", "--issue", "nope.md", "--model", "scripted:script.yml"], {}, "nope.md"),
        (["demo", "--repo", "folder"], {}, "go together"),
        (["demo", "--json", "nope/seen.json"], {}, "there is no folder"),
        (["demo"], {"QUORUM_DATA_DIR": "taken"}, "left alone"),
        (["worker"], {}, "set QUORUM_APP_ID"),
        (
            ["runs", "list"],
            {"QUORUM_DATABASE_URL": "mysql://root@db/q"},
            "begins with `mysql://`; write postgresql+psy",
        ),
        (["worker"], {"QUORUM_APP_ID": "1", "QUORUM_PRIVATE_KEY_FILE": "nope.pem"}, "there is no file nope.pem"),
        (["serve"], {"QUORUM_APP_ID": "1", "QUORUM_PRIVATE_KEY_FILE": "junk.pem"}, "holds no private key"),
        (["serve"], {"QUORUM_PORT": "abc"}, "QUORUM_PORT"),
        (["runs", "list"], {"QUORUM_DATABASE_URL": "nonsense"}, "QUORUM_DATABASE_URL"),
        (["runs", "list"], {"QUORUM_DATABASE_URL": "postgresql+psycopg://u:hunter2@127.0.0.1:9/x"}, "cannot be used"),
        (["audit", "verify", "--anchor", "foo"], {}, "SEQUENCE:HASH"),
        (["audit", "verify", "--anchor", "5:abc"], {}, "SEQUENCE:HASH"),
        (["setup", "protect", "tally"], {"QUORUM_APP_ID": "1", "GITHUB_TOKEN": "hunter2"}, "'tally' is no OWNER/REPO"),
        (["setup", "protect", "a/b/c"], {"QUORUM_APP_ID": "1", "GITHUB_TOKEN": "hunter2"}, "'a/b/c' is no OWNER/REPO"),
        (["setup", "protect", "acme/tally"], {"GITHUB_TOKEN": "hunter2"}, "set QUORUM_APP_ID"),
        (["setup", "protect", "acme/tally"], {"QUORUM_APP_ID": "1"}, "QUORUM_PRIVATE_KEY_FILE"),
        (["config", "explain", "--pull", "tally"], {}, "'tally' is neither OWNER/REPO#NUMBER nor"),
        (["config", "explain", "--pull", "acme/tally#1"], {}, "set QUORUM_APP_ID"),
        (["gate", "simulate", "--pull", "acme/tally#1"], {}, "set QUORUM_APP_ID"),
        (["gate", "show", "tally", "1"], {}, "'tally' is no OWNER/REPO"),
        (["gate", "show", "acme/tally", "0"], {}, "greater than or equal to 1"),
        (["gate", "show", "acme/tally", "1"], {}, "the database cannot be used"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, list) else None,
)
def test_a_mistake_is_answered_in_words(run, words: list[str], settings: dict[str, str], told: str):
    code, out, err = run(*words, **settings)
    # typer draws boxes around what it says
    said = " ".join("".join(each if each not in "│╭╮╰╯─" else " " for each in err).split())
    assert code not in {None, 0}
    assert told in said
    assert "Traceback" not in err
    assert "hunter2" not in err
    assert out == ""


def test_a_folder_that_no_demo_made_is_left_alone(run, tmp_path: Path):
    run("demo", QUORUM_DATA_DIR="taken")
    assert (tmp_path / "taken" / "demo" / "thesis.txt").read_text() == "mine\n"


def test_the_version_is_told(run):
    code, out, _ = run("--version")
    assert (code, out) == (0, f"quorum {version('quorum')}\n")


def test_garbage_is_seldom_looked_for_while_a_command_imports_what_it_needs(run):
    gc.set_threshold(700, 10, 10)
    run("--version")
    assert gc.get_threshold() == (10_000, 10, 10)
