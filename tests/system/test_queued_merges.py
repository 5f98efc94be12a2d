"""Quorum before a merge queue: groups are judged by their members as they stand, and by nothing that is not theirs."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from app.cli.demo.stage import run_git
from app.emulator import git, merge_groups
from tests.support.intruders import Intruder
from tests.support.queues import Hall, approved

pytestmark = pytest.mark.long

POLICY = """\
perspectives: [security]
automerge: {method: merge, applies_to: {labels: [ship]}}
rules:
  - name: Held
    applies_to: {labels: [held]}
    requires: {people: {count: 1}}
"""
STRICTER = POLICY.replace("labels: [held]", 'paths: ["*.txt"]')
ASK = "Ask for an approving review (somebody with write)"
VETO = "@quorum veto because it must not go out today"


@dataclass(frozen=True)
class Place:
    hall: Hall
    author: Intruder
    clone: Path

    def approved(self, name: str) -> int:
        return approved(self.author, name, {f"{name}.txt": f"{name}\n"})

    def start_from_main(self, name: str, files: dict[str, str | bytes]) -> tuple[int, str]:
        """A pull request on the base branch as it is now, with its head."""
        run_git(self.clone, "fetch", "--quiet", str(self.hall.repository.path), "main")
        head = self.author.push(name, files, "FETCH_HEAD")
        return self.author.open(name), head

    def hold_groups(self) -> None:
        """Quorum hears of no group until `release_groups`."""
        self.hall.control("hooks", {"hold": True, "events": "^merge_group$"})

    def release_groups(self) -> None:
        self.hall.control("hooks", {"release": 1})

    def enqueue(self, *numbers: int) -> None:
        for number in numbers:
            assert "errors" not in self.hall.mutate("enqueuePullRequest", number)

    def label(self, number: int, name: str) -> None:
        self.hall.mona.call("POST", f"{self.hall.repo}/issues/{number}/labels", {"labels": [name]})

    def until_state(self, number: int, state: str) -> None:
        self.hall.until(f"#{number} to be {state}", lambda: self.hall.state(number) == state)


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    home = tmp_path_factory.mktemp("queue")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QUORUM_DATA_DIR", str(home))
        with Hall(home) as theatre:
            theatre.set_up()
            author = Intruder(theatre, theatre.repository.full_name, home / "clone")
            theatre.put_policy(home / "clone", POLICY)
            theatre.require_queue()
            theatre.start()
            yield Place(theatre, author, home / "clone")


@pytest.fixture
def place(hall: Place) -> Iterator[Place]:
    """The queue is empty, and the policy the first one, whatever the test before left."""
    hall.hall.put_policy(hall.clone, POLICY + f"# {len(hall.hall.repository.issues)}\n")
    yield hall
    hall.hall.control("hooks", {})
    hall.hall.control("faults", {"faults": []})
    for number in hall.hall.groups():
        hall.hall.mutate("dequeuePullRequest", number)
    hall.hall.require_queue()


@pytest.mark.parametrize("method", ["MERGE", "SQUASH", "REBASE"])
def test_two_approved_members_are_merged(place: Place, method: str):
    place.hall.require_queue(merge_method=method)
    one, two = place.approved(f"one-{method}"), place.approved(f"two-{method}")
    place.hold_groups()
    place.enqueue(one, two)
    heads = place.hall.groups()
    place.release_groups()
    place.until_state(two, "merged")
    assert place.hall.state(one) == "merged"
    run = place.hall.group_ended(heads[one], one)
    assert (run["conclusion"], run["output"]["title"]) == ("success", f"Approved: #{one}")


def test_the_check_of_a_group_names_each_member(place: Place):
    one, two = place.approved("first"), place.approved("second")
    place.hold_groups()
    place.hall.require_queue("ci")
    ci_is_green(place, one, two)
    place.enqueue(one, two)
    head = place.hall.groups()[two]
    place.release_groups()
    run = place.hall.group_ended(head, two)
    assert (run["conclusion"], run["output"]["title"]) == ("success", f"Approved: #{one}, #{two}")
    assert f"| #{one} | approved |" in run["output"]["summary"]


def ci_is_green(place: Place, *numbers: int) -> None:
    for number in numbers:
        head = place.hall.mona.get(f"{place.hall.repo}/pulls/{number}")["head"]["sha"]
        place.hall.mona.call("POST", f"{place.hall.repo}/statuses/{head}", {"state": "success", "context": "ci"})


def test_a_member_that_is_not_approved_any_more_is_thrown_out_and_the_other_goes_on(place: Place):
    good, bad = place.approved("good"), place.approved("bad")
    place.hold_groups()
    place.enqueue(bad, good)
    heads = place.hall.groups()
    place.hall.mona.call("POST", f"{place.hall.repo}/issues/{bad}/comments", {"body": VETO})
    head = place.hall.mona.get(f"{place.hall.repo}/pulls/{bad}")["head"]["sha"]
    place.hall.until("the veto", lambda: place.hall.gate_of(head, bad, "gate")["conclusion"] == "failure")
    place.release_groups()
    place.until_state(good, "merged")
    run = place.hall.group_ended(heads[bad], bad)
    assert run["conclusion"] == "failure"
    assert run["output"]["title"].startswith(f"#{bad}: ")
    assert place.hall.state(bad) == "open"
    assert "bad.txt" not in place.hall.files()


def test_a_veto_closes_a_group_that_waits_for_other_checks(place: Place):
    number = place.approved("waits")
    place.hall.require_queue("ci")
    ci_is_green(place, number)
    place.enqueue(number)
    head = place.hall.groups()[number]
    assert place.hall.group_ended(head, number)["conclusion"] == "success"
    place.hall.mona.call("POST", f"{place.hall.repo}/issues/{number}/comments", {"body": VETO})
    place.hall.until("the group to be thrown out", lambda: place.hall.groups() == {})
    assert place.hall.gate_of(head, number)["conclusion"] == "failure"
    assert place.hall.state(number) == "open"


def test_a_label_that_no_event_told_of_counts_in_the_group(place: Place):
    number = place.approved("labelled")
    place.hall.control("hooks", {"lost": True, "events": "^pull_request$"})
    place.label(number, "held")
    place.hall.control("hooks", {})
    place.enqueue(number)
    place.hall.until("the group to be thrown out", lambda: place.hall.groups() == {})
    assert place.hall.state(number) == "open"


def test_a_policy_that_became_stricter_meanwhile_holds(place: Place):
    number = place.approved("stricter")
    place.hall.put_policy(place.clone, STRICTER)
    place.hold_groups()
    place.enqueue(number)
    head = place.hall.groups()[number]
    place.release_groups()
    assert place.hall.group_ended(head, number)["output"]["title"] == f"#{number}: {ASK}"
    assert place.hall.state(number) == "open"


def test_a_policy_that_a_member_ahead_brings_holds_for_those_behind(place: Place):
    ada = place.hall.person("ada")
    place.hall.repository.permissions["ada"] = "admin"
    stricter = {".github/quorum.yml": STRICTER}
    first, head = place.start_from_main("brings", stricter)
    assert place.author.conclusion(head, first) == "action_required"
    ada.call("POST", f"{place.hall.repo}/pulls/{first}/reviews", {"event": "APPROVE", "commit_id": head})
    place.hall.until("the gate", lambda: (place.hall.gate_of(head, first, "gate") or {}).get("conclusion") == "success")
    second = place.approved("behind")
    place.hall.require_queue("ci")
    ci_is_green(place, first, second)
    place.enqueue(first, second)
    heads = place.hall.groups()
    run = place.hall.group_ended(heads[second], second)
    assert place.hall.group_ended(heads[first], first)["conclusion"] == "success"
    assert run["conclusion"] == "failure"
    assert run["output"]["title"] == f"#{second}: {ASK}"
    assert "by the policy that a pull request ahead brings" in run["output"]["summary"]


def test_a_group_that_takes_away_the_work_of_others_is_closed(place: Place, monkeypatch: pytest.MonkeyPatch):
    """On 23 April 2026 GitHub built such groups, and merged them."""
    before = place.hall.files()
    number = place.approved("forgets")
    monkeypatch.setattr(merge_groups, "merge_commit", forgets_the_base)
    place.enqueue(number)
    place.hall.until("the group to be thrown out", lambda: place.hall.groups() == {})
    assert place.hall.state(number) == "open"
    assert place.hall.files() == before


async def forgets_the_base(repository: Any, issue: Any, _body: Any, base: str, env: Any) -> str:
    head = issue["pull"]["head_sha"]
    tree = (await git.run_git(repository.path, "rev-parse", f"{head}^{{tree}}")).strip()
    parents = ("-p", base, "-p", head)
    return (await git.run_git(repository.path, "commit-tree", tree, *parents, "-m", "Merge", env=env)).strip()


def test_a_group_that_is_destroyed_is_not_left_yellow(place: Place):
    number = place.approved("destroyed")
    unreadable = {"method": "GET", "path": "matching-refs", "status": 502, "times": None, "only_apps": True}
    place.hall.control("faults", {"faults": [unreadable]})
    place.enqueue(number)
    head = place.hall.groups()[number]
    place.hall.until("the gate to be announced", lambda: place.hall.gate_of(head, number))
    place.hall.mutate("dequeuePullRequest", number)
    assert place.hall.group_ended(head, number)["conclusion"] == "cancelled"
    assert place.hall.state(number) == "open"


def test_what_the_policy_merges_goes_into_the_queue(place: Place):
    number = place.approved("shipped")
    place.label(number, "ship")
    place.until_state(number, "merged")
    events = [each["event"] for each in place.hall.repository.issue_events if each["issue"] == number]
    assert "added_to_merge_queue" in events


def test_what_was_taken_out_of_the_queue_is_not_put_there_again(place: Place):
    number = place.approved("taken-out")
    place.hold_groups()
    place.label(number, "ship")
    place.hall.until("the queue", lambda: number in place.hall.groups())
    place.hall.mutate("dequeuePullRequest", number)
    place.label(number, "other")
    told = "SELECT 1 FROM audit WHERE action = 'automerge refused' AND detail LIKE '%taken out%'"
    place.hall.until("the refusal", lambda: place.hall.rows(told))
    assert place.hall.groups() == {}


def test_a_group_that_no_event_told_of_is_found_by_the_sweep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("QUORUM_DATA_DIR", str(tmp_path))
    with Hall(tmp_path, QUORUM_POLL_S="1") as theatre:
        theatre.set_up()
        author = Intruder(theatre, theatre.repository.full_name, tmp_path / "clone")
        theatre.put_policy(tmp_path / "clone", POLICY)
        theatre.require_queue()
        theatre.control("hooks", {"lost": True})
        theatre.start()
        number = approved(author, "quiet", {"quiet.txt": "quiet\n"})
        theatre.mutate("enqueuePullRequest", number)
        theatre.until("the merge", lambda: theatre.state(number) == "merged")
