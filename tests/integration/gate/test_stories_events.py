"""Events that come twice, late or never, and what else happens to a repository. The numbers are those of the list."""

from typing import Any

import pytest
from sqlalchemy import update

from app.emulator.faults import Fault
from app.store.tables import gates
from tests.support.house import DiedError, House
from tests.support.places import Place

READS = r"/repositories/\d+/pulls/\d+$"


def told(place: Place) -> list[Any]:
    """Everything that the gate shows, by pull request, without the hashes that differ from place to place."""
    pulls = [(number, issue["pull"]["head_sha"]) for number, issue in sorted(place.repository.issues.items())]
    return [(number, gate.conclusion, gate.title) for number, head in pulls for gate in place.gates(head)]


def play(place: Place) -> None:
    """Push, mend, override, label, retarget, close and open again, without a rest between."""
    head = place.push("topic", place.commit({"n.txt": "EVIL testing\n"}, place.main))
    number = place.open("topic")
    place.say("dora", number, f"@quorum override testing at {head[:12]} because it is a sample")
    other = place.push("other", place.commit({"o.txt": "EVIL testing\n"}, place.main))
    second = place.open("other")
    place.push("other", place.commit({"o.txt": "good\n"}, other))
    place.call("tom", "POST", f"issues/{second}/labels", {"labels": ["sample"]})
    place.call("ada", "PATCH", f"pulls/{second}", {"state": "closed"})
    place.call("ada", "PATCH", f"pulls/{second}", {"state": "open"})


@pytest.mark.parametrize("how", ["twice and in disorder", "late", "never"])
def test_case_35_events_that_come_twice_late_or_never_lead_to_the_same_end(place: Place, how: str):
    play(place)
    if how == "never":
        place.house.arrived()
        place.house.sweep()
    elif how == "late":
        first, *rest = place.house.arrived()
        place.house.settle()
        place.house.hand_over([*rest, first])
        place.house.settle()
    else:
        place.house.settle(copies=2, seed=3)

    assert told(place) == [(1, "success", "Approved: security, testing"), (2, "success", "Approved: security, testing")]


def test_cases_10_and_36_only_what_was_asked_is_run_again_and_the_newest_word_counts(place: Place):
    head, _ = place.pull({"n.txt": "new\n"})
    model = place.house.model

    def again(**which: int) -> list[str]:
        model.asked.clear()
        click = {"login": "bob", "repository": place.repository.full_name, **which}
        place.house.person("mona").call("PUT", f"{place.house.stage.github_url}/_emulator/clicks", click)
        place.house.settle()
        return sorted(model.asked)

    runs = {run["name"]: run for run in place.repository.check_runs.values()}
    model.silent = {"testing"}
    assert again(check_run=runs["quorum/testing"]["id"]) == ["reviewer:testing"]
    assert place.gate(head).title == "Ask again for the testing review"
    assert again(check_run=place.gate(head).id) == []
    assert place.gate(head).conclusion == "action_required"
    model.silent.clear()
    assert again(check_suite=runs["quorum/testing"]["suite_id"]) == ["reviewer:security", "reviewer:testing"]
    assert place.gate(head).conclusion == "success"


@pytest.mark.parametrize("status", [502, 403])
def test_case_41_while_github_does_not_answer_the_gate_is_not_opened_and_tries_again(place: Place, status: int):
    place.house.faults(
        Fault("GET", READS, status=status, times=None, only_apps=True, retry_after=60 if status == 403 else None)
    )
    head, number = place.pull({"n.txt": "new\n"})
    assert not any(gate.conclusion == "success" for gate in place.gates(head))
    assert not place.merged(number)

    place.house.faults()
    place.house.later()
    assert place.gate(head).conclusion == "success"


def test_case_41_a_head_that_git_does_not_have_yet_is_waited_for(place: Place):
    head, number = place.pull({"n.txt": "new\n"})
    evil = place.push("topic", place.commit({"n.txt": "EVIL testing\n"}, head))
    place.git("update-ref", f"refs/pull/{number}/head", head)
    place.house.settle()
    assert not any(gate.conclusion == "success" for gate in place.gates(evil)), "it was approved for another head"
    assert not place.merged(number)

    place.git("update-ref", f"refs/pull/{number}/head", evil)
    place.house.sweep()
    assert place.gate(evil).conclusion == "failure"


def test_case_51_of_many_pushes_the_last_is_reviewed_in_the_end(place: Place):
    head = place.push("topic", place.commit({"n.txt": "0\n"}, place.main))
    place.open("topic")
    place.house.hand_over(place.house.arrived())
    for number in range(1, 5):
        place.house.drive()
        head = place.push("topic", place.commit({"n.txt": f"{number}\n"}, head))
    place.house.settle(seed=5)

    assert place.gate(head).conclusion == "success"
    assert {run["status"] for run in place.repository.check_runs.values()} == {"completed"}, "no old head stays yellow"

    place.push("other", place.commit({"o.txt": "new\n"}, place.main))
    number = place.open("other")
    place.house.hand_over(place.house.arrived())
    place.house.drive()
    place.call("ada", "PATCH", f"pulls/{number}", {"state": "closed"})
    place.house.settle()
    assert {run["status"] for run in place.repository.check_runs.values()} == {"completed"}, "nor a closed one's"


