"""`quorum gate show`: what was decided and what people said, from the database alone."""

import asyncio
import json
from dataclasses import asdict, replace

import pytest
from sqlalchemy import update
from typer.testing import CliRunner

from app.cli import app
from app.policy.decision import Node
from app.policy.request import RunRequest
from app.policy.values import Repo, Sha
from app.runs.admission import request_run
from app.store import decisions, statements
from app.store.decisions import StoredDecision
from app.store.engine import open_database
from app.store.statements import Statement
from app.store.tables import runs
from app.store.work import work

TALLY = Repo(1, 11, "Acme", "tally")
ONE, TWO = Sha("1" * 40), Sha("2" * 40)
SEARCHED = "[red]x[/] \u001b[2J\u202e :boom:"


def decision(head, status, title, at, **changes):
    tree = asdict(Node("gate", status, "", (Node("testing", status, "because of it", (), (SEARCHED,)),)))
    values = {"repo_id": 11, "pull": 7, "head_sha": head, "base_ref": "main", "base_sha": Sha("b" * 40)}
    more = {"fingerprint": "d" * 64, "policy_hash": "e" * 64, "security": False}
    values = {**values, **more, "status": status, "title": title, "tree": tree, "at": at}
    return StoredDecision(id=decisions.new_id(), **{**values, **changes})


MADE = (
    decision(ONE, "pending", "Wait for testing", 1_000_000_000.0),
    decision(ONE, "blocked", "Fix 1 finding", 1_000_000_060.0),
    decision(TWO, "approved", "Approved: all", 1_000_000_120.0),
    decision(TWO, "approved", "Another pull request's", 1_000_000_120.0, pull=8),
)
WORD = Statement(
    "comment:11:1", 11, 7, "override", "testing", "ada", "maintain", SEARCHED, TWO, "d" * 64, 1_000_000_100.0
)
SAID = (
    WORD,
    replace(WORD, id="comment:11:2", kind="veto", target="", login="grace", withdrawn=True, removed=True, reason="no"),
    replace(WORD, id="review:11:3", kind="changes_requested", target="people", login="hubert", fingerprint=""),
    replace(WORD, id="comment:11:4", pull=8, login="nobody"),
)


async def fill(url):
    engine = open_database(url)
    async with work(engine) as db:
        for each in MADE:
            await decisions.keep_decision(db, "Acme/tally#7", each)
        for each in SAID:
            await statements.keep(db, "Acme/tally#7", each)
        request = RunRequest("recheck", TALLY, 7, "key", "started", "serial")
        await request_run(db, request)
    await engine.dispose()


@pytest.fixture
def url(database_url):
    asyncio.run(fill(database_url))
    return database_url


def show(url, *words):
    return CliRunner().invoke(app, ["gate", "show", *words], env={"QUORUM_DATABASE_URL": url})


def test_the_newest_decision_of_each_head_is_shown_with_what_it_was_made_by(url):
    result = show(url, "acme/TALLY", "7")

    assert result.exit_code == 0, result.exception
    first, second = result.output.index("2001-09-09 01:47:40 UTC"), result.output.index("2001-09-09 01:48:40 UTC")
    assert first < second
    assert f"{ONE[:12]} into main bbbbbbbbbbbb" in result.output
    assert "policy " + "e" * 64 in result.output
    assert "diff   " + "d" * 64 in result.output
    assert "blocked: Fix 1 finding" in result.output
    assert "testing blocked: because of it" in result.output
    assert "approved: Approved: all" in result.output
    assert "Wait for testing" not in result.output
    assert "Another pull request's" not in result.output


def test_every_decision_is_shown_on_demand(url):
    result = show(url, "Acme/tally", "7", "--all")

    assert result.output.index("waiting: Wait for testing") < result.output.index("blocked: Fix 1 finding")


def test_every_word_is_shown_with_who_and_what_became_of_it(url):
    lines = show(url, "Acme/tally", "7").output.splitlines()
    told = lines[next(at for at, line in enumerate(lines) if line == "what people said") :]

    assert "override of testing by ada, who had maintain, 2001-09-09 01:48:20 UTC" in told[1]
    assert "at 222222222222, diff dddddddddddd" in told[2]
    assert '"[red]x[/] [2J :boom:"' in told[3]
    assert "veto by grace, who had maintain" in told[4]
    assert "withdrawn and the comment was removed or edited" in told[6]
    assert "changes requested by hubert" in told[8]
    assert "a diff that was never worked out" in told[9]
    assert "nobody" not in "\n".join(told)


def test_the_words_of_others_are_only_text(url):
    assert all(each.isprintable() or each == "\n" for each in show(url, "Acme/tally", "7").output)


def test_json_holds_all_of_it(url):
    result = show(url, "Acme/tally", "7", "--all", "--json")
    record = json.loads(result.output)

    assert record["decisions"] == [json.loads(json.dumps(asdict(each))) for each in MADE[:3]]
    assert [each["id"] for each in record["statements"]] == [each.id for each in SAID[:3]]
    assert result.output.isascii()


def test_a_name_means_the_repository_that_had_it_last(url):
    async def rename():
        engine = open_database(url)
        async with work(engine) as db:
            newer = RunRequest("recheck", replace(TALLY, id=12), 7, "another", "started", "serial")
            await request_run(db, newer)
            await db.execute(update(runs).where(runs.c.repo_id == 11).values(created_at=1.0))
        await engine.dispose()

    asyncio.run(rename())
    assert "nothing is on record of Acme/tally#7" in str(show(url, "Acme/tally", "7").exception)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("acme/other", "7"), "nothing is on record of acme/other; `quorum runs list`"),
        (("Acme/tally", "9"), "nothing is on record of Acme/tally#9"),
    ],
)
def test_what_was_never_met_is_told(url, words, told):
    result = show(url, *words)

    assert result.exit_code == 1
    assert told in str(result.exception)
