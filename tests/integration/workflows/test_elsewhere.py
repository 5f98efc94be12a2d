"""A run that was begun on a machine that is lost is taken up on one that has never seen its repository."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from app.forge.git import has_commit
from app.gitcmd import GitError
from app.policy.values import Repo
from app.runs.errors import RunError
from app.workflows.elsewhere import anywhere, objects_in
from tests.support.house import DiedError, House
from tests.support.near_mirrors import NearMirrors
from tests.support.places import Place

SHA, TREE = "a" * 40, "b" * 40


@pytest.fixture
def house(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    monkeypatch.setenv("QUORUM_DATA_DIR", str(tmp_path_factory.mktemp("house")))
    with House() as opened:
        yield opened


def move(house: House, name: str) -> None:
    """The other machine has the database and nothing else."""
    home = house.stage.home / name
    mirrors = NearMirrors(home / "mirrors", house.services.forge, house.stage._emulator)
    house.services = replace(house.services, mirrors=mirrors, worktrees=home / "worktrees")


def test_a_review_goes_on_where_its_commits_have_to_be_fetched_by_name(house: House):
    place = Place(house)

    def die() -> None:
        raise DiedError

    head = place.push("topic", place.commit({"n.txt": "1\n"}, place.main))
    place.open("topic")
    house.model.meanwhile = die
    with pytest.raises(BaseExceptionGroup):
        house.settle()
    house.leases_end()
    move(house, "elsewhere")
    house.settle()

    assert place.gate(head).conclusion == "success"
    assert house.rows("SELECT count(*) FROM runs WHERE workflow = 'review'") == [(1,)]
    assert house.rows("SELECT count(*) FROM runs WHERE state = 'failed'") == [(0,)]


def test_what_github_has_not_is_told_and_the_rest_is_there(house: House):
    place = Place(house)
    (installation,) = house.stage.world.installations.values()
    repo = Repo(installation.id, place.repository.id, "mona", place.repository.name)
    mirrors = house.services.mirrors
    assert house.run(mirrors.bring(repo, [SHA, place.main, TREE])) == [SHA, TREE]
    assert house.run(has_commit(mirrors.path(repo), place.main))
    assert house.run(mirrors.bring(repo, [place.main])) == []


def go_on(lost: list[str], *, past: Any = ({"head": SHA},)) -> None:
    """A workflow that meets an object that is not there."""

    async def workflow(_ctx: Any, _services: Any) -> None:
        raise GitError(["cat-file"], 128, "fatal: bad object")

    async def told(_repo: Any = None, _names: Any = None) -> Any:
        return lost

    async def values() -> Any:
        return past

    ctx: Any = SimpleNamespace(past=values, run=SimpleNamespace(repo=None))
    services: Any = SimpleNamespace(mirrors=SimpleNamespace(bring=told))
    asyncio.run(anywhere(workflow)(ctx, services))


def test_a_run_whose_own_work_is_lost_says_so_and_what_to_do():
    with pytest.raises(RunError, match=r"gone \(bbbbbbbbbbbb and 1 more.*\n*.*Ask for it again"):
        go_on([TREE, SHA])


def test_a_fault_of_git_stays_one_where_nothing_is_lost():
    with pytest.raises(GitError):
        go_on([])


def test_objects_are_found_anywhere_in_a_value_and_longer_words_are_none():
    value: Any = {"head": SHA, "more": [f"{TREE}^{{tree}}", {"x": 1, "y": None}], "digest": "c" * 64, "word": "abc"}
    assert list(objects_in(value)) == [SHA, TREE]
