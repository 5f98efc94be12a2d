"""Who says so: authors, strangers, bots, people whose rights change. The numbers are those of the list of cases."""

from collections.abc import Callable
from typing import Any

from tests.support.house import House
from tests.support.places import Place, another_app

EVIL: dict[str, Any] = {"n.txt": "EVIL testing\n"}


def override(head: str, target: str = "testing") -> str:
    return f"@quorum override {target} at {head[:12]} because it is a sample"


def test_case_17_a_check_of_the_same_name_by_another_app_opens_nothing_and_is_told_of(place: Place):
    head, number = place.pull(EVIL)
    told = {"name": "quorum/gate", "head_sha": head, "status": "completed", "conclusion": "success"}
    with another_app(place) as ask:
        ask("POST", "check-runs", told)
        assert not place.merged(number)
        place.house.sweep()

    assert place.gate(head).conclusion == "failure"
    assert "Somebody else reports a check with the gate's name" in place.gate(head).summary


def test_case_18_the_author_does_not_override_on_the_own_pull_request(place: Place):
    head, number = place.pull(EVIL, by="dora")

    place.say("dora", number, override(head))
    place.house.settle()

    assert place.gate(head).conclusion == "failure"
    assert "the author may not override" in place.answers(number)[-1]


def test_cases_19_and_21_words_that_do_not_count_override_nothing(place: Place):
    head, number = place.pull({"n.txt": "EVIL testing,security\n"})
    before = len(place.answers(number))
    word = override(head)
    place.say("dora", number, f"> {word}\n\nWhat do you think of this?")
    place.say("dora", number, f"```\n{word}\n```")
    place.say("dora", number, f"Write `{word}`.")
    place.say("dora", number, f"<!-- {word} -->\nNothing here.")
    place.say("dora", number, f"<details>\n\n{word}\n</details>")
    with another_app(place) as ask:
        ask("POST", f"issues/{number}/comments", {"body": word})
    place.house.settle()
    assert len(place.answers(number)) == before, "nobody spoke to Quorum"

    for who in ("bob", "rita"):
        place.say(who, number, word)
    place.say("mona", number, override(head, "security"))
    place.say("dora", number, override("0" * 40))
    edited = place.say("dora", number, word)
    place.repository.comments[edited]["updated_at"] = "2099-01-01T00:00:00Z"
    place.house.settle()

    told = " ".join(place.answers(number)[before:])
    for part in (
        "somebody with maintain",
        "you have read",
        "the veto of security cannot be overridden",
        "was edited",
        "not 0000000",
    ):
        assert part in told
    assert place.gate(head).conclusion == "failure"
    kept = "SELECT * FROM statements WHERE kind = 'override' AND repo_id = :repo"
    assert place.house.rows(kept, repo=place.repository.id) == []


def test_cases_20_and_25_an_override_outlives_its_comment_but_not_its_diff(place: Place):
    head, number = place.pull(EVIL)
    comment = place.say("dora", number, override(head))
    place.house.settle()
    assert place.gate(head).conclusion == "success"
    assert "overridden by dora, who may maintain here" in place.gate(head).summary

    place.call("dora", "DELETE", f"issues/comments/{comment}")
    place.house.settle()
    place.house.sweep()
    assert place.gate(head).conclusion == "success"
    assert "the comment is no longer there" in place.gate(head).summary
    removed = "SELECT actor FROM audit WHERE action = 'gate statement''s comment removed' AND subject = :subject"
    assert place.house.rows(removed, subject=f"{place.repository.full_name}#{number}") == [("dora",)]

    newer = place.push("topic", place.commit({"o.txt": "more\n"}, head))
    place.house.settle()
    assert place.gate(newer).conclusion == "failure"
    assert not place.merged(number)


def test_case_24_a_right_that_was_taken_away_does_not_count(place: Place):
    head, number = place.pull(EVIL)
    place.say("dora", number, override(head))
    place.house.settle()
    assert place.gate(head).conclusion == "success"

    place.repository.permissions["dora"] = "write"
    place.house.sweep()

    assert place.gate(head).conclusion == "failure"
    assert not place.merged(number)


