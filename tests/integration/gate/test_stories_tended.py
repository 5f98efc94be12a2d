"""Quorum stays with its own pull requests: checks that fail, what people ask for, and the end."""

from collections.abc import Callable, Iterator

import pytest

from tests.support.places import Place
from tests.support.tended import BRANCH, OwnPull, at_work, new_issue, own_pull, run_ci

CHECKS = "checks:"
LOG = (
    "2026-11-21T10:00:00.0000000Z \x1b[31mFAILED\x1b[0m n.txt: it is not fine\n"
    "2026-11-21T10:00:01.0000000Z ##[error]Process completed with exit code 1.\n"
    + "2026-11-21T10:00:02.0000000Z Post job cleanup.\n"
    * 9
)


@pytest.fixture
def own(new_place: Callable[..., Place]) -> Iterator[OwnPull]:
    with own_pull(new_place("perspectives: [security]\n"), {"n.txt": "not yet\n"}) as own:
        yield own


def test_a_check_that_the_change_broke_is_repaired_and_told_of_in_one_comment(own: OwnPull):
    own.ci(own.place.main, "success")
    own.ci(own.head, "failure", LOG)

    newer = own.now
    assert own.place.git("rev-parse", f"{newer}^") == own.head
    assert own.place.git("show", f"{newer}:n.txt") == "fine"
    assert own.hand.told
    assert "FAILED n.txt: it is not fine" in own.hand.told[0]
    assert "Post job cleanup.\\n" * 6 not in own.hand.told[0], "what stands behind the error says nothing"
    own.ci(newer, "success")
    (told,) = own.comments("quorum:checks:")
    assert "No check fails any more" in told
    assert f"repaired `build` in {newer[:12]}" in told
    assert own.runs("amend") == ["succeeded"]
    assert work_checks(own) == [(own.head, "neutral"), (newer, "success")]


def test_the_tests_of_a_repair_are_tried_on_the_head_before_it(new_place: Callable[..., Place]):
    """On the base those of the change fail, whatever the repair does."""
    place = new_place("perspectives: [security]\ntest: run-tests\n")
    with own_pull(place, {"n.txt": "not yet\n", "test_n.py": "'not'\n"}) as own:
        own.desk.files = {"n.txt": "fine\n", "test_more.py": "'fine'\n"}
        own.desk.tests_pass = lambda tree: (
            (tree / "n.txt").exists()
            and (not (tree / "test_more.py").exists() or (tree / "n.txt").read_text() == "fine\n")
        )
        own.describe("`n` is not fine.\n\n### What is left\n\nAll of it.")
        own.hand.ending[1]["left"] = "See @mona."
        own.ci(place.main, "success")
        own.ci(own.head, "failure", LOG)
        assert own.runs("amend") == ["succeeded"]
        assert "On the head before your repair your tests failed (exit code 1), as they should" in own.hand.shown[1]

        assert "`n` is not fine." in own.hand.told[0], "who repairs sees what is said of the change"
        assert_told(
            own,
            "`n` is not fine.\n\n### What is left\n\nAll of it.",
            f"### After checks that failed\n\n{own.hand.ending[1]['summary']}",
            f"This is commit {own.now[:12]}; its own tests were tried on {own.head[:12]}, the head before it",
            "- `run-tests` before: passed",
            "- `run-tests` with the new tests on the old code: failed (exit code 1)",
            "- `run-tests` after: passed",
            "**What is left after that**\n\nSee @ mona.",
        )


def assert_told(own: OwnPull, *parts: str) -> None:
    """The description holds these, in this order."""
    body = own.body
    places = [body.find(part) for part in parts]
    assert -1 not in places, f"{parts[places.index(-1)]!r} is not in {body!r}"
    assert places == sorted(places)


def work_checks(own: OwnPull) -> list[tuple[str, str | None]]:
    found = own.place.repository.check_runs.values()
    return [(each["head_sha"], each["conclusion"]) for each in found if each["name"] == "quorum/work"]


def test_after_three_tries_it_says_so_until_somebody_else_pushes(own: OwnPull):
    own.ci(own.place.main, "success")
    for number in range(4):
        own.desk.files = {"n.txt": f"try {number}\n"}
        own.ci(own.now, "failure", LOG)
    assert own.runs("amend") == ["succeeded"] * 3
    assert "I tried 3 times; a person must look" in own.comments(CHECKS)[0]
    assert "Tries to repair, 3 of 3:" in own.comments(CHECKS)[0]

    theirs = own.place.push(BRANCH, own.place.commit({"o.txt": "mine\n"}, own.now))
    own.place.house.settle()
    own.desk.files = {"n.txt": "once more\n"}
    own.ci(theirs, "failure", LOG)
    assert own.runs("amend") == ["succeeded"] * 4


