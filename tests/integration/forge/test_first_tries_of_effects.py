"""What a first try asks of GitHub: to do it, and nothing else; what may be there is looked for first."""

import pytest

from app.forge import check_effects, effects
from app.forge.check_effects import CheckRun
from app.forge.effects import Effect
from app.forge.permissions import CHECKS, TALK
from app.forge.standing import standing_comment

NOTE = {"path": "a.txt", "start_line": 1, "end_line": 1, "annotation_level": "warning", "message": "hm"}


def asked(at, since: int) -> list[str]:
    """Methods of the requests about the repository."""
    return [method for method, path, _ in at.stage.requests()[since:] if f"/repositories/{at.repo.id}/" in path]


async def begin(at, effect: Effect) -> list[str]:
    """The first try, and what it asked; doing it once more leaves one thing."""
    since = len(at.stage.requests())
    assert effect.first is not None
    receipt = await effect.first()
    told = asked(at, since)
    assert receipt == await effect.find() == await effect.do()
    return told


def bodies(at, number) -> list[str]:
    return [each["body"].partition("\n")[2] for each in at.call("GET", f"issues/{number}/comments")]


async def test_a_new_check_run_with_many_annotations(installed):
    head = installed.commit({"a.txt": b"checked\n"}, branch="checked")
    want = CheckRun(head, "q/x", "7/x", "No", "because", "failure", [NOTE] * 120)
    assert await begin(installed, check_effects.check_run(installed.on(CHECKS), want, new=True)) == [
        "POST",
        "PATCH",
        "PATCH",
    ]
    (run,) = installed.call("GET", f"commits/{head}/check-runs")["check_runs"]
    assert run["output"]["annotations_count"] == 120


async def test_a_check_run_that_may_be_there_is_always_looked_for(installed):
    head = installed.commit({"a.txt": b"checked\n"}, branch="checked")
    assert check_effects.check_run(installed.on(CHECKS), CheckRun(head, "q/x", "7/x", "No", "because")).first is None


async def test_a_new_review(installed):
    installed.commit({"a.txt": b"changed\n"}, installed.git("rev-parse", "main"), branch="mended")
    pull = installed.call("POST", "pulls", {"head": "mended", "base": "main", "title": "Mend it"})
    effect = effects.review(installed.on(TALK), pull["number"], pull["head"]["sha"], "review-1", "One.", [])
    assert await begin(installed, effect) == ["POST"]
    assert len(installed.call("GET", f"pulls/{pull['number']}/reviews")) == 1


def standing(at, number: int, body: str, known: int | None = None, *, none_yet: bool = False) -> Effect:
    return standing_comment(at.on(TALK), number, "summary", body, known=known, none_yet=none_yet)


async def test_a_comment_that_stands_is_written_and_edited_by_its_id(installed):
    number = installed.issue()
    assert await begin(installed, standing(installed, number, "One.", none_yet=True)) == ["POST"]
    known = next(iter(installed.repository.comments))
    assert await begin(installed, standing(installed, number, "Two.", known)) == ["PATCH"]
    assert bodies(installed, number) == ["Two."]


async def test_one_that_somebody_deleted_is_written_again(installed):
    number = installed.issue()
    known = (await standing(installed, number, "One.", none_yet=True).do())["id"]
    del installed.repository.comments[known]
    assert await begin(installed, standing(installed, number, "Two.", known)) == ["PATCH", "GET", "POST"]
    assert bodies(installed, number) == ["Two."]


@pytest.mark.parametrize("there", [True, False])
async def test_one_that_may_be_there_is_looked_for(installed, there: bool):
    number = installed.issue()
    if there:
        await standing(installed, number, "One.", none_yet=True).do()
    told = await begin(installed, standing(installed, number, "Two."))
    assert told == ["GET", "PATCH" if there else "POST"]
    assert bodies(installed, number) == ["Two."]
