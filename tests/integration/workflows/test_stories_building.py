"""A writer that gets nowhere is told so, then begins afresh as somebody else, then leaves what there is to a person."""

import asyncio
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.llm.messages import Reply, Request
from app.sandbox.box import Limits, Result
from tests.support.house import DiedError, House
from tests.support.opinions import Opinions
from tests.support.places import QUICK, Place

Call = tuple[str, dict[str, Any]]
LOOK: Call = ("search", {"pattern": "nothing at all"})
ADD: Call = ("edit", {"path": "n.txt", "old": "", "new": "new\n"})
HALF: Call = ("edit", {"path": "half.txt", "old": "", "new": "half\n"})
HAND_IN: Call = ("submit", {"title": "Add the new thing", "summary": "The new thing is there now."})


class Hands(Opinions):
    """`plays`: what each role calls, turn by turn, the last for ever. `told`: the roles' tasks and newest requests."""

    def __init__(self, **plays: list[Call]) -> None:
        super().__init__()
        self.plays = {name.replace("_", "-"): calls for name, calls in plays.items()}
        self.told: list[Request] = []
        self.dies: tuple[str, int] | None = None
        """Once, when this role is asked with so many messages."""

    async def reply(self, request: Request) -> Reply:
        play = self.plays.get(request.role)
        if play is None:
            return await super().reply(request)
        self.told.append(request)
        if self.dies == (request.role, len(request.messages)):
            self.dies = None
            raise DiedError
        turn = sum(message.role == "assistant" for message in request.messages)
        return self._call(*play[min(turn, len(play) - 1)])

    def tasks_of(self, role: str) -> list[str]:
        return [repr(each.messages[0]) for each in self.told if each.role == role and len(each.messages) == 1]


class BareBox:
    """Runs commands of these tests in the tree, without isolation."""

    async def run(self, argv: Sequence[str], *, worktree: Path, limits: Limits, stdin: bytes = b"", **_: Any) -> Result:
        del limits
        options: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "check": False}
        done = await asyncio.to_thread(subprocess.run, argv, cwd=worktree, input=stdin, **options)
        return Result(done.returncode, done.stdout.decode())


def play(house: House, **plays: list[Call]) -> tuple[Hands, Place, int]:
    """Who does what, where, and on which issue."""
    house.installation.repository_ids.clear()
    model = Hands(**plays)
    house.services = replace(house.services, model=model, box=BareBox())
    place = Place(house, QUICK)
    number = int(place.call("ada", "POST", "issues", {"title": "Add a new thing", "body": "See `a.txt`."})["number"])
    place.call("ada", "POST", f"issues/{number}/labels", {"labels": ["quorum"]})
    return model, place, number


def pulls(place: Place) -> list[dict[str, Any]]:
    return [each for each in place.repository.issues.values() if each["pull"]]


def branches(place: Place) -> list[str]:
    return place.git("for-each-ref", "--format=%(refname:short)", "refs/heads/quorum").split()


def test_who_gets_nowhere_is_followed_by_another_who_knows_what_was_tried(house: House):
    model, place, _ = play(house, writer=[HALF, LOOK], writer_2=[ADD, HAND_IN, HAND_IN])
    house.settle()
    (first,), (second,) = model.tasks_of("writer"), model.tasks_of("writer-2")
    assert "a.txt" in first.partition("A map of the project")[2]
    assert second.startswith(first[:-30].partition("</untrusted")[0])
    assert "An earlier attempt at this got nowhere" in second
    assert "edited half.txt" in second
    assert "+half" in second, "its diff"
    (pull,) = pulls(place)
    head = place.git("rev-parse", "refs/heads/quorum/issue-1-add-a-new-thing")
    assert place.git("diff", "--name-only", place.main, head).split() == ["n.txt"]
    assert pull["state"] == "open"


def test_what_two_could_not_finish_is_left_on_a_branch_and_named(house: House):
    model, place, number = play(house, writer=[HALF, LOOK], writer_2=[LOOK])
    house.settle()
    assert len(model.tasks_of("writer-2")) == 1
    assert not pulls(place)
    (branch,) = branches(place)
    assert place.git("diff", "--name-only", place.main, branch).split() == ["half.txt"]
    (report,) = place.answers(number)
    assert "needs a person" in report
    assert branch in report
    assert "untested and unreviewed" in report


def test_a_worker_that_dies_in_the_second_attempt_goes_on_with_the_same_words(house: House):
    """The tree of the first attempt is not the second's, also when the second is taken up again from the journal."""
    model, place, _ = play(house, writer=[HALF, LOOK], writer_2=[ADD, LOOK, HAND_IN, HAND_IN])
    model.dies = ("writer-2", 3)
    with pytest.raises(BaseExceptionGroup) as died:
        house.settle()
    assert died.group_contains(DiedError)
    house.leases_end()
    house.settle()
    again = [each for each in model.told if each.role == "writer-2" and len(each.messages) == 3]
    assert len(again) == 2
    assert again[0] == again[1]
    assert len(pulls(place)) == 1
    head = place.git("rev-parse", "refs/heads/quorum/issue-1-add-a-new-thing")
    assert place.git("diff", "--name-only", place.main, head).split() == ["n.txt"]
