"""Reviews: where comments may stand, who may say what, and what is told."""

import pytest

LINES = "".join(f"line {number}\n" for number in range(1, 21))
CHANGED = LINES.replace("line 10\n", "line ten\n")


@pytest.fixture
def pull(stage) -> int:
    """Line 10 of 20 is changed; the hunk goes from 7 to 13."""
    stage.commit("notes.txt", LINES)
    assert stage.push(stage.person).returncode == 0
    stage.commit("notes.txt", CHANGED, "topic")
    assert stage.push(stage.person, "topic").returncode == 0
    body = {"title": "Topic", "head": "topic", "base": "main"}
    return stage.ask("POST", "pulls", stage.person, body).json()["number"]


def review(stage, pull, who, **body):
    return stage.ask("POST", f"pulls/{pull}/reviews", who, body)


def at(line, **more):
    return {"path": "notes.txt", "line": line, "body": "```suggestion\nline X\n```", **more}


def test_a_suggestion_stands_on_the_lines_that_it_replaces(stage, pull):
    stage.app.subscriptions = frozenset(["pull_request_review", "pull_request_review_comment"])
    answer = review(stage, pull, stage.writer, event="COMMENT", comments=[at(11, start_line=9)])
    assert answer.status_code == 200
    (comment,) = stage.ask("GET", f"pulls/{pull}/comments", stage.person).json()
    assert (comment["start_line"], comment["line"], comment["side"]) == (9, 11, "RIGHT")
    assert comment["diff_hunk"].splitlines()[0].startswith("@@ -7,7 +7,7 @@")
    assert comment["diff_hunk"].splitlines()[-1] == " line 11"
    assert comment["pull_request_review_id"] == answer.json()["id"]


def test_one_comment_outside_the_hunks_has_the_whole_review_refused(stage, pull):
    wrong = [at(6), at(14), at(8, start_line=6), at(9, start_line=11), at(10, path="other.txt"), at(99, side="LEFT")]
    for comment in wrong:
        answer = review(stage, pull, stage.writer, event="COMMENT", body="So", comments=[at(10), comment])
        assert (answer.status_code, answer.json()["errors"]) == (422, ["Line could not be resolved"]), comment
    assert stage.ask("GET", f"pulls/{pull}/reviews", stage.person).json() == []
    assert stage.ask("GET", f"pulls/{pull}/comments", stage.person).json() == []


def test_nobody_judges_an_own_pull_request(stage, pull):
    for event, word in (("APPROVE", "approve"), ("REQUEST_CHANGES", "request changes on")):
        answer = review(stage, pull, stage.person, event=event, body="So")
        assert (answer.status_code, answer.json()["errors"]) == (422, [f"Can not {word} your own pull request"])
    assert review(stage, pull, stage.person, event="COMMENT", body="So").status_code == 200
    assert review(stage, pull, stage.writer, event="COMMENT").status_code == 422


def test_a_pending_review_is_seen_by_its_author_only_until_it_is_submitted(stage, receiver, pull):
    stage.app.subscriptions = frozenset(["pull_request_review", "pull_request_review_comment"])
    pending = review(stage, pull, stage.writer, comments=[at(10)]).json()
    assert pending["state"] == "PENDING"
    assert stage.ask("GET", f"pulls/{pull}/reviews", stage.person).json() == []
    assert stage.ask("GET", f"pulls/{pull}/comments", stage.person).json() == []
    place = f"pulls/{pull}/reviews/{pending['id']}/events"
    assert stage.ask("POST", place, stage.writer, {"event": "APPROVE"}).json()["state"] == "APPROVED"
    assert len(stage.ask("GET", f"pulls/{pull}/comments", stage.person).json()) == 1
    told = [receiver.next() for _ in range(4)][2:]
    assert [each.payload["action"] for each in told] == ["submitted", "created"]
    assert told[0].payload["review"]["state"] == "approved"


def test_a_reply_joins_the_thread_of_the_first_comment(stage, pull):
    single = at(10, side="LEFT", body="Why?", commit_id="0" * 40)
    first = stage.ask("POST", f"pulls/{pull}/comments", stage.writer, single).json()
    second = stage.ask("POST", f"pulls/{pull}/comments/{first['id']}/replies", stage.person, {"body": "So."}).json()
    third = stage.ask("POST", f"pulls/{pull}/comments/{second['id']}/replies", stage.writer, {"body": "Ah."}).json()
    assert [each["in_reply_to_id"] for each in (second, third)] == [first["id"]] * 2
    assert (third["line"], third["side"], third["path"]) == (10, "LEFT", "notes.txt")
