"""What effects leave alone, and what they are not misled by."""

from dataclasses import replace

import pytest

from app.forge import check_effects, effects
from app.forge.check_effects import CheckRun
from app.forge.errors import RefusedError
from app.forge.permissions import CHECKS, PUBLISH, TALK

NOTE = {"path": "a.txt", "start_line": 1, "end_line": 1, "annotation_level": "warning", "message": "hm"}


def bodies(at, number):
    return [each["body"] for each in at.call("GET", f"issues/{number}/comments")]


async def test_a_marker_that_somebody_else_planted_is_not_taken_for_ours(installed):
    number, gh = installed.issue(), installed.on(TALK)
    planted = installed.call("POST", f"issues/{number}/comments", {"body": effects.marker_of(gh, number, "reply-1")})
    effect = effects.comment(gh, number, "reply-1", "Ours.")
    assert await effect.find() is None
    receipt = await effect.do()
    assert receipt == await effect.find() != {"id": planted["id"]}


async def test_a_marker_holds_for_one_repository_one_number_and_one_key(installed):
    gh = installed.on(TALK)
    other = installed.forge.on(replace(installed.repo, id=1), TALK)
    made = [effects.marker_of(*each) for each in ((gh, 1, "a"), (gh, 2, "a"), (gh, 1, "b"), (other, 1, "a"))]
    assert len({marker.rsplit(":", 1)[1] for marker in made}) == 4


async def test_what_is_no_draft_is_not_ended_again(installed):
    """GitHub refuses that; it must not be asked."""
    installed.commit({"a.txt": b"changed\n"}, installed.git("rev-parse", "main"), branch="mended")
    pull = installed.call("POST", "pulls", {"head": "mended", "base": "main", "title": "Mend it", "draft": False})
    installed.faults({"method": "POST", "path": "/graphql$", "status": 422, "times": None})
    effect = effects.ready_for_review(installed.on(PUBLISH), pull["number"], pull["node_id"])
    assert await effect.do() == {"number": pull["number"]}


@pytest.mark.parametrize("old", ["As it was.", ""])
async def test_a_description_that_people_changed_is_added_to_once(installed, old):
    installed.commit({"a.txt": b"changed\n"}, installed.git("rev-parse", "main"), branch="mended")
    wanted = {"head": "mended", "base": "main", "title": "Mend it", "body": "As Mona says."}
    number = installed.call("POST", "pulls", wanted)["number"]
    effect = effects.rewrite_pull(installed.on(PUBLISH), number, old, "As it is.", "Newer.")
    assert await effect.find() is None
    assert await effect.do() == await effect.find() == await effect.do()
    assert installed.call("GET", f"pulls/{number}")["body"] == "As Mona says.\n\nNewer."


async def test_a_title_is_cut_to_what_github_shows_and_found_again(installed):
    head = installed.commit({"a.txt": b"checked\n"}, branch="checked")
    effect = check_effects.check_run(installed.on(CHECKS), CheckRun(head, "q/x", "7/x", "long " * 100, "because"))
    assert await effect.do() == await effect.find()
    run = installed.call("GET", f"commits/{head}/check-runs")["check_runs"][0]
    assert len(run["output"]["title"]) == 250


async def test_a_comment_of_another_key_is_another_comment(installed):
    number = installed.issue()
    for key in ("reply-1", "reply-2"):
        await effects.comment(installed.on(TALK), number, key, key).do()
    assert len(bodies(installed, number)) == 2


async def test_a_comment_that_somebody_deleted_stays_deleted(installed):
    number = installed.issue()
    identity = (await effects.comment(installed.on(TALK), number, "progress", "On it.").do())["id"]
    del installed.repository.comments[identity]
    edit = effects.edit_comment(installed.on(TALK), number, identity, "progress", "Done.")
    assert await edit.do() == await edit.find() == {"id": identity}
    assert bodies(installed, number) == []


async def test_a_check_run_is_completed_in_place(installed):
    head = installed.commit({"a.txt": b"checked\n"}, branch="checked")
    gh = installed.on(CHECKS)
    begun = await check_effects.check_run(gh, CheckRun(head, "q/x", "7/x", "Reviewing", "It goes on.")).do()
    ended = check_effects.check_run(gh, CheckRun(head, "q/x", "7/x", "Approved", "Fine.", "success", [NOTE]))
    assert await ended.find() is None
    assert await ended.do() == begun == await ended.find()


@pytest.mark.parametrize(
    "other",
    [
        CheckRun("", "q/x", "7/x", "Blocked", "Fine.", "success", [NOTE]),
        CheckRun("", "q/x", "7/x", "Approved", "Not so fine.", "success", [NOTE]),
        CheckRun("", "q/x", "7/x", "Approved", "Fine.", "failure", [NOTE]),
        CheckRun("", "q/x", "7/x", "Approved", "Fine.", "success", [NOTE, NOTE]),
        CheckRun("", "q/x", "8/x", "Approved", "Fine.", "success", [NOTE]),
        CheckRun("", "q/y", "7/x", "Approved", "Fine.", "success", [NOTE]),
    ],
    ids=["title", "summary", "conclusion", "annotations", "external id", "name"],
)
async def test_a_check_run_that_says_something_else_is_not_found(installed, other):
    head = installed.commit({"a.txt": b"checked\n"}, branch="checked")
    gh = installed.on(CHECKS)
    await check_effects.check_run(gh, CheckRun(head, "q/x", "7/x", "Approved", "Fine.", "success", [NOTE])).do()
    words = {key: value for key, value in vars(other).items() if key != "head_sha"}
    assert await check_effects.check_run(gh, CheckRun(head_sha=head, **words)).find() is None


async def test_a_pull_request_that_is_refused_for_another_reason_stays_refused(installed):
    effect = effects.pull_request(installed.on(PUBLISH), "no-such-branch", "main", "Mend it", "")
    with pytest.raises(RefusedError) as caught:
        await effect.do()
    assert caught.value.status == 422


async def test_a_text_that_is_too_long_is_cut_and_found_again(installed):
    number = installed.issue()
    effect = effects.comment(installed.on(TALK), number, "long", "word\n" * 20_000)
    assert await effect.do() == await effect.find()
    assert "cut here" in bodies(installed, number)[0]
