"""What merges by itself is what was reviewed: a push in between does not ride along, whoever it is that merges."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.support.intruders import Intruder
from tests.support.queues import GATE, Hall, approved

pytestmark = pytest.mark.long

POLICY = """\
perspectives: [security]
automerge: {method: squash, applies_to: {labels: [ship]}}
"""
MERGE = r"/pulls/\d+/merge$"


@dataclass(frozen=True)
class Place:
    hall: Hall
    author: Intruder

    def unheard_push(self, branch: str, files: dict[str, str | bytes]) -> str:
        self.hall.control("hooks", {"lost": True})
        head = self.author.push(branch, files)
        self.hall.control("hooks", {})
        return head

    def report(self, head: str, conclusion: str) -> None:
        """A check of Quorum's own that arrives late."""
        installation = next(iter(self.hall.world.installations.values()))
        token, _ = self.hall.world.mint(installation, {"checks": "write"}, list(installation.repository_ids))
        app = self.hall.person("app")
        app._client.headers["Authorization"] = f"Bearer {token}"
        app.call("POST", f"{self.hall.repo}/check-runs", {"name": GATE, "head_sha": head, "conclusion": conclusion})

    def faults(self, *faults: dict) -> None:
        self.hall.control("faults", {"faults": list(faults)})

    def label(self, number: int) -> None:
        self.hall.mona.call("POST", f"{self.hall.repo}/issues/{number}/labels", {"labels": ["ship"]})

    def until_merged(self, number: int) -> None:
        self.hall.until(f"#{number} to be merged", lambda: self.hall.state(number) == "merged")

    def audited(self, number: int, action: str) -> int:
        subject = f"{self.hall.repository.full_name}#{number}"
        return self.hall.rows("SELECT action, subject FROM audit").count((action, subject))


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    home = tmp_path_factory.mktemp("alone")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QUORUM_DATA_DIR", str(home))
        with Hall(home) as theatre:
            theatre.set_up()
            author = Intruder(theatre, theatre.repository.full_name, home / "clone")
            theatre.put_policy(home / "clone", POLICY)
            theatre.repository.allow_auto_merge = True
            theatre.start()
            yield Place(theatre, author)


@pytest.fixture
def place(hall: Place) -> Iterator[Place]:
    yield hall
    hall.hall.control("hooks", {})
    hall.faults()


def test_githubs_auto_merge_does_not_take_a_push_along_that_came_before_the_gate_turned_green(place: Place):
    place.hall.control("hooks", {"lost": True})
    first = place.author.push("native", {"native.txt": "good\n"})
    number = place.author.open("native")
    assert "errors" not in place.hall.mutate("enablePullRequestAutoMerge", number)
    place.hall.control("hooks", {})
    head = place.author.push("native", {"tally/evil.py": "EVIL = 1\n"})
    place.report(first, "success")
    assert place.author.conclusion(head, number) == "failure"
    assert place.hall.state(number) == "open"
    place.author.push("native", {"native.txt": "mended\n"})
    place.until_merged(number)


def test_our_own_merge_does_not_take_a_push_along_that_came_while_github_did_not_answer(place: Place):
    number = approved(place.author, "ours", {"ours.txt": "good\n"})
    place.faults({"method": "PUT", "path": MERGE, "status": 502, "times": None})
    place.label(number)
    trouble = "SELECT number FROM runs WHERE trouble_at IS NOT NULL"
    place.hall.until("the merge to be tried in vain", lambda: (number,) in place.hall.rows(trouble))
    head = place.unheard_push("ours", {"tally/evil.py": "EVIL = 1\n"})
    place.faults()
    at_rest = "SELECT 1 FROM runs WHERE finished_at IS NULL"
    place.hall.until("everything to come to rest", lambda: not place.hall.rows(at_rest))
    assert place.hall.state(number) == "open"
    head = place.author.reword("ours")
    assert place.author.conclusion(head, number) == "failure"
    assert place.hall.state(number) == "open"
    place.author.push("ours", {"ours.txt": "mended\n"})
    place.until_merged(number)
    place.hall.until("the audit log to tell", lambda: place.audited(number, "automerged") == 1)


def test_a_merge_that_was_done_and_not_answered_is_found_and_not_done_again(place: Place):
    number = approved(place.author, "unanswered", {"unanswered.txt": "x\n"})
    place.faults({"method": "PUT", "path": MERGE, "status": 502, "after": True})
    place.label(number)
    place.until_merged(number)
    place.hall.until("the audit log to tell", lambda: place.audited(number, "automerged"))
    asked = [each for each in place.hall.requests() if each[0] == "PUT" and each[1].endswith(f"/pulls/{number}/merge")]
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("branch", "status", "message"),
    [
        ("moved-base", 405, "Base branch was modified. Review and try the merge again."),
        ("moved-head", 409, "Head branch was modified. Review and try the merge again."),
    ],
)
def test_a_merge_that_something_moved_under_is_looked_at_again(place: Place, branch: str, status: int, message: str):
    number = approved(place.author, branch, {f"{branch}.txt": "x\n"})
    place.faults({"method": "PUT", "path": MERGE, "status": status, "message": message})
    place.label(number)
    place.until_merged(number)


def test_a_draft_is_left_alone(place: Place):
    head = place.author.push("draft", {"draft.txt": "x\n"})
    body = {"head": "draft", "base": "main", "title": "Not yet", "draft": True}
    number = place.hall.mona.call("POST", f"{place.hall.repo}/pulls", body)["number"]
    place.label(number)
    assert place.author.conclusion(head, number) == "success"
    assert place.hall.state(number) == "open"
    asked = [each for each in place.hall.requests() if each[1].endswith(f"/pulls/{number}/merge")]
    assert asked == []
