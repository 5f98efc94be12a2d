"""What became of what the council said, and what people do on the checks of perspectives."""

import json
from typing import Any

from typer.testing import CliRunner

from app.cli import app
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

    place.call("ada", "PATCH", f"pulls/{number}", {"state": "closed"})
    place.house.arrived()  # and lost
    place.house.sweep()

    assert fates(place, number) == [("testing", 0, "left")]


def test_buttons_explain_and_dismiss_and_those_of_an_older_head_say_so(place: Place):
    head, number = place.pull({"n.txt": EVIL, "o.txt": PICKY})
    shown = [each["identifier"] for each in check_of(place, head)["actions"]]
    assert shown == ["explain", "dismiss"], "into branches of people nothing is pushed"

    press(place, "rita", head, "explain")
    assert "Challenged and upheld: It was looked at again" in place.answers(number)[-1]
    press(place, "rita", head, "dismiss")
    assert "needs write permission" in place.answers(number)[-1]
    check_of(place, head, "security")["actions"] = [{"identifier": "dismiss"}]  # as if it had been offered
    check_of(place, head)["actions"] = [{"identifier": each} for each in ("fix", "explain", "dismiss")]
    press(place, "bob", head, "dismiss", "security")
    assert "What security says is not silenced" in place.answers(number)[-1]
    press(place, "bob", head, "fix")
    assert "I repair pull requests of my own only" in place.answers(number)[-1]
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
