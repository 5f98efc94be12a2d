"""`quorum records`: each perspective's record, what is silenced, and how that is undone."""

import asyncio
import json

import pytest
from typer.testing import CliRunner

from app.cli import app
from app.policy.records import Theme
from app.policy.request import RunRequest
from app.policy.values import Repo
from app.runs.admission import request_run
from app.store import outcomes
from app.store.engine import open_database
from app.store.outcomes import Settled
from app.store.work import work

TALLY = Repo(1, 11, "Acme", "tally")
THEME = Theme("testing", "[red]style[/] \u001b[2J", "app/**/*.py")


async def fill(url):
    engine = open_database(url)
    async with work(engine) as db:
        await request_run(db, RunRequest("recheck", TALLY, 7, "key", "started", "serial"))
        for pull in (1, 2, 3):
            named = (THEME.perspective, f"key{pull}", THEME.category, THEME.area)
            advice = Settled(11, pull, *named, blocks=False, fate="dismissed")
            block = Settled(11, pull, "testing", f"k{pull}", "bug", "/*.py", blocks=True, fate="acted")
            await outcomes.keep_outcomes(db, 11, pull, [advice, block], seen_at=1.0)
    await engine.dispose()


@pytest.fixture
def url(database_url):
    asyncio.run(fill(database_url))
    return database_url


def show(url, *words):
    return CliRunner().invoke(app, ["records", *words], env={"QUORUM_DATABASE_URL": url})


def test_the_record_is_shown_with_what_is_silenced_and_that_is_undone_by_its_handle(url):
    shown = show(url, "acme/TALLY")

    assert shown.exit_code == 0, shown.exception
    assert "testing      6          3         3          3       0        25%" in shown.output
    assert f"silenced: {THEME.handle} testing: [red]style[/] " in shown.output
    assert "dismissed in 3 pull requests" in shown.output
    assert "\u001b[2J" not in shown.output

    undone = json.loads(show(url, "Acme/tally", "--json", "--unsilence", THEME.handle).output)
    assert undone["silenced"] == []
    assert undone["records"][0]["advice_needs_confidence"] == 0.245
    assert show(url, "Acme/tally", "--unsilence", THEME.handle).exit_code == 1


def test_what_is_not_known_is_told_with_what_to_do(url):
    assert "nothing is on record of acme/other" in str(show(url, "acme/other").exception)
    assert "without --unsilence all that is are listed" in str(show(url, "acme/tally", "--unsilence", "x").exception)
