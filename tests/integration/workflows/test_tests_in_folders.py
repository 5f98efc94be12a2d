"""A repository whose tests lie in a folder that is a project of its own: they are found, run, and told of."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from app.sandbox.box import Result
from tests.support.house import House
from tests.support.places import Place
from tests.support.players import HAND_IN, Call, OpenBox, Players

PROJECT = {"api/Makefile": "test:\n\t./run\n", "api/half.txt": "2\n", "web/package.json": "{}", "README.md": "Hi\n"}
COMMAND = "cd api && make test"
MEND: Call = ("edit", {"path": "api/half.txt", "old": "2", "new": "1.5"})
PROVE: Call = ("edit", {"path": "api/tests/half.txt", "old": "", "new": "1.5\n"})


class ApiBox(OpenBox):
    """Where the folder's tests say that there is half of three, and nothing else runs any."""

    async def run(self, argv: Sequence[str], *, worktree: Path, **more: Any) -> Result:
        if list(argv) != ["sh", "-c", COMMAND]:
            return await super().run(argv, worktree=worktree, **more)
        wanted, there = worktree / "api/tests/half.txt", worktree / "api/half.txt"
        fine = not wanted.exists() or wanted.read_text() == there.read_text()
        return Result(0, "9 passed") if fine else Result(1, "1 failed, 8 passed")


def test_they_are_found_and_run_in_the_folder(house: House):
    house.installation.repository_ids.clear()
    model = Players(writer=[MEND, PROVE, HAND_IN, HAND_IN])
    house.services = replace(house.services, model=model, box=ApiBox())
    place = Place(house, "perspectives: [security]\n")
    place.main = place.push("main", place.commit(dict(PROJECT), place.main), "mona")
    issue = int(place.call("ada", "POST", "issues", {"title": "Half of three", "body": "It is 1.5."})["number"])
    place.call("ada", "POST", f"issues/{issue}/labels", {"labels": ["quorum"]})
    house.settle()

    (pull,) = [each for each in place.repository.issues.values() if each["pull"]]
    assert f"- `{COMMAND}` before: passed" in pull["body"]
    assert f"- `{COMMAND}` with the new tests on the old code: failed" in pull["body"]
    assert f"- `{COMMAND}` after: passed" in pull["body"]
    assert "found out (in 'api' 'Makefile' has the target 'test')" in pull["body"].replace("`", "'")
    assert f"The test command is `{COMMAND}`" in model.told("writer")[0]
