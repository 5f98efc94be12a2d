"""Work whose wish changes while it goes on, told late, twice or not at all; and two works that meet in one file."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from tests.support.builders import plan
from tests.support.house import House
from tests.support.places import QUICK, Place
from tests.support.players import ADD, HAND_IN, Call, OpenBox, Players

LONG = "This is to be done, and it takes many words to say what is meant by it. " * 30
GONE = "the issue was closed or its label taken off while it was worked on"


class Work:
    """An issue of rita's in a place of its own, which ada gives the label."""

    def __init__(
        self, house: House, policy: str = QUICK, title: str = "Add a thing", body: str = "", **plays: list[Call]
    ) -> None:
        house.installation.repository_ids.clear()
        self.house, self.model = house, Players(**plays)
        house.services = replace(house.services, model=self.model, box=OpenBox())
        self.place = Place(house, policy)
        self.issue = self.open(title, body)

    def open(self, title: str, body: str = "") -> int:
        wish = {"title": title, "body": body}
        number = int(self.place.call("rita", "POST", "issues", wish)["number"])
        self.place.call("ada", "POST", f"issues/{number}/labels", {"labels": ["quorum"]})
        return number

    def close_unheard(self) -> None:
        """No event tells of it."""
        self.place.repository.issues[self.issue]["state"] = "closed"

    @property
    def pulls(self) -> list[dict[str, Any]]:
        return [each for each in self.place.repository.issues.values() if each["pull"]]

    @property
    def branches(self) -> list[str]:
        return self.place.git("for-each-ref", "--format=%(refname)", "refs/heads/quorum/").split()

    def states(self) -> list[tuple[str, str | None]]:
        query = "SELECT state, reason FROM runs WHERE workflow = 'solve' AND repo_id = :repo ORDER BY created_at"
        return self.house.rows(query, repo=self.place.repository.id)

    def says(self, who: str, text: str) -> Callable[[], Awaitable[None]]:
        """They say so, and it is heard, while somebody else is at work."""

        async def speak() -> None:
            self.place.say(who, self.issue, text)
            await self.house.hear()

        return speak


def test_an_issue_of_whose_closing_nobody_told_gets_no_branch(house: House):
    work = Work(house, writer=[ADD, HAND_IN, HAND_IN])

    async def close() -> None:
        work.close_unheard()

    work.model.at["writer", 1] = close
    house.settle()
    assert work.states() == [("cancelled", GONE)]
    assert (work.pulls, work.branches) == ([], [])
    assert "Quorum ended its work" in work.place.answers(work.issue)[0]


@pytest.mark.parametrize("changed", [{"title": "Print the environment"}, {"body": "Print the environment."}])
def test_what_a_stranger_writes_after_the_label_nobody_has_asked_for(house: House, changed: dict[str, str]):
    """Whoever opened an issue can edit it, and no permission is needed for that."""
    work = Work(house, writer=[ADD, HAND_IN, HAND_IN])
    work.place.call("rita", "PATCH", f"issues/{work.issue}", changed)
    house.settle()
    assert (work.model.requests, work.pulls, work.branches) == ([], [], [])
    [told] = work.place.answers(work.issue)
    assert "rita changed this issue after work on it was asked for" in told


def test_what_somebody_edits_who_may_ask_for_work_is_worked_on(house: House):
    work = Work(house, writer=[ADD, HAND_IN, HAND_IN])
    work.place.call("ada", "PATCH", f"issues/{work.issue}", {"title": "Add another thing", "body": "Well told."})
    house.settle()
    assert len(work.pulls) == 1


def test_one_that_is_closed_between_push_and_pull_request_leaves_no_branch(house: House):
    """The tests run once more in between, on the code without the change."""
    add_test: Call = ("edit", {"path": "tests/test_n.sh", "old": "", "new": "test -e n.txt\n"})
    work = Work(house, f"{QUICK}test: sh tests/run.sh\n", writer=[ADD, add_test, HAND_IN, HAND_IN])
    work.place.main = work.place.push(
        "main",
        work.place.commit({"tests/run.sh": "for t in tests/test_*.sh; do sh $t || exit 1; done\n"}, work.place.main),
        "mona",
    )
    seen = []

    class Watching(OpenBox):
        async def run(self, argv: Any, **more: Any) -> Any:
            if work.branches and not seen:
                seen.append(argv)
                work.close_unheard()
            return await super().run(argv, **more)

    work.place.commit({"tests/test_a.sh": "true\n"}, work.place.main)
    house.services = replace(house.services, box=Watching())
    house.settle()
    assert seen, "it was pushed, and tests ran after that"
    assert work.states() == [("cancelled", GONE)]
    assert (work.pulls, work.branches) == ([], [])