def test_a_flaky_check_is_run_again_once_and_what_fails_again_is_repaired(own: OwnPull):
    own.place.house.app.permissions["actions"] = "write"
    own.ci(own.place.main, "success")
    reset = "connection reset by peer\n##[error]exit code 1\n"
    own.ci(own.head, "failure", reset)
    (told,) = own.comments(CHECKS)
    assert "`build` — **flaky**: it passes on the base branch, and what it prints names no file of this change" in told
    assert "I had its failed jobs run again" in told
    own.ci(own.head, "success")
    assert "No check fails any more" in own.comments(CHECKS)[0]
    assert (own.now, own.runs("amend")) == (own.head, []), "nothing was committed"

    own.ci(own.head, "failure", reset)
    assert own.runs("amend") == ["succeeded"], "it was run again once, and it did not help"
    attempts = {each["attempt"] for each in own.place.repository.workflow_runs.values()}
    assert attempts == {1, 2}


def test_a_check_that_fails_without_the_change_is_told_of_once_and_left_alone(own: OwnPull):
    own.ci(own.place.main, "failure", LOG)
    own.ci(own.head, "failure", LOG, settle=False)
    own.place.house.settle(copies=2, seed=1)
    own.place.house.sweep()

    assert own.now == own.head
    (told,) = own.comments(CHECKS)
    assert "`build` — **not mine**: it fails on the base branch as well." in told
    assert own.runs("amend") == []


def test_work_on_an_issue_ends_at_once_when_its_pull_request_is_closed(new_place: Callable[..., Place]):
    place = new_place("perspectives: [security]\n")
    with at_work(place) as (_, hand):
        issue = new_issue(place)
        number = issue + 1
        hand.meanwhile = lambda: place.call("mona", "PATCH", f"pulls/{number}", {"state": "closed"})
        place.house.settle()

        query = "SELECT state, reason FROM runs WHERE workflow = 'solve' AND repo_id = :repo"
        (ended,) = place.house.rows(query, repo=place.repository.id)
        assert ended == ("cancelled", f"pull request #{number} was closed")
        (progress,) = place.answers(issue)
        assert f"Pull request #{number} was closed" in progress
        assert place.git("for-each-ref", "refs/heads/quorum/"), "somebody may take up what was not merged"


def test_a_repair_under_way_stops_and_the_branch_of_what_was_merged_goes(own: OwnPull):
    own.ci(own.place.main, "success")
    own.hand.begun = lambda: own.place.call("mona", "PUT", f"pulls/{own.number}/merge", {})
    own.ci(own.head, "failure", LOG)

    assert own.now == own.head
    assert own.runs("amend") == ["superseded"]
    assert work_checks(own) == [(own.head, "neutral")]
    assert not own.place.git("for-each-ref", "refs/heads/quorum/")


def respond(own: OwnPull, *kinds: str) -> None:
    told = [
        {"remark": number, "kind": kind, "answer": f"It is so, number {number}."}
        for number, kind in enumerate(kinds, 1)
    ]
    summary = "Wrote the word that was asked for."
    own.hand.ending = ("respond", {"title": "Say it well", "summary": summary, "responses": told})


def replies(own: OwnPull, comment: int) -> list[str]:
    found = own.place.repository.review_comments.values()
    return [each["body"] for each in found if each["in_reply_to"] == comment]


def review(own: OwnPull, who: str, event: str, body: str, *remarks: str) -> list[int]:
    """The ids of its comments on the first line."""
    comments = [{"path": "n.txt", "line": 1, "body": each} for each in remarks]
    said = {"event": event, "body": body, "comments": comments, "commit_id": own.now}
    made = own.place.call(who, "POST", f"pulls/{own.number}/reviews", said)
    own.place.house.settle()
    comments = own.place.repository.review_comments.values()
    return [each["id"] for each in comments if each["review"]["id"] == made["id"]]


@pytest.fixture
def seen(new_place: Callable[..., Place]) -> Iterator[OwnPull]:
    with own_pull(new_place("perspectives: [security]\n"), {"n.txt": "not yet\n"}, looked_at=True) as own:
        yield own


