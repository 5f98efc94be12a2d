"""What a review asks of GitHub, against what an installation may ask for in an hour."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.support.counting_house import Asked, CountingHouse
from tests.support.places import Place

AN_HOUR = 5_000
"""https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api"""
GOAL = 12
FILES = 600
POLICY = "perspectives: [security, performance, architecture, testing, documentation]\n"
SAID = "PICKY testing one\nEVIL security two\nPICKY documentation three\n"


def test_github_requests_for_a_review(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUORUM_DATA_DIR", str(tmp_path))
    with CountingHouse() as house:
        place = Place(house, POLICY)
        lines = {f"src/m{number}.py": f"value = {number}\n" * 33 for number in range(FILES)}
        head, _ = place.pull({**lines, "src/m1.py": SAID})
        tell(f"the first review of {FILES} files", house.asked)
        house.asked.clear()
        place.push("topic", place.commit({"src/m1.py": f"fine\n{SAID.replace('two', 'again')}"}, head))
        house.settle()
        tell("the review after a push that mends three of its lines", house.asked)


def tell(what: str, asked: Sequence[Asked]) -> None:
    review = [each for each in asked if each.run == "review"]
    free = sum(not each.counts for each in review)
    print(f"\n{what}: {len(review)} requests, {free} of them answered 304 and free", end="")
    print(f"; 1/{AN_HOUR / (len(review) - free):.0f} of what may be asked in an hour")
    for (method, kind), number in Counter((each.method, each.what) for each in review).items():
        print(f"  {number:3} {method} {kind}")
    for when in ("start", "end"):
        looks = [each for each in asked if (each.run, each.when) == ("recheck", when)]
        print(f"  the look at its {when}: {len(looks)}, {sum(not each.counts for each in looks)} of them free")
    assert len(review) <= GOAL
