"""Databases of an earlier version come forward with what they hold, on both kinds."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import column, create_engine, table
from sqlalchemy.ext.asyncio import AsyncEngine

from app.policy.values import Sha
from app.store import outcomes, reviews
from app.store.engine import MIGRATIONS, migrate, newest_revision, open_database
from tests.support.databases import fresh_database

HEAD = Sha("a" * 40)
FINDING = (
    '{"severity": "major", "category": "bug", "path": "a.py", "start_line": 1, "end_line": 1, "quote": "x",'
    ' "claim": "It is so.", "why": "", "evidence": "", "suggestion": null}'
)
VERDICT = {
    "run_id": "r",
    "perspective": "testing",
    "repo_id": 7,
    "pull": 1,
    "head_sha": HEAD,
    "base_sha": "b",
    "fingerprint": "f",
    "outcome": "blocked",
    "confidence": 0.9,
    "model": "m",
    "summary": "No.",
    "created_at": 1.0,
}
SEEN = {
    "run_id": "r",
    "repo_id": 7,
    "pull": 1,
    "head_sha": HEAD,
    "fingerprint": "f",
    "tests": "passed",
    "unread": "[]",
    "created_at": 1.0,
}
SAID = {
    "id": "1",
    "run_id": "r",
    "repo_id": 7,
    "pull": 1,
    "perspective": "testing",
    "head_sha": HEAD,
    "finding": FINDING,
    "state": "published",
    "reason": "",
    "created_at": 1.0,
}
ROWS = {"verdicts": VERDICT, "examinations": SEEN, "findings": SAID}


@pytest.fixture(params=["sqlite", "postgresql"])
def old_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database as it was before records and readings were kept."""
    if request.param == "sqlite":
        _fill(f"sqlite:///{tmp_path / 'quorum.db'}")
        yield f"sqlite+aiosqlite:///{tmp_path / 'quorum.db'}"
        return
    with fresh_database(request.getfixturevalue("postgres")) as url:
        _fill(url)
        yield url


def _fill(url: str) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, "0005")
        for name, row in ROWS.items():
            there = table(name, *map(column, row))
            connection.execute(there.insert().values(row))
    engine.dispose()


def test_the_newest_revision_is_told_by_the_files_names():
    """Else a database would be taken for up to date that is not."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_current_head() == newest_revision()


async def test_what_was_said_before_an_upgrade_still_counts_and_claims_nothing_new(old_url: str):
    engine = open_database(old_url)
    await _hold(engine)
    await engine.dispose()


async def _hold(engine: AsyncEngine) -> None:
    await migrate(engine)
    async with engine.connect() as db:
        (verdict,) = await reviews.verdicts_of(db, 7, 1)
        (found,) = await reviews.findings_of(db, 7, 1)
        seen = await reviews.latest_examination(db, 7, 1, HEAD)
        unsettled = await outcomes.unsettled(db, 7)
    assert (verdict.outcome.value, verdict.terms, verdict.whole_at, verdict.stands) == ("blocked", None, None, False)
    assert (found.finding.claim, found.finding.confidence) == ("It is so.", None)
    assert seen is not None
    assert seen.set_aside is None
    assert unsettled == [1]
