"""Migrations between what runs and what is to run, in whichever direction the one lies of the other."""

from pathlib import Path

import pytest

from app.cli.demo.stage import run_git
from app.policy.values import Sha
from app.workflows.deploying import migrations_between
from tests.support.commits import Commits

UP, DOWN = "DROP TABLE tally;\n", "CREATE TABLE tally (cents int);\n"


@pytest.fixture
def commits(tmp_path: Path) -> Commits:
    run_git(tmp_path, "init", "--quiet", "--bare", "mirror")
    return Commits(tmp_path / "mirror")


async def told(commits: Commits, running: str, sha: str) -> list[tuple[str, bool]] | None:
    found = await migrations_between(commits.path, Sha(running), Sha(sha))
    return None if found is None else [(each.path, each.reversible) for each in found]


async def test_one_way_is_one_way_in_each_direction(commits: Commits):
    old = commits.make({"a.txt": "a"})
    new = commits.make({"a.txt": "a", "V1__drop.sql": UP}, old)
    assert await told(commits, old, new) == [("V1__drop.sql", False)]
    assert await told(commits, new, old) == [("V1__drop.sql", False)]


async def test_going_over_to_another_line_undoes_what_only_the_first_has(commits: Commits):
    old = commits.make({"a.txt": "a"})
    one = commits.make({"a.txt": "a", "V1__drop.sql": UP}, old)
    other = commits.make({"a.txt": "b"}, old)
    assert await told(commits, one, other) == [("V1__drop.sql", False)]


async def test_a_way_back_that_does_nothing_is_none(commits: Commits):
    old = commits.make({"a.txt": "a"})
    empty = commits.make({"1.up.sql": UP, "1.down.sql": "-- nothing\n"}, old)
    full = commits.make({"1.up.sql": UP, "1.down.sql": DOWN}, old)
    assert await told(commits, old, empty) == [("1.up.sql", False)]
    assert await told(commits, old, full) == [("1.up.sql", True)]


async def test_what_runs_and_is_gone_says_nothing(commits: Commits):
    assert await told(commits, "1" * 40, commits.make({"a.txt": "a"})) is None