def test_case_37_buttons_do_for_a_person_what_that_person_may(place: Place):
    head, number = place.pull(EVIL)
    asked = len(place.house.model.asked)

    def press(who: str, action: str) -> str:
        click = {"login": who, "repository": place.repository.full_name, "check_run": place.gate(head).id}
        place.house.person("mona").call(
            "PUT", f"{place.house.stage.github_url}/_emulator/clicks", {**click, "action": action}
        )
        place.house.settle()
        return place.answers(number)[-1]

    assert "needs write permission" in press("rita", "review")
    assert "You may not override" in press("rita", "override")
    assert f"@quorum override testing at {head[:12]}" in press("dora", "override")
    assert "1 finding must be fixed" in press("rita", "explain")
    assert len(place.house.model.asked) == asked
    assert place.gate(head).conclusion == "failure"
    press("bob", "review")
    assert place.house.model.asked[asked:].count("reviewer:testing") == 1


def test_case_46_strangers_are_reviewed_without_execution_and_their_words_start_nothing(
    new_place: Callable[..., Place],
):
    place = new_place(
        "perspectives: [security, testing]\n"
        "rules:\n- {name: First, applies_to: {author: {first_time: true}}, requires: {people: {}}}\n"
    )
    place.push("topic", place.commit({"n.txt": "new\n"}, place.main))
    place.house.person("zoe")
    number = place.open("topic", by="zoe")
    place.house.settle()
    head = place.call("ada", "GET", f"pulls/{number}")["head"]["sha"]
    assert place.gate(head).conclusion == "action_required"
    asked = len(place.house.model.asked)

    for word in ("@quorum review", "/stop", "@quorum veto because I say so", override(head, "people")):
        place.say("zoe", number, word)
    place.house.settle()

    assert all("write permission" in each for each in place.answers(number)[-4:])
    assert len(place.house.model.asked) == asked
    place.review("bob", number, "APPROVE", head)
    place.house.settle()
    assert place.gate(head).conclusion == "success"

    newer = place.push("topic", place.commit({"n.txt": "newer\n"}, head), "mona")
    place.house.settle()
    assert place.gate(newer).conclusion == "action_required", "bob has not seen this diff"


def test_a_finding_that_an_advisory_perspective_published_holds_the_required_one_that_said_it_too(house: House):
    place = Place(house, "perspectives: [testing, security]\nrequired: [security]\n")
    head, number = place.pull({"n.txt": "EVIL security,testing\n"})

    assert (place.gate(head).conclusion, place.gate(head).title) == ("failure", "Fix 1 finding of security")
    assert not place.merged(number)


def test_case_53_a_finding_that_a_writer_will_not_fix_is_cleared_at_later_heads_too(place: Place):
    head, number = place.pull({"n.txt": "EVIL testing\n", "m.txt": "EVIL security\n"})
    keys = place.house.rows("SELECT perspective, id FROM findings WHERE repo_id = :repo", repo=place.repository.id)
    named = {name: str(identity).rpartition(":")[2] for name, identity in keys}

    place.say("rita", number, f"@quorum dismiss {named['testing']} because I say so")
    place.say("bob", number, f"@quorum dismiss {named['security']} because I say so")
    place.say("bob", number, f"@quorum dismiss {named['testing']} because it is a sample")
    place.house.settle()
    assert place.gate(head).title == "Fix 1 finding of security"
    assert "security has a veto" in " ".join(place.answers(number))

    newer = place.push("topic", place.commit({"m.txt": None, "o.txt": "more\n"}, head))
    place.house.settle()
    assert place.gate(newer).conclusion == "success"
    assert "its findings were dismissed by bob" in place.gate(newer).summary


def test_case_54_reviewers_are_not_told_who_wrote_it(place: Place):
    place.house.model.shown.clear()
    place.pull({"n.txt": "new\n"}, by="bob")

    shown = " ".join(place.house.model.shown)
    assert "+new" in shown
    assert not any(who in shown for who in ("bob", "Ada <", "ada@example.com"))