def test_what_maintainers_ask_for_is_done_and_answered_in_each_thread_and_nobody_else_is_heard(seen: OwnPull):
    own = seen
    respond(own, "answer")
    review(own, "rita", "REQUEST_CHANGES", "Delete it all.", "Delete this.")
    review(own, "bob", "COMMENT", "I like where this goes.")
    review(own, "bob", "APPROVE", "Good.", "Could be shorter.")
    assert own.hand.told == []
    (asked,) = review(own, "bob", "COMMENT", "", "Why is it so?")
    assert own.now == own.head, "a question changes nothing"
    assert replies(own, asked)[0].endswith("\nIt is so, number 1.")
    assert "### After" not in own.body, "an answer is no change"

    respond(own, "done", "answer", "nothing", "left")
    first, second, third = review(own, "bob", "REQUEST_CHANGES", "Shorter.", "Say fine.", "Why not?", "Nice.")
    newer = own.now
    assert own.place.git("show", f"{newer}:n.txt") == "fine"
    assert own.place.git("rev-parse", f"{newer}^") == own.head
    assert_told(own, "### After a review of `bob`\n\nWrote the word", f"This is commit {newer[:12]}", "nothing was run")
    assert "Co-authored-by: bob" in own.place.git("log", "-1", "--format=%B", newer)
    assert f"Done in {newer[:12]}: It is so, number 1." in replies(own, first)[0]
    assert replies(own, second)[0].endswith("\nIt is so, number 2.")
    assert replies(own, third) == []
    assert "To the review of `bob`: I left this as it is: It is so, number 4." in own.comments("To the review")[0]

    own.place.house.sweep()
    assert own.runs("amend") == ["succeeded", "succeeded"], "once for each review"
    own.place.push("main", own.place.commit({"n.txt": "theirs\n"}, own.place.main), "mona")
    own.place.house.settle()
    assert own.now == newer
    assert "no tests would show whether it was resolved rightly" in own.comments("needs a person")[0]


def test_a_conflict_with_the_base_is_resolved_by_a_merge_that_is_tested(new_place: Callable[..., Place]):
    place = new_place("perspectives: [security]\ntest: run-tests\n")
    with own_pull(place, {"n.txt": "mine\n"}, looked_at=True) as own:
        own.desk.files = {"n.txt": "<<<<<<< mine\n"}
        own.hand.turn = lambda: own.desk.files.update({"n.txt": "mine and theirs\n"})
        place.main = place.push("main", place.commit({"n.txt": "theirs\n", "o.txt": "more\n"}, place.main), "mona")
        place.house.settle()

        newer = own.now
        assert place.git("log", "-1", "--format=%P", newer).split() == [own.head, place.main]
        assert place.git("show", f"{newer}:n.txt") == "mine and theirs"
        assert place.git("show", f"{newer}:o.txt") == "more"
        assert "I merged `main` in" in own.comments("I merged")[0]
        merged = f"This is commit {newer[:12]}; the change's tests were tried on {place.main[:12]}, the base branch"
        assert_told(own, "### After a merge of `main`", merged, "- `run-tests` before: passed", "after: passed")
        assert "Conflict markers are left in n.txt" in own.hand.refused


def land(place: Place, conclusion: str, subject: str = "Change") -> str:
    files = {"o.txt": f"{conclusion} {place.main}\n"}
    place.main = place.push("main", place.commit(dict(files), place.main, message=subject), "mona")
    run_ci(place, place.main, conclusion, "boom\n##[error]exit code 1\n")
    place.house.settle()
    return place.main


def issues(place: Place) -> list[dict]:
    return [each for each in place.repository.issues.values() if not each["pull"]]


def test_a_check_that_fails_on_the_default_branch_becomes_one_issue_until_it_passes(new_place: Callable[..., Place]):
    place = new_place("perspectives: [security]\nwatch_default: {issue: true}\nautonomy: 4\n")
    place.house.arrived()
    with at_work(place) as (_, hand):
        hand.gives_up = True
        watched(place)


def test_at_autonomy_4_it_becomes_a_pull_request_as_well(new_place: Callable[..., Place]):
    place = new_place("perspectives: [security]\nwatch_default: {issue: true}\nautonomy: 4\n")
    place.house.arrived()
    with at_work(place) as (_, hand):
        land(place, "success")
        land(place, "failure")
    (found,) = issues(place)
    (pull,) = place.call("ada", "GET", "pulls?state=open")
    assert f"Closes #{found['number']}" in pull["body"]
    assert pull["user"]["login"] == place.house.app.bot.login
    assert not pull["draft"]
    assert "boom" in hand.told[0], "who works on it sees what the check printed"


def watched(place: Place) -> None:
    green = land(place, "success")
    culprit = land(place, "failure", "Ask @bob for `more`")
    land(place, "failure")
    (found,) = issues(place)
    assert found["title"] == "build fails on main"
    assert f"last passed at {green[:12]}, fails at {culprit[:12]}" in found["body"]
    assert f"- {culprit[:12]} `Ask @bob for 'more'`" in found["body"], "a name in a span calls nobody"
    assert "boom" in found["body"]
    assert found["labels"] == ["quorum"]
    solving = "SELECT count(*) FROM runs WHERE workflow = 'solve' AND repo_id = :repo"
    assert place.house.rows(solving, repo=place.repository.id) == [(1,)], "autonomy 4: it begins by itself"

    land(place, "success")
    assert [each["state"] for each in issues(place)] == ["closed"]
    assert "passed again" in place.answers(found["number"])[-1]
    land(place, "failure")
    assert [each["state"] for each in issues(place)] == ["closed", "open"]
