"""An issue is solved by commands that `quorum sandbox` carries out; one that ends in their midst costs time alone."""

from dataclasses import replace
from pathlib import Path

from app.sandbox.apart.client import SandboxClient
from tests.support.house import House
from tests.support.places import QUICK, Place
from tests.support.players import HAND_IN, Call, Players
from tests.support.sandboxes import SandboxProcess

TESTED = f"{QUICK}test: ls && cat n.txt\n"
LEFT: Call = ("bash", {"command": "cat n.txt; echo left >> n.txt; cat n.txt", "timeout_s": 700})


def test_an_issue_is_solved_though_the_sandbox_ends_in_the_midst(house: House, tmp_path: Path) -> None:
    house.installation.repository_ids.clear()
    sandbox = SandboxProcess(tmp_path)
    model = Players(writer=[("bash", {"command": "echo new > n.txt; test ! -e .git"}), LEFT, HAND_IN])
    house.services = replace(house.services, model=model, box=SandboxClient(sandbox.place), worktrees=sandbox.root)

    async def end() -> None:
        sandbox.kill()

    model.at["writer", 1] = end
    with sandbox:
        place = Place(house, TESTED)
        place.main = place.push("main", place.commit({"n.txt": "old\n"}, place.main), "mona")
        place.call("ada", "POST", "issues", {"title": "Add a thing"})
        place.call("ada", "POST", "issues/1/labels", {"labels": ["quorum"]})
        house.settle()
    assert house.rows("SELECT workflow FROM runs WHERE state = 'waiting'") == [("solve",)]
    assert not [each for each in place.repository.issues.values() if each["pull"]]

    with SandboxProcess(tmp_path):
        house.later()
    assert "new\\nnew\\nleft" in model.told("writer")[-1]
    (head,) = [each["pull"]["head_sha"] for each in place.repository.issues.values() if each["pull"]]
    assert place.git("show", f"{head}:n.txt").split() == ["new", "left"]
    assert not list(sandbox.root.glob("*/*")), "nothing is left lying about"
