"""What is planned before it is built, who votes on it, and whose word is waited for."""

from dataclasses import replace
from typing import Any

import pytest

from tests.support.builders import Builders, OpenBox, plan
from tests.support.house import DiedError, House
from tests.support.places import Place

LONG = "This is to be done, and it takes many words to say what is meant by it. " * 30
ONE = "perspectives: [security]\n"
ASKS = f"{ONE}autonomy: 1\n"


@pytest.fixture
def model(house: House) -> Builders:
    house.installation.repository_ids.clear()
    model = Builders()
    house.services = replace(house.services, model=model, box=OpenBox())
    return model


def die() -> None:
    raise DiedError


def part(name: str, *depends_on: int) -> dict[str, Any]:
    return {
        "title": f"Build the piece {name}",
        "body": "It must hold that the piece is there.",
        "depends_on": list(depends_on),
    }


def ask_for(place: Place, title: str = "Add a new thing", body: str = "It is missing.") -> int:
    number = int(place.call("ada", "POST", "issues", {"title": title, "body": body})["number"])
    place.call("ada", "POST", f"issues/{number}/labels", {"labels": ["quorum"]})
    place.house.settle()
    return number


def say(place: Place, number: int, words: str, login: str = "ada") -> int:
    comment = place.say(login, number, f"@quorum {words}")
    place.house.settle()
    return comment


def states(place: Place, number: int) -> list[str]:
    query = "SELECT state FROM runs WHERE workflow = 'solve' AND repo_id = :repo AND number = :number"
    return [row[0] for row in place.house.rows(query, repo=place.repository.id, number=number)]


def pulls(place: Place) -> list[dict[str, Any]]:
    return [each for each in place.repository.issues.values() if each["pull"]]


def plan_comments(place: Place, number: int) -> list[str]:
    return [each for each in place.answers(number) if "### The plan" in each]


def test_a_large_issue_has_two_plans_and_the_one_with_more_votes_is_built(house: House, model: Builders):
    model.plans = {
        "planner": [plan("Rewrite the whole of it. @mona must see this.", risk="high", lines=900)],
        "planner-2": [plan("Add one small file beside it.")],
    }
    model.vote = {"plan": "B", "reason": "It breaks nobody."}
    model.votes = {
        "testing": {"plan": "A", "reason": "Only that has a test.", "objection": "Rewrite it in two steps."},
        "security": {"plan": "B", "reason": "It is small.", "objection": "Test the empty file."},
    }
    place = Place(house, "perspectives: [security, testing, documentation]\n")
    number = ask_for(place, body=LONG)

    (posted,) = plan_comments(place, number)
    assert (
        posted.index("Add one small file beside it.")
        < posted.index("alternative, plan A")
        < posted.index("Rewrite the whole")
    )
    assert "plan B, 2 to 1. It has more votes." in posted
    assert "@mona" not in posted
    assert "go`" not in posted, "nobody is asked at this level of autonomy"
    (told,) = model.told_to("writer")
    assert "Add one small file beside it." in told
    assert "Rewrite" not in told, "neither that plan nor what was to be heeded in it"
    assert "testing: wanted plan A rather than this one, plan B: Only that has a test." in told
    assert "security: Test the empty file." in told
    assert all("Add one small file" not in each for each in model.told_to("planner")), "planners do not see each other"
    (pull,) = pulls(place)
    comment = next(each["id"] for each in place.repository.comments.values() if "### The plan" in each["body"])
    assert "It was built by [this plan](" in pull["body"]
    assert f"/issues/{number}#issuecomment-{comment})" in pull["body"]


def test_a_file_that_the_plan_does_not_name_is_asked_about_and_shown_to_people(house: House, model: Builders):
    model.plans = {"planner": [plan(files=["half.py"])]}
    model.writes = lambda _: {"half.py": "half = 0.5\n", "whole.py": "whole = 1\n", "test_half.py": "half\n"}
    place = Place(house, ONE)
    ask_for(place, body=LONG)

    (pull,) = pulls(place)
    asked = "nothing that was agreed on or found names `whole.py`; is it a part of the task?"
    assert f"### Please look at\n\n- {asked}" in pull["body"]
    assert any(asked in each for each in model.shown), "the writer was asked before"


