"""What an approval is worth when commits move. The numbers are those of the list of cases."""

import pytest

from app.policy.config import POLICY_PATH
from app.policy.values import Repo, Sha
from tests.support.places import Place


def test_case_01_a_commit_after_the_approval_closes_the_gate_until_it_is_reviewed(place: Place):
    head, number = place.pull({"n.txt": "new\n"})
    assert place.gate(head).conclusion == "success"

    newer = place.push("topic", place.commit({"n.txt": "EVIL testing\n"}, head))
    assert not place.merged(number)
    place.house.settle()

    assert (place.gate(newer).conclusion, place.gate(newer).title) == ("failure", "Fix 1 finding of testing")
    assert not place.merged(number)


def test_case_02_a_force_push_back_to_an_approved_commit_counts_only_while_the_diff_is_the_same(place: Place):
    first = place.commit({"n.txt": "new\n"}, place.main)
    head = place.push("topic", place.commit({"o.txt": "too\n"}, first))
    number = place.open("topic")
    place.house.settle()
    place.push("topic", place.commit({"n.txt": "EVIL testing\n"}, head))
    place.house.settle()
    asked = len(place.house.model.asked)

    place.push("topic", head)
    place.house.settle()
    assert place.gate(head).conclusion == "success"
    assert len(place.house.model.asked) == asked, "what was said of this diff stands"

    place.push("topic", place.commit({"n.txt": "EVIL testing\n"}, head))
    place.push("main", first, "mona")
    place.push("topic", head)
    place.house.settle()
    assert len(place.house.model.asked) > asked, "main holds a part of it now, so that the diff is another"
    assert place.merged(number)


def test_cases_03_and_52_a_rebase_that_leaves_the_diff_keeps_the_approvals_and_asks_no_model(place: Place):
    head, number = place.pull({"n.txt": "new\n"})
    asked, said = len(place.house.model.asked), len(place.answers(number))
    place.main = place.push("main", place.commit({"b.txt": "other\n"}, place.main), "mona")

    rebased = place.push("topic", place.commit({"n.txt": "new\n"}, place.main))
    place.house.settle()

    assert place.gate(rebased).conclusion == "success"
    assert f"carried over from {head[:12]}" in place.gate(rebased).summary
    assert len(place.house.model.asked) == asked
    assert len(place.answers(number)) == said
    assert place.merged(number)


def test_case_04_an_update_of_the_branch_keeps_the_approvals(place: Place):
    head, _ = place.pull({"n.txt": "new\n"})
    asked = len(place.house.model.asked)
    place.main = place.push("main", place.commit({"b.txt": "other\n"}, place.main), "mona")

    updated = place.push("topic", place.commit({"b.txt": "other\n"}, head, place.main))
    place.house.settle()

    assert place.gate(updated).conclusion == "success"
    assert len(place.house.model.asked) == asked


def test_cases_05_and_06_a_merge_that_also_edits_a_file_is_reviewed_anew(place: Place):
    head, number = place.pull({"n.txt": "new\n"})
    place.main = place.push("main", place.commit({"b.txt": "other\n"}, place.main), "mona")

    evil = place.push("topic", place.commit({"b.txt": "other\nEVIL testing\n"}, head, place.main))
    place.house.settle()

    assert place.gate(evil).conclusion == "failure"
    assert not place.merged(number)


def test_case_07_another_base_is_another_diff_and_its_own_policy_applies(place: Place):
    released = place.commit({POLICY_PATH: "perspectives: [security]\nstrict: true\n"}, place.main)
    place.push("release", released, "mona")
    place.protect("release")
    place.main = place.push("main", place.commit({"m.txt": "EVIL security\n"}, place.main), "mona")
    head, number = place.pull({"n.txt": "new\n"})
    assert place.gate(head).conclusion == "success"

    place.call("ada", "PATCH", f"pulls/{number}", {"base": "release"})
    place.house.hand_over(place.house.arrived())
    while place.gate(head).conclusion == "success":
        assert place.house.drive(), "the old decision stands only until the event is handled"
    assert not place.merged(number)
    place.house.settle()

    gate = place.gate(head)
    assert gate.conclusion == "failure"
    assert "1 finding must be fixed; its veto cannot be overridden" in gate.summary, (
        "what main holds is news to release"
    )
    assert "| testing |" not in gate.summary, "the policy of release does not ask for it"
    assert "up to date" in gate.summary, "but for this"


def test_case_07_the_same_diff_onto_another_base_is_reviewed_for_that_base(place: Place):
    head, number = place.pull({"n.txt": "new\n"})
    place.push("release", place.main, "mona")
    place.protect("release")
    place.house.model.asked.clear()

    place.call("ada", "PATCH", f"pulls/{number}", {"base": "release"})
    place.house.settle()

    assert sorted(place.house.model.asked) == ["reviewer:security", "reviewer:testing"]
    assert place.gate(head).conclusion == "success"