def test_case_42_a_head_branch_that_is_gone_is_judged_all_the_same(place: Place):
    head = place.push("topic", place.commit({"n.txt": "EVIL testing\n"}, place.main))
    place.open("topic")
    place.git("update-ref", "-d", "refs/heads/topic")
    place.house.settle()

    assert place.gate(head).conclusion == "failure"


def test_case_43_an_app_that_was_suspended_or_taken_off_catches_up_when_it_is_back(place: Place):
    url = f"{place.house.stage.github_url}/_emulator/installations"
    wish = {"login": "mona", "installation": place.house.installation.id, "repositories": [place.repository.full_name]}
    head = place.main
    for away, back in (("suspend", "unsuspend"), ("remove", "add")):
        place.house.person("mona").call("PUT", url, {**wish, "action": away})
        head = place.push(away, place.commit({f"{away}.txt": "EVIL testing\n"}, place.main))
        number = place.open(away)
        place.house.settle()
        assert place.gates(head) == []
        assert not place.merged(number)

        place.house.person("mona").call("PUT", url, {**wish, "action": back})
        place.house.later()
        place.house.sweep()
        assert place.gate(head).conclusion == "failure"


def test_case_43_a_repository_that_is_renamed_moved_or_archived_keeps_its_gate(place: Place):
    head, number = place.pull({"n.txt": "new\n"})
    place.call("mona", "PATCH", "", {"name": f"{place.repository.name}-new"})
    place.call("mona", "POST", "transfer", {"new_owner": "dora"})
    place.call("mona", "PATCH", "", {"archived": True})
    place.house.settle()
    place.house.sweep()
    assert place.gate(head).conclusion == "success"

    place.call("mona", "PATCH", "", {"archived": False})
    newer = place.push("topic", place.commit({"n.txt": "EVIL testing\n"}, head))
    place.house.settle()
    assert place.gate(newer).conclusion == "failure"
    assert not place.merged(number)


def test_case_44_more_than_fits_is_cut_and_never_pends(place: Place):
    many = "".join(f"EVIL testing {number} {'é`|<' * 400}\n" for number in range(30))
    names: dict[str, Any] = {f"{'long' * 40}/{number}.txt": "new\n" for number in range(60)}
    head, _ = place.pull({"n.txt": many, **names})

    assert place.gate(head).conclusion == "failure"
    assert place.gate(head).title == "Fix 30 findings of testing"
    shown = [run for run in place.repository.check_runs.values() if run["head_sha"] == head]
    assert {run["status"] for run in shown} == {"completed"}


def test_case_45_a_worker_that_dies_leaves_no_check_in_progress(place: Place):
    def die() -> None:
        raise DiedError

    head = place.push("topic", place.commit({"n.txt": "new\n"}, place.main))
    place.open("topic")
    place.house.model.meanwhile = die
    with pytest.raises(BaseExceptionGroup):
        place.house.settle()
    shown = [run for run in place.repository.check_runs.values() if run["head_sha"] == head]
    assert any(run["status"] != "completed" for run in shown)

    place.house.leases_end()
    place.house.settle()
    assert place.gate(head).conclusion == "success"
    assert {run["status"] for run in place.repository.check_runs.values() if run["head_sha"] == head} == {"completed"}


def test_case_45_a_decision_that_was_written_by_a_worker_that_died_of_it_stays_with_its_commit(place: Place):
    """It was not kept any more that it is there, and the head goes on."""
    first, _ = place.pull({"n.txt": "EVIL testing\n"})
    assert place.gate(first).conclusion == "failure"
    forget = update(gates).where(gates.c.head_sha == first).values(told="")
    place.house.run(place.house._change(forget))
    second = place.push("topic", place.commit({"n.txt": "good\n"}, first))
    place.house.settle()
    assert (place.gate(first).conclusion, place.gate(second).conclusion) == ("failure", "success")


def test_case_48_an_approval_grows_old_and_a_stale_check_is_written_anew(house: House):
    place = Place(house, "perspectives: [security, testing]\nmax_age_hours: 24\n")
    head, _ = place.pull({"n.txt": "new\n"})
    run = place.repository.check_runs[place.gate(head).id]
    run.update(status="completed", conclusion="stale")
    place.house.sweep()
    assert place.gate(head).conclusion == "success"

    place.house.age_verdicts(25 * 3600)
    place.house.sweep()
    assert place.gate(head).conclusion == "action_required"
    assert "more than 24 hours ago" in place.gate(head).summary


def test_a_label_costs_at_most_three_requests_when_nothing_else_changed(house: House):
    rule = "rules:\n- {name: Risky, applies_to: {labels: [risky]}, requires: {people: {}}}\n"
    place = Place(house, f"perspectives: [security, testing]\n{rule}")
    head, number = place.pull({"n.txt": "new\n"})
    place.call("tom", "POST", f"issues/{number}/labels", {"labels": ["other"]})
    place.house.settle()
    place.call("tom", "POST", f"issues/{number}/labels", {"labels": ["risky"]})

    before = len(place.house.stage.requests())
    place.house.settle()
    # Tom's own request can be written down after he has his answer; Quorum asks by the repository's number.
    asked = [each for each in place.house.stage.requests()[before:] if "/repositories/" in each[1]]

    assert place.gate(head).conclusion == "action_required"
    assert len(asked) <= 3, asked
