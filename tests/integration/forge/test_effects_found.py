"""Each effect on GitHub: not found before, found as it was done after, and one thing however often it is done."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from app.emulator.state import User
from app.forge import check_effects, effects, merges
from app.forge.check_effects import CheckRun
from app.forge.effects import Effect
from app.forge.errors import RefusedError, UnknownOutcomeError
from app.forge.issues import close_issue, issue
from app.forge.permissions import CHECKS, PUBLISH, RESOLVE, TALK
from app.forge.replies import thread_reply
from app.forge.threads import resolve_thread
from app.policy.values import Sha
from tests.support.queues import queue_rules

QUEUE = queue_rules("ci")
NOTE = {"path": "a.txt", "start_line": 1, "end_line": 1, "annotation_level": "warning", "message": "hm"}


@dataclass
class Case:
    """An effect that is about to be done, and what GitHub shows of it."""

    effect: Effect
    shown: Callable[[], Any]


def a_reaction(at) -> Case:
    number = at.issue()
    return Case(
        effects.reaction(at.on(TALK), number, "eyes"),
        lambda: [each["content"] for each in at.call("GET", f"issues/{number}/reactions")],
    )


def a_comment(at) -> Case:
    number = at.issue()
    return Case(
        effects.comment(at.on(TALK), number, "progress-1", "On it."),
        lambda: [each["body"][-6:] for each in at.call("GET", f"issues/{number}/comments")],
    )


def an_edited_comment(at) -> Case:
    number = at.issue()
    at.repository.comments[number] = {
        "id": number,
        "issue": number,
        "body": "On it.",
        "user": at.stage.world.apps[at.stage.app_id].bot,
        "created_at": "2026-01-01T00:00:00Z",
        "updated_at": "2026-01-01T00:00:00Z",
    }
    return Case(
        effects.edit_comment(at.on(TALK), number, number, "progress-1", "Done."),
        lambda: [each["body"][-5:] for each in at.call("GET", f"issues/{number}/comments")],
    )


def a_check_run(at) -> Case:
    head = at.commit({"a.txt": b"checked\n"}, branch="checked")
    want = CheckRun(head, "quorum/gate", "7/gate", "long " * 100, "because", "failure", [NOTE] * 120)
    return Case(check_effects.check_run(at.on(CHECKS), want), lambda: check_runs(at, head))


def a_check_run_in_progress(at) -> Case:
    head = at.commit({"a.txt": b"checked\n"}, branch="checked")
    want = CheckRun(head, "quorum/security", "7/security", "Reviewing", "It goes on.")
    return Case(check_effects.check_run(at.on(CHECKS), want), lambda: check_runs(at, head))


def a_pull_request(at) -> Case:
    at.commit({"a.txt": b"changed\n"}, at.git("rev-parse", "main"), branch="quorum/issue-1-x")
    effect = effects.pull_request(at.on(PUBLISH), "quorum/issue-1-x", "main", "Mend it", "It is mended.")
    return Case(effect, lambda: [(each["title"], each["draft"]) for each in at.call("GET", "pulls")])


def a_rewritten_description(at) -> Case:
    pull = opened(at)
    at.call("PATCH", f"pulls/{pull['number']}", {"body": "As it was.\r\n\nRun 1\n\n### Neighbours"})
    effect = effects.rewrite_pull(at.on(PUBLISH), pull["number"], "As it was.\n\nRun 1", "As it is.\n\nRun 1", "Newer.")
    return Case(effect, lambda: at.call("GET", f"pulls/{pull['number']}")["body"])


def opened(at) -> Any:
    at.commit({"a.txt": b"changed\n"}, at.git("rev-parse", "main"), branch="mended")
    wanted = {"head": "mended", "base": "main", "title": "Mend it", "draft": True}
    return at.call("POST", "pulls", wanted)


def an_issue(at) -> Case:
    effect = issue(at.on(TALK), "protection-1", "It is gone", "Nothing requires it.", 2e9)
    return Case(effect, lambda: [(each["title"], each["body"][-8:]) for each in at.call("GET", "issues")])


def the_end_of_an_issue(at) -> Case:
    number = at.issue()
    return Case(close_issue(at.on(TALK), number), lambda: at.call("GET", f"issues/{number}")["state"])


def a_review(at) -> Case:
    pull = opened(at)
    remark = {"path": "a.txt", "line": 1, "side": "RIGHT", "body": "Why?"}
    effect = effects.review(at.on(TALK), pull["number"], pull["head"]["sha"], "review-1", "One finding.", [remark])
    return Case(effect, lambda: [each["state"] for each in at.call("GET", f"pulls/{pull['number']}/reviews")])


def a_resolved_thread(at) -> Case:
    pull = opened(at)
    remark = {"path": "a.txt", "line": 1, "body": "Why?", "commit_id": pull["head"]["sha"]}
    thread = at.repository.review_comments[at.call("POST", f"pulls/{pull['number']}/comments", remark)["id"]]
    effect = resolve_thread(at.on(RESOLVE), f"PRRT_{thread['id']}")
    return Case(effect, lambda: (thread.get("resolved_by") or User("nobody", 0)).login)


def a_reply_in_a_thread(at) -> Case:
    pull = opened(at)
    remark = {"path": "a.txt", "line": 1, "body": "Why?", "commit_id": pull["head"]["sha"]}
    place = f"pulls/{pull['number']}/comments"
    effect = thread_reply(at.on(TALK), pull["number"], at.call("POST", place, remark)["id"], "answer-1", "Mended.")
    return Case(effect, lambda: [each["body"][-7:] for each in at.call("GET", place) if "in_reply_to_id" in each])


def the_end_of_a_draft(at) -> Case:
    pull = opened(at)
    effect = effects.ready_for_review(at.on(PUBLISH), pull["number"], pull["node_id"])
    return Case(effect, lambda: at.call("GET", f"pulls/{pull['number']}")["draft"])


def check_runs(at, head) -> Any:
    runs = at.call("GET", f"commits/{head}/check-runs")["check_runs"]
    return [(run["external_id"], run["conclusion"], run["output"]["annotations_count"]) for run in runs]


def a_merge(at) -> Case:
    pull = ready(at)
    effect = merges.merge(at.on(PUBLISH), pull["number"], pull["head"]["sha"], "squash")
    return Case(effect, lambda: at.call("GET", f"pulls/{pull['number']}")["merged"])


def a_place_in_the_merge_queue(at) -> Case:
    """The group waits for a check, so that the place is kept."""
    at.repository.owner = User("acme", at.stage.world.next_id(), "Organization")
    pull = ready(at)
    at.call("POST", "rulesets", QUEUE)
    at.call("POST", f"statuses/{pull['head']['sha']}", {"state": "success", "context": "ci"})
    effect = merges.enqueue(at.on(PUBLISH), pull["number"], pull["node_id"], pull["head"]["sha"])
    return Case(effect, lambda: len(at.call("GET", "git/matching-refs/heads/gh-readonly-queue/")))


def ready(at) -> Any:
    at.commit({"a.txt": b"changed\n"}, at.git("rev-parse", "main"), branch="mended")
    return at.call("POST", "pulls", {"head": "mended", "base": "main", "title": "Mend it"})


CASES = [
    (a_reaction, ["eyes"]),
    (a_comment, ["On it."]),
    (an_edited_comment, ["Done."]),
    (a_check_run, [("7/gate", "failure", 120)]),
    (a_check_run_in_progress, [("7/security", None, 0)]),
    (a_pull_request, [("Mend it", True)]),
    (a_rewritten_description, "As it is.\n\nRun 1\n\n### Neighbours"),
    (an_issue, [("It is gone", "ires it.")]),
    (the_end_of_an_issue, "closed"),
    (a_review, ["COMMENTED"]),
    (a_resolved_thread, "quorum[bot]"),
    (a_reply_in_a_thread, ["Mended."]),
    (the_end_of_a_draft, False),
    (a_merge, True),
    (a_place_in_the_merge_queue, 1),
]
every_effect = pytest.mark.parametrize(("make", "shown"), CASES, ids=[make.__name__ for make, _ in CASES])


@every_effect
async def test_it_is_found_after_it_was_done_and_not_before(installed, make, shown):
    case = make(installed)
    assert await case.effect.find() is None
    receipt = await case.effect.do()
    assert await case.effect.find() == receipt
    assert case.shown() == shown


@every_effect
async def test_doing_it_again_leaves_one_thing(installed, make, shown):
    case = make(installed)
    assert await case.effect.do() == await case.effect.do()
    assert case.shown() == shown


@every_effect
async def test_an_answer_that_got_lost_after_the_effect_leaves_one_thing(installed, make, shown):
    """As a run goes on: look for it, and do it again when it is not all there."""
    case = make(installed)
    installed.bad_gateway(after=True)
    with pytest.raises(UnknownOutcomeError):
        await case.effect.do()
    receipt = await case.effect.find() or await case.effect.do()
    assert receipt == await case.effect.find()
    assert case.shown() == shown
    assert await case.effect.do() == receipt
    assert case.shown() == shown


@every_effect
async def test_what_never_reached_github_is_not_found(installed, make, shown):
    case = make(installed)
    installed.bad_gateway(after=False)
    with pytest.raises(UnknownOutcomeError):
        await case.effect.do()
    assert await case.effect.find() is None
    await case.effect.do()
    assert case.shown() == shown


async def test_a_branch_is_taken_back_once_and_again_does_no_harm(installed):
    installed.commit({"a.txt": b"gone\n"}, branch="quorum/gone")
    effect = effects.delete_branch(installed.on(PUBLISH), "quorum/gone")
    assert await effect.find() is None
    installed.bad_gateway(after=True)
    with pytest.raises(UnknownOutcomeError):
        await effect.do()
    assert await effect.find() == {"deleted": True}
    assert await effect.do() == {"deleted": False}
    assert "quorum/gone" not in installed.git("branch", "--list")


async def test_a_merge_at_a_head_that_is_not_there_any_more_is_refused(installed):
    pull = ready(installed)
    effect = merges.merge(installed.on(PUBLISH), pull["number"], Sha("0" * 40), "squash")
    with pytest.raises(RefusedError, match="Head branch was modified"):
        await effect.do()
    assert not installed.call("GET", f"pulls/{pull['number']}")["merged"]


async def test_what_waits_in_the_queue_at_another_head_is_not_found(installed):
    case = a_place_in_the_merge_queue(installed)
    await case.effect.do()
    pull = installed.call("GET", "pulls")[0]
    other = merges.enqueue(installed.on(PUBLISH), pull["number"], pull["node_id"], Sha("0" * 40))
    assert await other.find() is None
    with pytest.raises(RefusedError, match="Head branch was modified"):
        await other.do()


async def test_what_was_taken_out_of_the_queue_is_not_found(installed):
    case = a_place_in_the_merge_queue(installed)
    await case.effect.do()
    pull = installed.call("GET", "pulls")[0]
    query = 'mutation { dequeuePullRequest(input: {id: "ID"}) { clientMutationId } }'.replace("ID", pull["node_id"])
    installed.mona.call("POST", f"{installed.stage.github_url}/api/graphql", {"query": query})
    assert await case.effect.find() is None