def test_whom_rules_ask_of_the_planned_files_votes_too(house: House, model: Builders):
    first = plan("Put a role into the deployment.", files=["deploy/main.tf"])
    model.plans = {"planner": [first], "planner-2": [plan("Call `halve` there instead.", files=["half.py"])]}
    place = Place(house, "perspectives: [security]\nrequired: [security]\n")
    place.main = place.push("main", place.commit({"half.py": "def halve(x):\n    return x\n"}, place.main), "mona")
    number = ask_for(place, body=LONG)

    (posted,) = plan_comments(place, number)
    assert {who for who, _ in model.told if who.startswith("voter")} == {"voter:security", "voter:infrastructure"}
    assert "2 to 0" in posted
    (seen,) = model.told_to("voter:security")
    assert "half.py, the whole file\n     1  def halve(x):" in seen
    assert "half.py, the whole file" not in model.told_to("planner")[0]


def test_nobody_votes_on_plans_that_are_alike(house: House, model: Builders):
    model.plans = {
        "planner": [plan("Add one small file beside it.", steps=["Add `n.txt`."], risk="medium")],
        "planner-2": [plan("Put a small file there, and nothing else.", steps=["add n.txt"])],
    }
    place = Place(house, ONE)
    number = ask_for(place, body=LONG)

    (posted,) = plan_comments(place, number)
    assert "Both plans have the same steps and files, so nobody voted on them." in posted
    assert "plan B, 0 to 0. The votes are even; it has the lower risk." in posted
    assert not [who for who, _ in model.told if who.startswith("voter")]
    assert len(pulls(place)) == 1


def test_a_plan_is_refused_and_made_anew_and_only_a_word_of_somebody_who_may_starts_the_work(
    house: House, model: Builders
):
    model.plans = {"planner": [plan("The first way to do it."), plan("Another way to do it.")]}
    place = Place(house, ASKS)
    number = ask_for(place)
    assert states(place, number) == ["waiting"]
    assert "`@quorum go`" in plan_comments(place, number)[-1]

    say(place, number, "go", login="rita")
    edited = place.say("ada", number, "@quorum go")
    place.repository.comments[edited]["updated_at"] = "2099-01-01T00:00:00Z"
    house.settle()
    assert states(place, number) == ["waiting"], "neither a reader's word nor one that was edited counts"
    say(place, number, "redo because the first way was tried before")
    assert states(place, number) == ["waiting"], "the word on the first plan is none on the second"
    assert "tried before" in model.told_to("planner")[1]
    assert not pulls(place)

    place.main = place.push("main", place.commit({"later.txt": "came meanwhile\n"}, place.main), "mona")
    say(place, number, "go but keep it short")
    assert states(place, number) == ["succeeded"]
    (told,) = model.told_to("writer")
    assert "Another way to do it." in told
    assert "but keep it short" in told
    assert "later.txt" in told, "it begins from the base branch of now"
    assert len(plan_comments(place, number)) == 2
    assert len(pulls(place)) == 1


def test_three_refusals_end_it_and_an_issue_without_its_label_takes_no_word(house: House, model: Builders):
    model.plans = {"planner": [plan()]}
    place = Place(house, ASKS)
    number = ask_for(place)
    for time in range(3):
        say(place, number, f"redo because reason {time}")
    assert states(place, number) == ["failed"]
    assert "3 plans were refused, the last one because: reason 2" in place.answers(number)[0]

    other = ask_for(place)
    place.call("ada", "DELETE", f"issues/{other}/labels/quorum")
    say(place, other, "go")
    assert states(place, other) == ["cancelled"]
    assert not pulls(place)


def piece_of(told: str) -> str:
    """Whose turn it is: the first that is named is the part's own."""
    return told.split("Build the piece ")[1][0]


def write_piece(told: str) -> dict[str, str]:
    """A file of its own for each piece; `b` and `c` both begin a common one, unless it is there already."""
    name = piece_of(told)
    if name not in "bc" or "earlier change" in told:
        return {f"{name}.md": f"{name}\n"}
    return {"common.md": f"begun by {name}\n", f"{name}.md": f"{name}\n"}


