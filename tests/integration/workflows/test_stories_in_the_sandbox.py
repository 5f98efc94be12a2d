"""Commands and tests that do not end, or print without end, in the real sandbox: the work goes on, or says why not."""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from app.sandbox.box import Limits, Result
from app.sandbox.bubblewrap import Bubblewrap
from tests.support.house import House
from tests.support.places import QUICK, Place
from tests.support.players import ADD, HAND_IN, Call, Players

HANGS = f"{QUICK}test: test ! -e hang.txt || sleep 999\n"


class Impatient(Bubblewrap):
    """Gives a test command that hangs a second in the place of ten minutes, and one that hangs later time to begin."""

    async def run(self, argv: Sequence[str], *, worktree: Path, limits: Limits, **more: Any) -> Result:
        if "test ! -e hang.txt" in argv[-1] and (worktree / "hang.txt").exists():
            limits = replace(limits, wall_s=1.0)
        result = await super().run(argv, worktree=worktree, limits=limits, **more)
        while "echo installing" in argv[-1] and not result.output:
            limits = replace(limits, wall_s=2 * limits.wall_s)
            result = await super().run(argv, worktree=worktree, limits=limits, **more)
        return result


def begin(house: House, policy: str, *calls: Call, **files: str) -> tuple[Players, Place]:
    house.installation.repository_ids.clear()
    model = Players(writer=list(calls))
    house.services = replace(house.services, model=model, box=Impatient())
    place = Place(house, policy)
    if files:
        texts = {f"{name}.txt": text for name, text in files.items()}
        place.main = place.push("main", place.commit({**texts}, place.main), "mona")
    place.call("ada", "POST", "issues", {"title": "Add a thing"})
    place.call("ada", "POST", "issues/1/labels", {"labels": ["quorum"]})
    house.settle()
    return model, place


def heads(place: Place) -> list[str]:
    return [each["pull"]["head_sha"] for each in place.repository.issues.values() if each["pull"]]


def test_a_setup_that_hangs_and_output_without_end_are_ended_and_the_writer_goes_on(house: House):
    """And tests that the change keeps from ending are not handed in; without that they pass."""
    hang: Call = ("edit", {"path": "hang.txt", "old": "", "new": "for ever\n"})
    model, place = begin(
        house,
        HANGS,
        ("bash", {"command": "echo installing; sleep 999", "timeout_s": 1}),
        ("bash", {"command": "yes"}),
        ADD,
        hang,
        HAND_IN,
        ("bash", {"command": "rm hang.txt"}),
        HAND_IN,
        HAND_IN,
    )
    told = model.told("writer")
    assert "installing" in told[1]
    assert re.search(r"\[ended: timeout after \d+ s\]", told[1])
    assert "[ended: output after" in told[2]
    assert len(told[2]) < 100_000
    assert re.search(r"did not end by itself \(timeout after \d+ s\); nothing is handed in until they pass", told[5])
    (head,) = heads(place)
    assert place.git("diff", "--name-only", place.main, head).split() == ["n.txt"]


def test_tests_that_never_end_on_the_code_as_it_is_are_told_before_anything_is_written(house: House):
    model, place = begin(house, HANGS, ADD, HAND_IN, HAND_IN, hang="it was there\n")
    assert model.requests == []
    (report,) = place.answers(1)
    assert "The policy's test command" in report
    assert "cannot be run on the code as it is" in report
    assert "ends within ten minutes" in report
    assert heads(place) == []
