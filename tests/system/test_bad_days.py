"""The story ends alike when its worker is killed, when answers are lost after their effect, and when webhooks come
thrice, in disorder or never.
"""

import itertools
import os
import random
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import doomed
from tests.support.databases import fresh_database, postgres_server
from tests.support.stories import Telling, Theatre, assert_alike, tell

DOOMED = [sys.executable, str(Path(doomed.__file__)), "serve"]
SAMPLE = 6
DEATHS = 24
"""At most so many in one telling."""
ROOT = str(Path(__file__).parents[2])
WRITES_ANSWERED_WITH_502 = {
    "method": "POST|PATCH|PUT|DELETE",
    "path": r"^(?!.*access_tokens).*(/api/|/git-receive-pack$)",
    "status": 502,
    "times": None,
    "after": True,
    "only_apps": True,
    "spares_queries": True,
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


def test_the_story_ends_alike_when_its_worker_is_killed_again_and_again(tmp_path: Path, calm: Telling):
    """SIGKILL at steps of the story, found in the calm one's journal: before each is done, and before it is recorded.

    All of them take a while, so a sample is drawn from a printed seed; QUORUM_CRASH_SEED chooses another.
    QUORUM_CRASH_POINTS, a regular expression, takes every one that it matches: `.` takes all.
    """
    places = sorted({doomed.place(workflow, name) for workflow, name in calm.steps})
    points = [f"{each} {moment}" for each in places for moment in ("before", "after")]
    seed = int(os.environ.get("QUORUM_CRASH_SEED", "20261121"))
    wish = os.environ.get("QUORUM_CRASH_POINTS")
    sample = (
        [point for point in points if re.search(wish, point)] if wish else random.Random(seed).sample(points, SAMPLE)  # noqa: S311
    )
    wanted = len(sample)
    print(f"seed {seed}: {len(sample)} of {len(points)} places")
    died: list[str] = []
    for number in itertools.count():
        doom = tmp_path / f"doom-{number}"
        doom.mkdir()
        left = sample[:DEATHS]
        (doom / "points").write_text("\n".join(left))
        told = tell(tmp_path / f"told-{number}", command=DOOMED, DOOM=str(doom), PYTHONPATH=ROOT)
        assert_alike(calm, told)
        fallen = [left[int(mark.name.removeprefix("died-"))] for mark in doom.glob("died-*")]
        died += fallen
        # What was not met this time makes room for others, and comes again at the end.
        sample = [point for point in sample if point not in left] + [point for point in left if point not in fallen]
        print(f"telling {number}: {len(fallen)} deaths, {len(sample)} places left")
        if not sample or not fallen:
            break
    assert len(died) >= wanted * 0.7, f"most places must be met, or the sample says nothing; not met: {sample}"
