"""The story ends alike when answers are lost after their effect and when webhooks come thrice, in disorder or never."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.databases import fresh_database, postgres_server
from tests.support.stories import Telling, Theatre, assert_alike, tell

WRITES_ANSWERED_WITH_502 = {
    "method": "POST|PATCH|PUT|DELETE",
    "path": r"^(?!.*(access_tokens|graphql$)).*/api/v3/",
    "status": 502,
    "times": None,
    "after": True,
    "only_apps": True,
}


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> Telling:
    return tell(tmp_path_factory.mktemp("calm"))


def no_write_is_answered(theatre: Theatre) -> None:
    theatre.control("faults", {"faults": [WRITES_ANSWERED_WITH_502]})


def everything_comes_thrice_in_disorder(theatre: Theatre) -> None:
    theatre.control("hooks", {"hold": True, "copies": 3})
    seeds = itertools.count()
    theatre.meanwhile = lambda: theatre.control("hooks", {"hold": True, "copies": 3, "release": next(seeds)})


def nothing_is_delivered(theatre: Theatre) -> None:
    theatre.control("hooks", {"lost": True})


@pytest.fixture(scope="module")
def postgresql() -> Iterator[str]:
    with postgres_server() as server, fresh_database(server) as url:
        yield url


def test_the_story_ends_alike_when_no_write_is_answered(tmp_path: Path, calm: Telling):
    assert_alike(calm, tell(tmp_path, no_write_is_answered))


def test_the_story_ends_alike_on_postgresql_with_webhooks_thrice_in_disorder(
    tmp_path: Path, calm: Telling, postgresql: str
):
    assert_alike(calm, tell(tmp_path, everything_comes_thrice_in_disorder, QUORUM_DATABASE_URL=postgresql))


def test_the_story_ends_alike_when_nothing_is_delivered(tmp_path: Path, calm: Telling):
    assert_alike(calm, tell(tmp_path, nothing_is_delivered, QUORUM_POLL_S="0.5"))
