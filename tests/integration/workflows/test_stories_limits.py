"""What an issue may cost in all: money, time, answers; and nothing of ours is left lying about when it ends."""

import time
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from app.agents import loop
from app.llm.messages import Reply, Request
from app.policy.values import MicroUsd
from app.sandbox.box import Result
from app.workflows import in_parts, proposing, timed, understanding, writing
from app.workflows.admitted import MOST
from tests.support.builders import Builders, OpenBox, plan
from tests.support.house import House
from tests.support.places import Place
from tests.support.players import ADD, HAND_IN, Players

LONG = "This is to be done, and it takes many words to say what is meant by it. " * 30
SPLITS = "perspectives: [security]\nsplit: always\n"
DOLLAR = MicroUsd(1_000_000)


class Costly(Builders):
    """Each answer costs a dollar; both planners plan three parts."""

    def __init__(self) -> None:
        super().__init__()
        parts = [
            {"title": f"Build the piece {name}", "body": "It must hold that it is there.", "depends_on": []}
            for name in "abc"
        ]
        self.plans = {role: [plan(parts=parts)] for role in ("planner", "planner-2")}
        self.writes = lambda told: {f"{told.split('Build the piece ')[1][0]}.md": "new\n"}

    async def reply(self, request: Request) -> Reply:
        return replace(await super().reply(request), cost=DOLLAR)


def begin(house: House, policy: str, model: Any, box: Any, body: str = LONG) -> Place:
    """Issue 1 has the label."""
    house.installation.repository_ids.clear()
    house.services = replace(house.services, model=model, box=box)
    place = Place(house, policy)
    place.call("ada", "POST", "issues", {"title": "Add new things", "body": body})
    place.call("ada", "POST", "issues/1/labels", {"labels": ["quorum"]})
    return place


def ended(place: Place, workflow: str = "solve") -> list[tuple[str, str]]:
    query = "SELECT state, reason FROM runs WHERE workflow = :workflow AND repo_id = :repo"
    return place.house.rows(query, workflow=workflow, repo=place.repository.id)


def left(place: Place) -> tuple[list[str], list[int]]:
    """Branches of ours, and issues that are open beside the first."""
    branches = place.git("for-each-ref", "--format=%(refname)", "refs/heads/quorum/").split()
    return branches, [number for number, each in place.repository.issues.items() if each["state"] == "open"][1:]


def test_the_parts_of_an_issue_spend_from_one_budget(house: House):
    """Two plans and three parts of three answers each would cost eleven dollars; three may be asked at once."""
    place = begin(house, f"{SPLITS}budget_usd: 6\n", Costly(), OpenBox())
    house.settle()
    ((spent,),) = house.rows("SELECT sum(cost) FROM usage WHERE repo_id = :repo", repo=place.repository.id)
    assert 6 * DOLLAR <= spent <= 8 * DOLLAR
    ((state, reason),) = ended(place)
    assert state == "failed"
    assert "Parts of the issue could not be built: #2 (The money for issue #2 is used up" in reason
    assert {state for state, _ in ended(place, "part")} == {"failed"}
    branches, still_open = left(place)
    assert all("-unfinished-" in each for each in branches), "what was begun stays for a person"
    assert still_open == []


def test_what_breaks_off_between_building_parts_and_joining_them_leaves_no_branches(
    house: House, monkeypatch: pytest.MonkeyPatch
):
    async def fall(*_: object) -> None:
        raise ValueError("the disk is full")

    monkeypatch.setattr(in_parts, "join", fall)
    place = begin(house, f"{SPLITS}budget_usd: 50\n", Costly(), OpenBox())
    house.settle()
    assert [state for state, _ in ended(place, "part")] == ["succeeded"] * 3, "each had pushed its branch"
    assert ended(place) == [("failed", "the disk is full")]
    assert left(place) == ([], [])


