"""What became of what the council said, and what people do on the checks of perspectives."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from app.cli import app
from app.cli.demo.github import Person
from app.llm.messages import Reply, Request
from app.policy.request import RunRequest
from app.policy.values import Repo
from app.runs.admission import request_run
from app.runs.journal import begin_step, finish_step
from app.runs.lease import claim
from app.sandbox.box import Result
from tests.support.opinions import Opinions
from tests.support.places import Place

PICKY, EVIL = "PICKY testing\n", "EVIL testing\n"
FATES = "SELECT perspective, blocks, fate FROM outcomes WHERE repo_id = :repo AND pull = :pull"


def fates(place: Place, number: int) -> list[Any]:
    return place.house.rows(FATES, repo=place.repository.id, pull=number)


def check_of(place: Place, head: str, name: str = "testing") -> dict[str, Any]:
    runs = place.repository.check_runs.values()
    (found,) = [each for each in runs if (each["head_sha"], each["name"]) == (head, f"quorum/{name}")]
    return found


def press(place: Place, who: str, head: str, action: str, name: str = "testing") -> None:
    click = {"login": who, "repository": place.repository.full_name, "check_run": check_of(place, head, name)["id"]}
    place.house.person("mona").call(
        "PUT", f"{place.house.stage.github_url}/_emulator/clicks", {**click, "action": action}
    )
    place.house.settle()


def labels(place: Place, number: int) -> set[str]:
    return {each["name"] for each in place.call("ada", "GET", f"issues/{number}/labels")}


def test_what_became_of_findings_is_told_once_the_pull_request_is_closed(place: Place):
    head, number = place.pull({"n.txt": EVIL, "o.txt": PICKY, "p.txt": "PICKY testing, too\n"})
    newer = place.push("topic", place.commit({"n.txt": "fine\n"}, head))
    place.house.settle()
    comments = [each for each in place.repository.review_comments.values() if each["path"] == "o.txt"]
    answer = {"body": "Won\u2019t fix: it is meant so."}
    place.call("bob", "POST", f"pulls/{number}/comments/{comments[0]['id']}/replies", answer)
    assert fates(place, number) == []

    assert place.merged(number), place.gate(newer)
    place.house.settle()
    told = [("testing", 0, "dismissed"), ("testing", 0, "left"), ("testing", 1, "acted")]
    assert sorted(fates(place, number)) == told

    place.house.sweep()
    assert sorted(fates(place, number)) == told
    shown = CliRunner().invoke(
        app,
        ["records", place.repository.full_name, "--json"],
        env={"QUORUM_DATABASE_URL": place.house.settings.database_url},
    )
    (record,) = json.loads(shown.stdout)["records"]
    assert (record["published"], record["acted_on"], record["dismissed"], record["upheld"]) == (3, 1, 1, 1)


def test_a_closing_that_nobody_told_of_is_settled_by_the_sweep(place: Place):
    _, number = place.pull({"n.txt": PICKY})
    place.house.sweep()
    assert fates(place, number) == [], "it is open"

    assert place.merged(number)
    place.house.arrived()  # and lost
    place.house.sweep()

    assert fates(place, number) == [("testing", 0, "left")]


def test_who_closes_what_they_opened_talks_no_perspective_down(place: Place):
    _, number = place.pull({"n.txt": PICKY})
    place.call("ada", "PATCH", f"pulls/{number}", {"state": "closed"})
    place.house.settle()

    assert fates(place, number) == []
    settled = "SELECT pull FROM settlements WHERE repo_id = :repo"
    assert place.house.rows(settled, repo=place.repository.id) == [(number,)]


def test_buttons_explain_and_dismiss_and_those_of_an_older_head_say_so(place: Place):
    head, number = place.pull({"n.txt": EVIL, "o.txt": PICKY})
    shown = [each["identifier"] for each in check_of(place, head)["actions"]]
    assert shown == ["fix", "explain", "dismiss"]

    press(place, "rita", head, "explain")
    assert "Challenged and upheld: It was looked at again" in place.answers(number)[-1]
    press(place, "rita", head, "dismiss")
    assert "needs write permission" in place.answers(number)[-1]
    check_of(place, head, "security")["actions"] = [{"identifier": "dismiss"}]  # as if it had been offered
    check_of(place, head)["actions"] = [{"identifier": each} for each in ("fix", "explain", "dismiss")]
    press(place, "bob", head, "dismiss", "security")
    assert "security has a veto here, so that its advice is not silenced" in place.answers(number)[-1]
    press(place, "bob", head, "dismiss")
    assert "1 finding of it counts as not wanted" in place.answers(number)[-1]
    assert "What blocks is not dismissed by a button" in place.answers(number)[-1]

    newer = place.push("topic", place.commit({"p.txt": "PICKY testing, again\n"}, head))
    place.house.settle()
    assert "wants no more advice of testing" in check_of(place, newer)["output"]["summary"]
    assert place.gate(newer).conclusion == "failure", "what blocks stands"
    press(place, "bob", head, "explain")
    assert f"is not the head any more: it is {newer[:12]} now" in place.answers(number)[-1]


def test_after_three_refused_rounds_a_person_is_asked_and_labels_say_so(new_place: Any):
    place = new_place("perspectives: [security, testing]\nlabels: true\n")
    head, number = place.pull({"n.txt": EVIL})
    place.call("ada", "POST", f"issues/{number}/labels", {"labels": ["bug"]})
    place.house.settle()
    assert labels(place, number) == {"bug", "quorum: blocked", "quorum: low risk"}
    for round_ in (2, 3):
        assert "A person is asked" not in "".join(place.answers(number))
        head = place.push("topic", place.commit({"o.txt": f"more, {round_}\n"}, head))
        place.house.settle()

    (summary,) = [each for each in place.answers(number) if "### The council on" in each]
    assert "**A person is asked to decide.** 3 rounds" in summary
    assert "said in 3 rounds" in summary
    assert "a person with write access is asked to decide" in place.gate(head).summary
    assert place.gate(head).conclusion == "failure"
    assert labels(place, number) == {"bug", "quorum: needs human", "quorum: low risk"}

    rechecks = "SELECT count(*) FROM runs WHERE workflow = 'recheck' AND repo_id = :repo"
    before = place.house.rows(rechecks, repo=place.repository.id)
    place.house.settle()
    assert place.house.rows(rechecks, repo=place.repository.id) == before, "our own labels wake nobody"
    head = place.push("topic", place.commit({"n.txt": "fine\n"}, head))
    place.house.settle()
    assert place.gate(head).conclusion == "success"
    assert labels(place, number) == {"bug", "quorum: approved", "quorum: low risk"}


class Repairing(Opinions):
    """Who is asked to repair writes one file and hands it in."""

    async def reply(self, request: Request) -> Reply:
        if request.role != "repairer":
            return await super().reply(request)
        self.asked.append(request.role)
        if self.asked.count("repairer") == 1:
            return self._call("bash", {"command": "printf 'fine\\n' > n.txt"})
        return self._call("submit", {"title": "Say nothing evil", "summary": "The evil line is a fine one now."})


class Desk:
    """In the place of a sandbox: whatever is to be run, the one file is written."""

    async def run(self, _argv: Any, *, worktree: Path, **_: Any) -> Result:
        (worktree / "n.txt").write_text("fine\n")
        return Result(0, "")


@pytest.fixture
def own_pull(place: Place) -> Iterator[tuple[str, int]]:
    """By the App, on a branch that a run on issue 77 made and has ended with."""
    house = place.house
    whole, house.services = house.services, replace(house.services, box=Desk(), model=Repairing())
    token = house.stage.world.mint(house.installation, house.app.permissions, [place.repository.id])[0]
    bot = Person(f"{house.stage.github_url}/api/v3", house.app.bot.login, token)
    issue = int(place.call("ada", "POST", "issues", {"title": "Be kind", "body": "No evil."})["number"])
    house.run(remember_branch(place, issue, "topic"))
    head = place.push("topic", place.commit({"n.txt": EVIL}, place.main))
    body = {"head": "topic", "base": "main", "title": "Change", "draft": True}
    number = int(bot.call("POST", f"/repos/{place.repository.full_name}/pulls", body)["number"])
    house.settle()
    yield head, number
    bot.close()
    house.services = whole


async def remember_branch(place: Place, issue: int, branch: str) -> None:
    database = place.house.services.database
    owner, name = place.repository.full_name.split("/")
    repo = Repo(place.house.installation.id, place.repository.id, owner, name)
    async with database.begin() as db:
        await request_run(db, RunRequest("solve", repo, issue, "solved", "finished", f"issue:{repo.id}:{issue}"))
    (run,) = await claim(database, "house", 60.0, 32)
    step = await begin_step(database, run, "branch", "step")
    await finish_step(database, run, "branch", branch, started_at=step.started_at)
    async with database.begin() as db:
        await db.exec_driver_sql(f"UPDATE runs SET state = 'failed', dedupe_key = NULL WHERE id = '{run.id}'")  # noqa: S608


def test_fix_it_repairs_a_pull_request_of_our_own_once(place: Place, own_pull: tuple[str, int]):
    head, number = own_pull
    assert [each["identifier"] for each in check_of(place, head)["actions"]] == ["fix", "explain"]

    press(place, "rita", head, "fix")
    assert "needs write permission" in place.answers(number)[-1]
    press(place, "bob", head, "fix")

    assert any(f"I repair what blocks {head[:12]}" in each for each in place.answers(number))
    pull = place.call("ada", "GET", f"pulls/{number}")
    newer = pull["head"]["sha"]
    assert place.git("rev-parse", f"{newer}^") == head
    assert place.git("show", f"{newer}:n.txt") == "fine"
    assert check_of(place, newer)["conclusion"] == "success"
    assert pull["draft"] is False
    assert "The evil line is a fine one now." in pull["body"]
    assert f"were tried on {head[:12]}, the head before it" in pull["body"].partition("this is newer")[0]
    assert "**How it was verified after that**\n\nNo test command is configured" in pull["body"]

    press(place, "bob", head, "fix")
    assert "is not the head any more" in place.answers(number)[-1]
    assert place.house.rows("SELECT state FROM runs WHERE workflow = 'mend'") == [("succeeded",)]
