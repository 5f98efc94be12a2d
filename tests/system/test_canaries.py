"""After the whole story no secret is where it has no business: logs, database, prompts, artefacts, GitHub, sandbox."""

import json
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest
import yaml

from app.llm.scripted import Script, Scripted
from tests.support.models import MessagesServer, over_the_wire, text_of
from tests.support.stories import SCRIPT, Theatre, tell

MODEL_KEY = "sk-ant-canary-0123456789abcdef"
_LOOK_AROUND = (
    "; echo SEEN; env; cat /proc/*/environ /proc/*/cmdline 2>/dev/null | tr '\\0' '\\n'; mount; echo FOUND; "
    "grep -rlaE 'ghs_[0-9]+_|sk-ant-[c]anary' / --exclude-dir=proc --exclude-dir=sys --exclude-dir=usr "
    "--exclude-dir=lib 2>/dev/null; "
    "find / -name 'app.[p]em' -o -name 'quorum.[d]b' 2>/dev/null; echo LOOKED"
)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory):
    """The story over the real Messages adapter, with an agent that looks for secrets wherever it can."""
    home, theatres = tmp_path_factory.mktemp("canaries"), []
    script = yaml.safe_load(SCRIPT.read_text())
    script["conversations"][0]["replies"][0]["tools"][0]["input"]["command"] += _LOOK_AROUND

    def some_writes_fail(theatre: Theatre) -> None:
        """So that errors are told of."""
        theatres.append(theatre)
        fault = {"method": "POST", "path": "/repositories/", "status": 502, "times": 3}
        theatre.control("faults", {"faults": [fault | {"only_apps": True}]})

    with MessagesServer(over_the_wire(Scripted(Script.model_validate(script)))) as server:
        settings = {
            "QUORUM_MODEL": "anthropic:claude-sonnet-5",
            "ANTHROPIC_BASE_URL": server.url,
            "ANTHROPIC_API_KEY": MODEL_KEY,
        }
        telling = tell(home, some_writes_fail, **settings)
        return theatres[0], telling, server.requests


@pytest.fixture(scope="module")
def canaries(told) -> dict[str, str]:
    theatre = told[0]
    pem = (theatre.home / "app.pem").read_text().splitlines()
    tokens = [token for token in theatre.world.tokens if token.startswith("ghs_")]
    assert len(tokens) > 3, "the story uses several tokens"
    return {
        "the App's key": pem[5],
        "the webhook secret": theatre.quorum_settings["QUORUM_WEBHOOK_SECRET"],
        "the model's key": MODEL_KEY,
        **{f"token {number}": token for number, token in enumerate(tokens)},
    }


def found_in(text: str | bytes, canaries: dict[str, str]) -> list[str]:
    raw = text if isinstance(text, bytes) else text.encode()
    return [name for name, canary in canaries.items() if canary.encode() in raw]


def test_the_story_came_to_its_end_over_the_wire(told):
    assert told[1].state["merged"] == [True]


def test_none_is_in_a_file_that_quorum_wrote(told, canaries):
    theatre = told[0]
    files = [path for path in theatre.home.rglob("*") if path.is_file() and path != theatre.home / "app.pem"]
    assert {"quorum.log", "quorum.db"} <= {path.name for path in files}
    assert {str(path): found for path in files if (found := found_in(path.read_bytes(), canaries))} == {}


def test_none_is_in_the_databases_text(told, canaries):
    with closing(sqlite3.connect(told[0].home / "quorum.db")) as db:
        text = "\n".join(db.iterdump())
    assert "INSERT INTO" in text
    assert found_in(text, canaries) == []


def test_none_is_in_a_prompt(told, canaries):
    requests = told[2]
    assert len(requests) > 15
    assert found_in("\n".join(map(text_of, requests)), canaries) == []


def test_none_is_in_a_commit_of_the_mirror_or_of_github(told, canaries):
    theatre = told[0]
    mirrors = list((theatre.home / "mirrors").glob("*.git"))
    assert mirrors
    for repository in (*mirrors, Path(theatre.repository.path)):
        shown = subprocess.run(["git", "log", "-p", "--all"], cwd=repository, capture_output=True, check=True).stdout
        assert b"Quorum-Run" in shown
        assert found_in(shown, canaries) == []


def test_none_is_in_what_github_shows(told, canaries):
    repository = told[0].repository
    shown = [repository.comments, repository.reviews, repository.review_comments, repository.check_runs]
    # The emulator's own objects, such as the App with its secret, are not shown.
    assert found_in(json.dumps([list(each.values()) for each in shown], default=lambda _: None), canaries) == []


def test_an_agent_that_looks_for_them_in_the_sandbox_finds_none(told):
    requests = told[2]
    looked = next(text_of(each["messages"][2]) for each in requests if len(each["messages"]) == 3)
    # The command line itself is among what is seen, so the words are there twice.
    seen = looked.partition("SEEN")[2].rpartition("LOOKED")[0]
    files = seen.rpartition("FOUND")[2]

    assert "PATH=" in seen, "the sandbox's environment was printed"
    assert not [word for word in ("QUORUM_", "ANTHROPIC", "TOKEN", "SECRET", "app.pem", "quorum.db") if word in seen]
    assert files.replace("\\n", "").strip() == "", "files that hold a secret"
