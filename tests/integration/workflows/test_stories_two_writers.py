"""A writer's model that fails in mid-work: another goes on, the pull request says so, the budget holds."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from app.llm.by_role import ByRole
from app.llm.chain import Chain, Link
from app.llm.errors import ModelError, OverloadedError, UnusableReplyError
from app.llm.gateway import Gateway
from app.llm.messages import Reply, Request
from app.llm.outages import Outages
from app.llm.shared import Shared
from app.policy.values import MicroUsd
from app.runs import engine
from tests.support.house import DiedError, House
from tests.support.places import Place
from tests.support.players import ADD, HAND_IN, LOOK, Call, OpenBox, Players

DOLLAR = MicroUsd(1_000_000)
WRITERS = ("test:first", "test:second")
EVIL: Call = ("edit", {"path": "n.txt", "old": "", "new": "EVIL security\n"})
REPENT: Call = ("edit", {"path": "n.txt", "old": "EVIL security", "new": "fine"})


class Fading(Players):
    """Answers a conversation's first turn, and never again. `tried` counts what it was asked in vain."""

    def __init__(self, trouble: type[ModelError]) -> None:
        super().__init__(writer=[ADD])
        self.trouble, self.tried = trouble, 0

    async def reply(self, request: Request) -> Reply:
        if len(request.messages) > 1:
            self.tried += 1
            raise self.trouble("it came to nothing")
        return replace(await super().reply(request), model="fading-1")


@pytest.fixture
def usual(house: House) -> Iterator[None]:
    services = house.services
    yield
    house.services = services


def work(house: House, first: Players, budget: float = 50) -> tuple[Players, Place]:
    """Begun on an issue by `first`, each of whose answers costs a dollar, and by whoever stands in for it."""
    house.installation.repository_ids.clear()
    second = Players(writer=[ADD, HAND_IN, HAND_IN])
    links = [
        Link(name, Gateway(model, deadline_s=900.0, first_pause_s=0.0, charge=lambda _: DOLLAR))
        for name, model in zip(WRITERS, (first, second), strict=True)
    ]
    chain = Chain(links, Outages(Shared()))
    table: dict[str, tuple[str, ...]] = {"default": ("test:second",), "writer": WRITERS, "repairer": WRITERS}
    model = ByRole(table, {WRITERS: chain, ("test:second",): Chain(links[1:], Outages(Shared()))})
    settings = house.services.settings.model_copy(update={"models": table})
    house.services = replace(house.services, model=model, settings=settings, box=OpenBox(), most=lambda _: DOLLAR)
    place = Place(house, f"perspectives: [security]\nbudget_usd: {budget}\n")
    place.call("ada", "POST", "issues", {"title": "Add a new thing", "body": "See `a.txt`."})
    place.call("ada", "POST", "issues/1/labels", {"labels": ["quorum"]})
    return second, place


def spent(place: Place) -> int:
    ((cost,),) = place.house.rows("SELECT sum(cost) FROM usage WHERE repo_id = :repo", repo=place.repository.id)
    return int(cost)


def runs(place: Place) -> list[tuple[Any, ...]]:
    query = "SELECT state, reason FROM runs WHERE workflow = 'solve' AND repo_id = :repo"
    return place.house.rows(query, repo=place.repository.id)


@pytest.mark.usefixtures("usual")
def test_another_writer_goes_on_in_the_middle_and_the_pull_request_says_so(house: House):
    first = Fading(OverloadedError)
    second, place = work(house, first)
    house.settle()

    (pull,) = [each for each in place.repository.issues.values() if each["pull"]]
    said = "`test:second` answered in place of `test:first`, which did not answer (write"
    assert said in pull["body"]
    assert first.tried == 4, "it was tried again before another was asked, and then left alone"
    assert "n.txt" in second.told("writer")[0], "who goes on is told what was done before"
    assert place.git("show", "refs/heads/quorum/issue-1-add-a-new-thing:n.txt") == "new", "and does not do it again"
    models = house.rows("SELECT DISTINCT model FROM usage WHERE repo_id = :repo", repo=place.repository.id)
    assert {"fading-1"} < {name for (name,) in models}


@pytest.mark.usefixtures("usual")
def test_answers_that_are_of_no_use_and_charged_all_the_same_do_not_break_the_budget(house: House):
    first = Fading(UnusableReplyError)
    second, place = work(house, first, budget=3.5)
    house.settle()

    assert first.tried == 3
    assert second.requests == [], "there is nothing left to pay another with"
    assert spent(place) == 4 * DOLLAR, "one call beyond"
    ((state, reason),) = runs(place)
    assert state == "failed"
    assert "it came to nothing" in reason


@pytest.mark.usefixtures("usual")
def test_an_answer_whose_step_broke_off_after_it_was_paid_is_not_paid_again(
    house: House, monkeypatch: pytest.MonkeyPatch
):
    """The step breaks off between the two, and the run is taken up again."""
    first = Players(writer=[ADD, HAND_IN, HAND_IN])
    finish, died = engine.finish_step, list[str]()

    async def finish_or_die(database: Any, run: Any, name: str, *told: Any, **more: Any) -> None:
        if name.startswith("write") and name.endswith(".turn-1") and not died:
            died.append(name)
            raise DiedError
        await finish(database, run, name, *told, **more)

    monkeypatch.setattr(engine, "finish_step", finish_or_die)
    _, place = work(house, first)
    with pytest.raises(BaseExceptionGroup):
        house.settle()
    assert (len(died), spent(place)) == (1, DOLLAR)
    house.leases_end()
    house.settle()

    assert len([each for each in first.requests if len(each.messages) == 1]) == 1
    calls = house.rows("SELECT step, cost FROM usage WHERE repo_id = :repo", repo=place.repository.id)
    assert [cost for step, cost in calls if step.startswith("known-")] == [0]
    assert [state for state, _ in runs(place)] == ["succeeded"]


class FadingRepairer(Fading):
    """Writes to the end, and repairs no further than the first turn."""

    def __init__(self) -> None:
        super().__init__(OverloadedError)
        self.plays = {"writer": [EVIL, HAND_IN], "repairer": [LOOK]}

    async def reply(self, request: Request) -> Reply:
        return await (super() if request.role == "repairer" else super(Fading, self)).reply(request)


@pytest.mark.usefixtures("usual")
def test_what_another_repaired_is_said_with_the_repair(house: House):
    """The description was written before."""
    second, place = work(house, FadingRepairer())
    second.plays["repairer"] = [LOOK, REPENT, HAND_IN, HAND_IN]
    house.settle()
    (pull,) = [each for each in place.repository.issues.values() if each["pull"]]
    opened, repaired, told = pull["body"].partition("### After round 1 of the council")
    assert repaired
    assert "answered in place" not in opened
    assert "`test:second` answered in place of `test:first`, which did not answer (repair-1)" in told
