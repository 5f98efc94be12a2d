"""`quorum config explain` and `gate simulate --pull`: what the gate says now, asked of GitHub, with no trace left."""

import asyncio
import json
import sqlite3
from pathlib import Path

import pytest

from app.policy.finding import Outcome
from app.policy.rules import PERSPECTIVES
from app.policy.values import Sha
from app.store.engine import open_database
from app.store.reviews import Examination, StoredVerdict, save_review
from app.store.work import work
from tests.support.databases import migrated_sqlite

HOSTILE = "T[bold]x[/] \u202e\u001b[31m :boom:"


@pytest.fixture
def database(town):
    """The one of the worker that is not running just now."""
    path = Path(town.values["QUORUM_DATA_DIR"]) / "quorum.db"
    if not path.exists():
        migrated_sqlite(path)
    with sqlite3.connect(path) as db:
        yield db
    db.close()


def name_of(town, number):
    return f"{town.repository.full_name}#{number}"


def everything(database):
    tables = [row[0] for row in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    return {table: sorted(map(str, database.execute(f"SELECT * FROM {table}"))) for table in tables}  # noqa: S608


def approve(town, number, sha, fingerprint):
    """Every perspective did, on record."""

    async def save():
        engine = open_database(f"sqlite+aiosqlite:///{town.values['QUORUM_DATA_DIR']}/quorum.db")
        repo, head = town.repository.id, Sha(sha)
        run = f"run-{number}-{repo}"
        seen = Examination(run, repo, number, head, fingerprint, "not_configured", ())
        given = [
            StoredVerdict(run, each, repo, number, head, head, fingerprint, Outcome.APPROVED, 0.9, "model-one", "fine")
            for each in PERSPECTIVES
        ]
        async with work(engine) as db:
            await save_review(db, seen, given, ())
        await engine.dispose()

    asyncio.run(save())


def explained(town, number):
    result = town.quorum("config", "explain", "--pull", name_of(town, number), "--json")
    assert result.exit_code == 0, (result.output, result.exception)
    return json.loads(result.output)


def test_every_rule_is_shown_with_what_is_missing(town, database):
    number, sha = town.pull()
    result = town.quorum("config", "explain", "--pull", name_of(town, number))

    assert result.exit_code == 0, (result.output, result.exception)
    assert f'"Write" by mona, {sha[:12]} into main' in result.output
    assert "built in, as there is no other" in result.output
    assert "waiting: Wait for the security review" in result.output
    assert "built in: workflows: no changed file is of the kind workflows" in result.output
    assert "security: Wait for the security review" in result.output
    assert "may be overridden by nobody: it has a veto" in result.output
    assert "may be overridden by somebody with maintain, but not the author" in result.output
    assert "nothing that counts for the gate" in result.output


def test_a_page_is_as_good_as_a_name(town, database):
    number, _ = town.pull()
    page = f"{town.stage.github_url}/{town.repository.full_name}/pull/{number}/files"

    assert "Wait for the security review" in town.quorum("config", "explain", "--pull", page).output


def test_looking_leaves_no_trace(town, database):
    number, sha = town.pull()
    place = f"pulls/{number}/reviews"
    review = {"event": "APPROVE", "commit_id": sha, "body": "Good"}
    town.hubert.call("POST", f"/repos/{town.repository.full_name}/{place}", review)
    before, asked = everything(database), len(town.stage.requests())
    told = explained(town, number)

    assert [(each["kind"], each["login"], each["reason"]) for each in told["statements"]] == [
        ("approved", "hubert", "Good")
    ]
    assert everything(database) == before
    # people say `repos`, Quorum goes by ids
    seen = [row for row in town.stage.requests()[asked:] if not row[1].startswith("/api/v3/repos/")]
    writes = [path for method, path, _ in seen if method != "GET"]
    assert all(path.endswith(("/access_tokens", "/git-upload-pack")) for path in writes), writes
    assert writes


def test_what_the_council_said_is_taken_from_the_record(town, database):
    number, sha = town.pull()
    first = town.quorum("config", "explain", "--pull", name_of(town, number))
    assert "waiting: Wait for the security review" in first.output
    fingerprint = fingerprint_of(town, number)
    approve(town, number, sha, fingerprint)
    second = explained(town, number)

    assert (second["status"], second["missing"]) == ("approved", [])
    assert town.quorum("gate", "simulate", "--pull", name_of(town, number)).exit_code == 0


def fingerprint_of(town, number):
    """As the gate works it out."""
    from app.cli.asking import ask
    from app.cli.pulls import PullName
    from app.settings import Settings

    names = {key.removeprefix("QUORUM_").lower(): value for key, value in town.values.items()}
    asked = asyncio.run(ask(Settings(**names), PullName(town.repository.full_name, number)))
    return asked.gathered.change.fingerprint


def test_another_policy_can_be_tried_on_it_and_what_only_that_one_asks_is_read(town, database, tmp_path):
    number, sha = town.pull()
    approve(town, number, sha, fingerprint_of(town, number))
    town.call("POST", f"issues/{number}/labels", {"labels": ["Hot"]})
    policy = tmp_path / "policy.yml"
    rule = "rules: [{name: Hot ones, applies_to: {labels: [hot]}, requires: {people: {who: [maintain]}}}]\n"
    policy.write_text(rule, encoding="utf-8")
    words = ("gate", "simulate", "--pull", name_of(town, number), "--policy", str(policy))
    closed = town.quorum(*words)

    assert closed.exit_code == 1, closed.output
    assert "Hot ones needs a person: applies: it has a label" in closed.output
    assert "somebody with maintain" in closed.output
    assert "everything is reviewed anew" not in closed.output
    policy.write_text("test: pytest -q\n", encoding="utf-8")
    assert "everything is reviewed anew" in town.quorum(*words).output


def test_the_title_of_somebody_is_only_text(town, database):
    number, _ = town.pull()
    town.call("PATCH", f"pulls/{number}", {"title": HOSTILE})
    result = town.quorum("config", "explain", "--pull", name_of(town, number))

    assert '"T[bold]x[/] [31m :boom:" by mona' in result.output
    assert all(each.isprintable() or each == "\n" for each in result.output)


def test_pull_requests_with_the_same_head_are_named(town, database):
    number, sha = town.pull()
    database.execute(
        "INSERT INTO heads (repo_id, pull, head_sha, at) VALUES (?, ?, ?, 1)", (town.repository.id, 99, sha)
    )
    database.commit()
    result = town.quorum("config", "explain", "--pull", name_of(town, number))

    assert "#99 have the same head: the check shows the worst of their decisions" in result.output


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("nobody/nothing#1", "is not installed there; install it from its page on GitHub"),
        ("{0}#999", "{0}#999: {0} has no pull request of this number"),
    ],
)
def test_what_is_not_there_is_told(town, database, name, told):
    name, told = (each.format(town.repository.full_name) for each in (name, told))
    result = town.quorum("config", "explain", "--pull", name)

    assert result.exit_code == 1
    assert told in str(result.exception)
    tried = town.quorum("gate", "simulate", "--pull", name)
    assert tried.exit_code == 2
    assert told in tried.stderr


def test_of_a_closed_one_the_record_is_pointed_to(town, database):
    number, _ = town.pull()
    town.call("PATCH", f"pulls/{number}", {"state": "closed"})
    result = town.quorum("config", "explain", "--pull", name_of(town, number))

    assert result.exit_code == 1
    assert f"`quorum gate show {town.repository.full_name} {number}` tells what was" in str(result.exception)
