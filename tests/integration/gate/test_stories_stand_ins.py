"""A model that fails in the middle of a review: another goes on with the same conversation, and people are told."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from app.llm.by_role import ByRole
from app.llm.chain import Chain, Link
from app.llm.errors import ModelError, OverloadedError, RejectedRequestError
from app.llm.messages import Reply, Request, Thought, ToolUse
from app.llm.outages import Outages
from app.llm.shared import Shared
from tests.support.house import House
from tests.support.opinions import Opinions
from tests.support.places import Place

TABLE = {"default": ("test:first", "test:second")}


class Fading:
    """Answers each conversation once, by a call that gets it nowhere, and never again."""

    def __init__(self) -> None:
        self.trouble: ModelError = OverloadedError("529")

    async def reply(self, request: Request) -> Reply:
        if len(request.messages) > 1:
            raise self.trouble
        return Reply((Thought("fading-1", {"x": "y"}), ToolUse("toolu_0", "ponder", {})), "tool_use", "fading-1")


@pytest.fixture
def second(house: House) -> Iterator[Opinions]:
    """Who stands in. The house asks the first model before."""
    usual, stands_in = house.services, Opinions("other-2")
    links = [Link("test:first", Fading()), Link("test:second", stands_in)]
    model = ByRole(TABLE, {TABLE["default"]: Chain(links, Outages(Shared()))})
    house.services = replace(usual, model=model, settings=usual.settings.model_copy(update={"models": TABLE}))
    yield stands_in
    house.services = usual


def test_another_model_goes_on_where_one_failed_and_the_summary_says_so(house: House, place: Place, second: Opinions):
    head, number = place.pull({"src/a.py": "x = 1\n" * 40})

    assert place.gate(head).conclusion == "success"
    assert second.asked
    assert all("ponder" in shown for shown in second.shown), "it was given all that had been said"
    comments = place.call("mona", "GET", f"issues/{number}/comments")
    told = next(each["body"] for each in comments if "The council on" in each["body"])
    assert "`test:second` answered in place of `test:first`, which did not answer (review-" in told
    verdicts = house.rows("SELECT DISTINCT model FROM verdicts WHERE repo_id = :repo", repo=place.repository.id)
    assert verdicts == [("other-2",)]
    paid = house.rows("SELECT DISTINCT model FROM usage WHERE repo_id = :repo", repo=place.repository.id)
    assert sorted(paid) == [("fading-1",), ("other-2",)]


def test_where_no_model_is_left_the_gate_stays_shut(house: House, place: Place, second: Opinions):
    async def silent(_request: Request) -> Reply:
        raise RejectedRequestError("401")

    second.reply = silent  # type: ignore[method-assign]
    head, _ = place.pull({"src/a.py": "x = 1\n" * 40})
    assert place.gate(head).conclusion != "success"
