"""*Fix it* on pull requests of people: what is offered, once, and what becomes of the offer."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.emulator.faults import Fault
from app.llm.messages import Reply, Request
from app.sandbox.box import Result
from app.workflows.remedy_bounds import out_of_bounds
from tests.support.opinions import Opinions
from tests.support.places import Place

EVIL = "EVIL testing\n"
MENDED = {"n.txt": "fine\n"}


class Repairing(Opinions):
    """Who is asked to repair runs one command and hands in."""

    async def reply(self, request: Request) -> Reply:
        if request.role != "repairer":
            return await super().reply(request)
        self.asked.append(request.role)
        if self.meanwhile is not None:
            happens, self.meanwhile = self.meanwhile, None
            happens()
        if len(request.messages) == 1:
            return self._call("bash", {"command": "repair"})
        return self._call("submit", {"title": "Say nothing evil", "summary": "The evil line is a fine one, @bob."})


class Desk:
    """In the place of a sandbox: whatever is to be run, these files are written."""

    def __init__(self, files: dict[str, str]) -> None:
        self.files = files

    async def run(self, _argv: Any, *, worktree: Path, **_: Any) -> Result:
        for path, text in self.files.items():
            (worktree / path).parent.mkdir(parents=True, exist_ok=True)
            (worktree / path).write_text(text)
        return Result(0, "")


@pytest.fixture
def desk(place: Place) -> Iterator[Desk]:
    house, desk = place.house, Desk(dict(MENDED))
    whole, house.services = house.services, replace(house.services, box=desk, model=Repairing())
    yield desk
    house.services = whole


def check_of(place: Place, head: str) -> dict[str, Any]:
    runs = place.repository.check_runs.values()
    return next(each for each in runs if (each["head_sha"], each["name"]) == (head, "quorum/testing"))


def press(place: Place, who: str, head: str) -> None:
    click = {"login": who, "repository": place.repository.full_name, "check_run": check_of(place, head)["id"]}
    place.house.person("mona").call(
        "PUT", f"{place.house.stage.github_url}/_emulator/clicks", {**click, "action": "fix"}
    )
    place.house.settle()


def runs(place: Place, workflow: str) -> list[tuple[int, str]]:
    query = "SELECT number, state FROM runs WHERE repo_id = :repo AND workflow = :workflow ORDER BY created_at"
    return place.house.rows(query, repo=place.repository.id, workflow=workflow)


def branches(place: Place) -> set[str]:
    return set(place.git("for-each-ref", "--format=%(refname:short)", "refs/heads/quorum/").split())


def test_a_repair_is_offered_as_a_pull_request_into_the_branch_and_goes_with_it(place: Place, desk: Desk):
    head, number = place.pull({"n.txt": EVIL})
    assert [each["identifier"] for each in check_of(place, head)["actions"]] == ["fix", "explain"]
    press(place, "rita", head)
    assert "needs write permission" in place.answers(number)[-1]
    place.house.faults(Fault("POST", r"/pulls$", status=502, after=True, only_apps=True))
    press(place, "bob", head)

    offered = place.call("ada", "GET", f"pulls/{number + 1}")
    branch = f"quorum/fix-{number}-{head[:7]}"
    assert (offered["head"]["ref"], offered["base"]["ref"]) == (branch, "topic")
    assert offered["draft"] is False
    assert "@bob" not in offered["body"], "nobody is called by what an agent wrote"
    newer = offered["head"]["sha"]
    assert (place.git("rev-parse", f"{newer}^"), place.git("show", f"{newer}:n.txt")) == (head, "fine")
    assert place.git("rev-parse", "topic") == head, "nothing is pushed into the branch of a person"
    assert f"#{number + 1} repairs what blocks {head[:12]} (testing)" in place.answers(number)[-1]

    assert runs(place, "review")[-1] == (number + 1, "cancelled")
    assert f"goes into the branch of #{number} and is read there" in place.gate(newer).summary
    asked = list(place.house.services.model.asked)
    press(place, "ada", head)
    assert f"I offered a repair of what blocks {head[:12]} before: #{number + 1}." in place.answers(number)[-1]
    place.house.sweep()
    assert place.house.services.model.asked == asked, "nobody reads the offer by itself"
    assert runs(place, "remedy") == [(number, "succeeded")]

    place.call("ada", "PATCH", f"pulls/{number}", {"state": "closed"})
    place.house.settle()
    assert place.call("ada", "GET", f"pulls/{number + 1}")["state"] == "closed"
    assert branches(place) == set()


def test_what_somebody_pushed_to_is_not_closed_and_a_new_base_has_it_read(place: Place, desk: Desk):
    head, number = place.pull({"n.txt": EVIL})
    press(place, "bob", head)
    branch = f"quorum/fix-{number}-{head[:7]}"
    theirs = place.push(branch, place.commit({"m.txt": "more\n"}, place.git("rev-parse", branch)))
    place.house.settle()
    place.call("ada", "PATCH", f"pulls/{number}", {"state": "closed"})
    place.house.settle()
    assert place.call("ada", "GET", f"pulls/{number + 1}")["state"] == "open"
    assert place.git("rev-parse", branch) == theirs

    place.call("ada", "PATCH", f"pulls/{number + 1}", {"base": "main"})
    place.house.settle()
    assert check_of(place, theirs)["conclusion"] == "success"


def test_to_a_fork_the_repair_is_a_patch_that_applies(place: Place, desk: Desk, tmp_path: Path):
    desk.files |= {"seen.txt": "a\N{RIGHT-TO-LEFT OVERRIDE}b\n"}
    head = place.push("topic", place.commit({"n.txt": EVIL}, place.main))
    number = place.open("topic")
    place.repository.issues[number]["pull"]["fork_gone"] = True
    place.house.settle()
    press(place, "bob", head)

    told = place.answers(number)[-1]
    assert branches(place) == set()
    assert "- `seen.txt`: it has characters that no page shows" in told
    patch = told.split("```diff\n")[1].split("```\n")[0]
    place.git("worktree", "add", "--detach", str(tmp_path / "clone"), head)
    place.git("-C", str(tmp_path / "clone"), "apply", "--index", "-", stdin=patch.encode())
    assert (tmp_path / "clone" / "n.txt").read_text() == "fine\n"
    press(place, "bob", head)
    assert "before: the comment with the patch above" in place.answers(number)[-1]


@pytest.mark.parametrize("path", [".github/workflows/ci.yml", ".github/quorum.yml", "docs/CODEOWNERS", "AGENTS.md"])
def test_what_governs_the_project_is_never_part_of_a_repair(path: str):
    added = f"diff --git a/{path} b/{path}\nnew file mode 100644\n--- /dev/null\n+++ b/{path}\n@@ -0,0 +1 @@\n+x\n"
    assert out_of_bounds(added.encode())


def test_a_repair_of_what_was_closed_meanwhile_is_not_offered(place: Place, desk: Desk):
    head, number = place.pull({"n.txt": EVIL})

    def close() -> None:
        place.call("ada", "PATCH", f"pulls/{number}", {"state": "closed"})

    place.house.services.model.meanwhile = close  # and the event comes only after the run
    press(place, "bob", head)
    assert runs(place, "remedy") == [(number, "superseded")]
    assert branches(place) == set()
    assert number + 1 not in place.repository.issues


def test_a_repair_that_comes_to_nothing_is_told_and_nothing_is_pushed(place: Place, desk: Desk):
    desk.files = {".github/workflows/ci.yml": "on: push\n"}
    head, number = place.pull({"n.txt": EVIL})
    press(place, "bob", head)
    told = place.answers(number)[-1]
    assert runs(place, "remedy") == [(number, "failed")]
    assert "Repair it yourself, or press *Fix it* again." in told
    assert branches(place) == set()
