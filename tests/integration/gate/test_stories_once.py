"""Nothing is published twice and nothing is lost, wherever the worker dies and however events arrive."""

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert

from app.forge.check_effects import CheckRun, check_run
from app.forge.permissions import CHECKS
from app.policy.values import Repo, Sha
from app.store.tables import steps
from tests.support.house import House
from tests.support.mortal import When, settle_dying
from tests.support.places import Place

OURS = {"quorum/gate", "quorum/security", "quorum/testing"}
SAID = "EVIL testing one\nPICKY security two\n"
_HANDLE = re.compile(r"`([0-9a-f]{8})`")


@dataclass
class Reaper:
    """Takes a worker at its first request of each kind; `of` those only whose number it was given, if any."""

    when: When
    of: frozenset[int] | None = None
    met: list[tuple[str, str]] = field(default_factory=list)

    def __call__(self, method: str, path: str) -> When:
        kind = (method, re.sub(r"[0-9a-f]{40}|\d+", "N", path))
        if method == "GET" or path.endswith("/access_tokens"):
            return None
        self.met.append(kind)
        if self.of is not None:
            return self.when if len(self.met) in self.of else None
        return self.when if self.met.count(kind) in {1, 2, 3} else None


def published(place: Place) -> dict[str, Any]:
    """What GitHub shows: checks by commit and name, comments on lines, reviews, and the summary."""
    repository = place.repository
    lines = [(each["path"], _HANDLE.findall(each["body"])[0]) for each in repository.review_comments.values()]
    return {
        "checks": Counter((each["head_sha"], each["name"]) for each in repository.check_runs.values()),
        "lines": Counter(lines),
        "summaries": sum("The council on" in each["body"] for each in repository.comments.values()),
        "open": [each["name"] for each in repository.check_runs.values() if each["status"] != "completed"],
    }


def assert_once(place: Place, head: str, lines: int) -> None:
    told = published(place)
    assert told["checks"].keys() >= {(head, name) for name in OURS}
    assert set(told["checks"].values()) == {1}
    assert list(told["lines"].values()) == [1] * lines
    assert told["summaries"] == 1
    assert told["open"] == []


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_worker_that_dies_of_each_of_its_requests(place: Place, when: When):
    reaper = Reaper(when)
    head = place.push("topic", place.commit({"n.txt": SAID}, place.main))
    place.open("topic")
    first = settle_dying(place.house, reaper)
    assert_once(place, head, lines=2)

    newer = place.push("topic", place.commit({"n.txt": f"{SAID}EVIL security three\n"}, head))
    deaths = settle_dying(place.house, reaper)

    assert_once(place, newer, lines=3)
    assert first >= 6, "the gate's two requests, two checks, a review and a comment"
    assert deaths >= 1


def test_a_look_that_was_begun_before_the_council_spoke_has_nobody_asked_again(
    place: Place, monkeypatch: pytest.MonkeyPatch
):
    async def before_anybody_spoke(*_: object) -> Any:
        return {}, "unknown", None

    house = place.house
    place.push("topic", place.commit({"n.txt": "fine\n"}, place.main))
    place.open("topic")
    house.settle()
    reviews = "SELECT id FROM runs WHERE workflow = 'review' AND repo_id = :r"
    spoken = house.rows(reviews, r=place.repository.id)
    with monkeypatch.context() as patch:
        patch.setattr("app.workflows.gathering.council_facts", before_anybody_spoke)
        house.sweep()

    assert house.rows(reviews, r=place.repository.id) == spoken


@pytest.mark.parametrize("ends", [False, True], ids=["goes on", "ends early"])
def test_a_check_run_that_was_opened_before_is_completed_and_no_other_is_made(place: Place, ends: bool):
    """Journals are older than the code that goes on with them: reviews once opened their check runs first."""
    house = place.house
    head = place.push("topic", place.commit({"n.txt": "new\n"}, place.main))
    number = place.open("topic")
    house.hand_over(house.arrived())
    ((run_id,),) = house.rows("SELECT id FROM runs WHERE workflow = 'review' AND repo_id = :r", r=place.repository.id)
    repo = Repo(house.installation.id, place.repository.id, "mona", place.repository.name)
    begun = CheckRun(Sha(head), "quorum/testing", f"pull-{number}/{run_id}/testing", "Reviewing", "It goes on.")
    receipt = house.run(check_run(house.services.forge.on(repo, CHECKS), begun).do())
    row = {"run_id": run_id, "name": "open-testing", "kind": "effect", "position": 0, "starts": 1, "value": receipt}
    house.run(house._change(insert(steps).values(**row, started_at=1.0, finished_at=2.0)))
    if ends:
        place.call("ada", "PATCH", f"pulls/{number}", {"state": "closed"})
    house.settle()

    told = published(place)
    assert told["checks"][head, "quorum/testing"] == 1
    assert told["open"] == []


pushes_of_a_day = st.lists(
    st.tuples(
        st.sampled_from([SAID, "fine\n", "EVIL testing one\n"]),
        st.booleans(),
        st.sampled_from([1, 2, 3]),
        st.integers(0, 99),
        st.sampled_from(["before", "after"]),
        st.frozensets(st.integers(1, 9), min_size=1, max_size=3),
    ),
    min_size=2,
    max_size=3,
)
"""What the file says then, whether the worker `waits`, how events arrive, and at which of its writes it dies."""


@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pushes_of_a_day)
def test_any_order_of_pushes_deliveries_and_deaths(house: House, pushes: list[Any]):
    """`waits`: the worker is not there at first; events of several pushes then come together, doubled and shuffled."""
    house.installation.repository_ids.clear()
    place = Place(house)
    head = place.push("topic", place.commit({"n.txt": "new\n"}, place.main))
    place.open("topic")
    for number, (text, waits, copies, seed, when, of) in enumerate(pushes, start=1):
        head = place.push("topic", place.commit({"n.txt": text, f"{number}.txt": "more\n"}, head))
        if not waits:
            settle_dying(house, Reaper(when, of), copies=copies, seed=seed)
    settle_dying(house, lambda _method, _path: None, copies=copies, seed=seed)
    house.sweep()

    told = published(place)
    assert told["checks"].keys() >= {(head, name) for name in OURS}
    assert set(told["checks"].values()) == {1}
    assert told["summaries"] == 1
    assert told["open"] == []
    shown = [each["body"] for each in place.repository.review_comments.values() if not each.get("resolved_by")]
    assert len(shown) == len({_HANDLE.findall(body)[0] for body in shown}), "an open thread for each, and no other"
    wanted = sum(line in text for line in SAID.splitlines())
    assert len(shown) >= wanted