def test_ten_parts_are_built_side_by_side_and_joined_into_one_pull_request(house: House, model: Builders):
    names = "cbdefghij"
    parts = [part(name) for name in names] + [part("z", *range(1, 10))]
    model.plans = {"planner": [plan(parts=parts)], "planner-2": [plan(lines=999, risk="high")]}
    model.writes = write_piece
    place = Place(house, ONE)
    number = ask_for(place, body=LONG)
    assert states(place, number) == ["waiting"], "it is not split unasked at this level of autonomy"
    assert "**In 10 parts:**" in plan_comments(place, number)[-1]

    say(place, number, "go")
    assert states(place, number) == ["succeeded"], place.answers(number)
    below = [each for each in place.repository.issues.values() if each.get("parent") == number]
    assert len(below) == 10
    *first, last = [each["number"] for each in below]
    assert [each.get("blocked_by", []) for each in below] == [[]] * 9 + [first], last
    (pull,) = pulls(place)
    assert pull["title"] == "Add a new thing"
    for each in below:
        assert f"Closes #{each['number']}" in pull["body"]
    assert f"Closes #{number}" in pull["body"]

    begun = place.house.rows(
        "SELECT begun.started_at, done.finished_at FROM runs"
        " JOIN steps AS begun ON begun.run_id = runs.id AND begun.name = 'issue'"
        " JOIN steps AS done ON done.run_id = runs.id AND done.name = 'push-1'"
        " WHERE workflow = 'part' ORDER BY begun.started_at"
    )
    assert len(begun) == 11, "one did not merge and was built again"
    assert max(at for at, _ in begun[:9]) < min(at for _, at in begun[:9]), "nine were under way at once"
    (branch,) = place.git("for-each-ref", "--format=%(refname)", "refs/heads/quorum/").split()
    files = place.git("ls-tree", "--name-only", "-r", branch).split()
    assert {f"{name}.md" for name in f"{names}z"} | {"common.md"} <= set(files)


def test_what_fails_only_together_is_repaired_and_a_part_that_cannot_be_built_ends_the_work(
    house: House, model: Builders
):
    def write_or_repair(told: str) -> dict[str, str]:
        if "Each part passes by itself" in told:
            return {"glue.md": "both\n"}
        return {} if piece_of(told) == "x" else write_piece(told)

    model.plans = {"planner": [plan(parts=[part("a"), part("d"), part("x", 1)])]}
    model.writes = write_or_repair
    place = Place(house, f"{ONE}split: always\ntest: test ! -e a.md -o ! -e d.md -o -e glue.md\n")
    model.meanwhile = die
    with pytest.raises(BaseExceptionGroup) as died:
        ask_for(place, body=LONG)
    assert died.group_contains(DiedError), "while the first part was written"
    house.leases_end()
    house.settle()

    number = 1
    assert states(place, number) == ["failed"]
    report = place.answers(number)[0]
    assert "Parts of the issue could not be built: #4" in report
    assert "`quorum/issue-1-add-a-new-thing`" in report
    assert not pulls(place)
    below = [each for each in place.repository.issues.values() if each.get("parent") == number]
    assert [each["state_reason"] for each in below] == ["not_planned"] * 3
    (branch,) = place.git("for-each-ref", "--format=%(refname)", "refs/heads/quorum/").split()
    assert {"a.md", "d.md", "glue.md"} <= set(place.git("ls-tree", "--name-only", branch).split())


def test_closing_the_issue_ends_its_parts_and_leaves_nothing_behind(house: House, model: Builders):
    model.plans = {"planner": [plan(parts=[part("a"), part("d")])]}
    model.writes = write_piece
    place = Place(house, f"{ONE}split: always\n")
    model.meanwhile = lambda: place.call("ada", "PATCH", "issues/1", {"state": "closed"})
    number = ask_for(place, body=LONG)

    assert states(place, number) == ["cancelled"]
    assert {each["state"] for each in place.repository.issues.values()} == {"closed"}
    assert place.git("for-each-ref", "refs/heads/quorum/") == ""