def test_an_issue_that_is_closed_unheard_while_its_parts_are_built_is_not_put_together(house: House):
    model = Costly()
    place = begin(house, f"{SPLITS}budget_usd: 50\n", model, OpenBox())
    model.meanwhile = lambda: place.repository.issues[1].update(state="closed")
    house.settle()
    assert ended(place) == [
        ("cancelled", "the issue was closed or its label taken off while its parts were built"),
    ]
    assert left(place) == ([], [])


def test_tests_take_of_the_time_that_an_issue_has(house: House):
    """They are run before anything is changed; here they take an hour, and nobody is asked to write after that."""

    class Slow(OpenBox):
        async def run(self, argv: Any, **more: Any) -> Result:
            return Result(0, "1 passed", seconds=3600.0) if "run-tests" in argv[-1] else await super().run(argv, **more)

    model = Players(writer=[ADD, HAND_IN, HAND_IN])
    place = begin(house, "perspectives: [security]\nmax_minutes: 60\ntest: run-tests\n", model, Slow(), body="")
    house.settle()
    ((state, reason),) = ended(place)
    assert state == "failed"
    assert "The time for issue #1 is used up" in reason
    assert "Raise `max_minutes`" in place.answers(1)[0]
    assert model.requests == []


class Clock:
    """Goes on only when it is told to."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.now_s = 0.0
        for module in (loop, timed):
            patch.setattr(module, "time", SimpleNamespace(**{**vars(time), "monotonic": lambda: self.now_s}))

    def an_hour(self, do: Any) -> Any:
        """That takes an hour."""

        async def slow(*args: Any) -> Any:
            self.now_s += 3600.0
            return await do(*args)

        return slow


class Deliberate(Builders):
    """Planners who differ, so that there is a vote."""

    def __init__(self) -> None:
        super().__init__()
        self.plans = {"planner": [plan("Rewrite all of it from scratch.", files=["o.txt"])], "planner-2": [plan()]}
        self.voting: Any = super().reply

    async def reply(self, request: Request) -> Reply:
        return await (self.voting(request) if request.role.startswith("voter:") else super().reply(request))


WORK = {
    "reading": (understanding, "read_sources"),
    "the planners' map": (proposing, "map_repository"),
    "the code for votes": (proposing, "show_planned"),
    "the writer's map": (writing, "map_repository"),
    "voting": None,
    "nothing": None,
}


@pytest.mark.parametrize("slow", WORK)
def test_all_that_a_run_does_takes_of_its_time(house: House, monkeypatch: pytest.MonkeyPatch, slow: str):
    """Each takes an hour here, and nobody is asked to write after that."""
    clock, model, place_of = Clock(monkeypatch), Deliberate(), WORK[slow]
    if place_of is not None:
        monkeypatch.setattr(*place_of, clock.an_hour(getattr(*place_of)))
    elif slow == "voting":
        model.voting = clock.an_hour(model.voting)
    place = begin(house, "perspectives: [security]\nmax_minutes: 60\n", model, OpenBox())
    house.settle()
    assert bool(model.told_to("writer")) is (slow == "nothing")
    ((state, reason),) = ended(place)
    assert state == ("succeeded" if slow == "nothing" else "failed"), reason
    assert slow == "nothing" or "The time for issue #1 is used up" in reason


def test_who_has_no_say_here_is_told_how_it_stands_only_so_often(house: House):
    place = begin(house, "perspectives: [security]\n", Players(), OpenBox())
    place.call("ada", "PATCH", "issues/1", {"state": "closed"})
    house.settle()
    before = len(place.answers(1))
    for word in ("status", "help", "pause", "explain", "status", "status", "pause"):
        place.say("rita", 1, f"@quorum {word}")
        house.settle(copies=2)
    assert len(place.answers(1)) == before + MOST
    place.say("tom", 1, "@quorum status")
    place.say("bob", 1, "@quorum status")
    house.settle()
    assert len(place.answers(1)) == before + MOST + 2