def test_case_07_a_base_that_is_exchanged_while_the_gate_looks_is_noticed(
    place: Place, monkeypatch: pytest.MonkeyPatch
):
    aside = place.push("aside", place.commit({"e.txt": "EVIL testing\n"}, place.main), "mona")
    place.protect("aside")
    head = place.push("double", place.commit({"n.txt": "new\n"}, aside))
    number = place.open("double", "aside")
    place.house.settle()
    assert place.gate(head).conclusion == "success"
    mirrors, waiting = place.house.services.mirrors, ["main"]
    fetch = mirrors.fetch

    async def meanwhile(repo: Repo, ref: str) -> Sha:
        if waiting:
            place.call("ada", "PATCH", f"pulls/{number}", {"base": waiting.pop()})
        return await fetch(repo, ref)

    monkeypatch.setattr(mirrors, "fetch", meanwhile)
    click = {"login": "bob", "repository": place.repository.full_name, "check_run": place.gate(head).id}
    place.house.person("mona").call("PUT", f"{place.house.stage.github_url}/_emulator/clicks", click)
    place.house.hand_over(place.house.arrived())
    place.house.drive()

    assert not waiting
    assert place.gate(head).conclusion != "success", "what was read of the old base says nothing of the new one"
    assert not place.merged(number)


def test_case_09_a_review_that_ends_after_the_next_push_counts_for_its_own_head_only(place: Place):
    head = place.push("topic", place.commit({"n.txt": "new\n"}, place.main))
    number = place.open("topic")
    newer = place.commit({"n.txt": "EVIL testing\n"}, head)
    place.house.hand_over(place.house.arrived())
    place.house.model.meanwhile = lambda: place.push("topic", newer)
    while place.house.drive():
        assert not any(gate.conclusion == "success" for gate in place.gates(newer))
    assert not place.merged(number)

    place.house.settle()
    assert place.gate(newer).conclusion == "failure"


def test_case_12_nothing_passes_because_there_was_nothing_to_review(place: Place):
    odd = {
        "empty": ({}, "failure"),
        "renamed": ({"a.txt": None, "z.txt": "a\n" * 20}, "success"),
        "mode": ({"a.txt": ("100755", b"a\n" * 20)}, "success"),
        "binary": ({"n.bin": b"\0\1EVIL security\2"}, "failure"),
        "submodule": ({"lib": ("160000", b"d" * 40)}, "success"),
        "symlink": ({"n.lnk": ("120000", b"../../etc/passwd")}, "success"),
    }
    heads = {name: place.push(name, place.commit(files, place.main)) for name, (files, _) in odd.items()}
    asked = place.house.model.asked
    asked.clear()
    for name in odd:
        place.open(name)
    place.house.settle()

    assert {name: place.gate(head).conclusion for name, head in heads.items()} == {
        name: expected for name, (_, expected) in odd.items()
    }
    assert asked.count("reviewer:security") == len(odd), "each was shown to every reviewer"
    assert place.gate(heads["empty"]).title == "Push a change: the diff is empty"
    assert "`n.bin`" in place.gate(heads["binary"]).summary


def test_case_15_one_head_on_two_bases_shows_the_worse_decision_and_names_both(place: Place):
    aside = place.push("aside", place.commit({"e.txt": "EVIL testing\n"}, place.main), "mona")
    place.protect("aside")
    head = place.push("double", place.commit({"n.txt": "new\n"}, aside))
    evil, harmless = place.open("double"), place.open("double", "aside")
    place.house.settle()

    gates = place.gates(head)
    assert [gate.conclusion for gate in gates] == ["failure", "failure"]
    assert all(f"#{evil}" in gate.summary and f"#{harmless}" in gate.summary for gate in gates)
    assert not place.merged(evil)
    assert not place.merged(harmless)


def test_a_base_that_does_not_require_the_gate_is_never_given_a_success(place: Place):
    scratch = place.push("scratch", place.commit({"e.txt": "EVIL testing\n"}, place.main), "mona")
    head = place.push("topic", place.commit({"n.txt": "new\n"}, scratch))
    number = place.open("topic", "scratch")
    place.house.settle()
    assert place.gate(head).conclusion == "action_required"

    place.call("ada", "PATCH", f"pulls/{number}", {"base": "main"})
    assert not place.merged(number), "there was nothing green that could count for main"


def test_case_16_after_closing_and_opening_again_the_state_is_worked_out_anew(place: Place):
    head, number = place.pull({"n.txt": "new\n"})
    place.call("ada", "PATCH", f"pulls/{number}", {"state": "closed"})
    place.house.settle()
    place.set_policy("perspectives: [security, testing]\nrules:\n- {name: A person, requires: {people: {}}}\n")
    place.house.settle()

    place.call("ada", "PATCH", f"pulls/{number}", {"state": "open"})
    place.house.settle()

    assert place.gate(head).conclusion == "action_required"
    assert not place.merged(number)


def test_case_16_a_draft_and_back_is_judged_like_any_other(place: Place):
    head = place.push("topic", place.commit({"n.txt": "EVIL testing\n"}, place.main))
    number = place.open("topic", draft=True)
    place.house.settle()
    assert place.gate(head).conclusion == "failure"

    node = place.call("ada", "GET", f"pulls/{number}")["node_id"]
    query = (
        "mutation($id: ID!) { markPullRequestReadyForReview(input: {pullRequestId: $id}) { pullRequest { isDraft } } }"
    )
    url = f"{place.house.stage.github_url}/api/graphql"
    place.house.person("ada").call("POST", url, {"query": query, "variables": {"id": node}})
    place.house.settle()
    assert place.gate(head).conclusion == "failure"
    assert not place.merged(number)