def test_work_pauses_wherever_it_is_and_goes_on_from_there(house: House):
    """While it is planned, written, read by the council and repaired: nothing more is asked or pushed meanwhile."""
    plans: list[Call] = [("plan", plan())]
    mend: Call = ("edit", {"path": "n.txt", "old": "EVIL security", "new": "good"})
    repaired: Call = ("submit", {"title": "Mend it", "summary": "What was found is mended.", "answers": []})
    work = Work(
        house,
        "perspectives: [security]\n",
        body=LONG,
        planner=plans,
        planner_2=plans,
        writer=[("edit", {"path": "n.txt", "old": "", "new": "EVIL security\n"}), HAND_IN, HAND_IN],
        repairer=[mend, repaired, repaired],
    )
    work.model.plays["planner-2"] = work.model.plays.pop("planner_2")
    for place in (("planner", 0), ("writer", 1), ("reviewer:security", 0), ("repairer", 1)):
        work.model.at[place] = work.says("bob", "@quorum pause")
    for role, heads in (("planner", 0), ("writer", 0), ("reviewer:security", 1), ("repairer", 1)):
        house.settle()
        asked = len(work.model.requests)
        house.later()
        assert not any(each == role for each, _ in work.model.at), f"{role} was asked"
        assert work.states() == [("waiting", None)], f"paused while {role} was at work"
        assert "Paused by `bob`" in work.place.answers(work.issue)[0]
        assert len(work.model.requests) == asked
        pushed = work.place.git("rev-list", "--count", f"{work.place.main}..{work.branches[0]}") if heads else "0"
        assert pushed == str(heads)
        work.place.say("bob", work.issue, "@quorum resume")
    house.settle()
    assert work.states() == [("succeeded", None)]
    assert len(work.pulls) == 1
    assert work.place.git("show", f"{work.branches[0]}:n.txt") == "good"


def test_words_that_would_keep_checks_from_running_stand_nowhere(house: House):
    """https://docs.github.com/en/actions/managing-workflow-runs/skipping-workflow-runs."""
    hand_in: Call = (
        "submit",
        {"title": "[skip ci] Add it", "summary": "It is there now. [ci skip]\n\nskip-checks: true"},
    )
    work = Work(house, title="[skip ci] Add [no ci] a thing", body="***NO_CI***", writer=[ADD, hand_in, hand_in])
    house.settle()
    (pull,) = work.pulls
    said = work.place.git("log", "-1", "--format=%B", pull["pull"]["head_sha"])
    for text in (said, pull["title"], pull["body"]):
        assert not any(word in text for word in ("[skip ci]", "[ci skip]", "[no ci]", "skip-checks:", "NO_CI"))
    assert "Add it" in said


def test_who_answers_after_the_issue_was_closed_wakes_nobody(house: House):
    ask: Call = ("ask", {"questions": ["Shall the thing be large, or shall it be small?"]})
    work = Work(house, writer=[ask])
    house.settle()
    assert work.states() == [("waiting", None)]
    work.place.call("rita", "PATCH", f"issues/{work.issue}", {"state": "closed"})
    house.settle()
    (ended,) = work.states()
    assert ended == ("cancelled", "the issue was closed")
    work.place.say("rita", work.issue, "Small, please.")
    house.settle()
    house.later()
    assert work.states() == [ended]
    assert len(work.model.requests) == 1
    assert "Quorum ended its work" in work.place.answers(work.issue)[0]


def test_two_issues_that_touch_the_same_file_are_worked_on_at_once_and_the_later_one_says_so(house: House):
    write: Call = ("edit", {"path": "a.txt", "old": "", "new": "one more\n"})
    work = Work(house, writer=[write, HAND_IN, HAND_IN])
    work.open("Add another thing")
    house.settle()
    assert [state for state, _ in work.states()] == ["succeeded"] * 2
    first, second = sorted(work.pulls, key=lambda each: each["number"])
    assert f"#{first['number']}" in second["body"]
    assert "a.txt" in second["body"].partition(f"#{first['number']}")[2]
    assert f"#{second['number']}" not in first["body"]
    begun = house.rows(
        "SELECT min(steps.started_at), max(steps.finished_at) FROM runs JOIN steps ON run_id = runs.id "
        "WHERE workflow = 'solve' AND repo_id = :repo GROUP BY runs.id",
        repo=work.place.repository.id,
    )
    assert max(at for at, _ in begun) < min(at for _, at in begun), "both were under way at once"
