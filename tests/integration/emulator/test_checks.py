"""Check runs over HTTP: who may make them, what ends them, what they hold and what is told of them."""

import pytest


@pytest.fixture
def sha(stage, receiver) -> str:
    pushed = stage.pushed()
    assert receiver.next().payload["after"] == pushed
    return pushed


def create(stage, sha, name="lint", **more):
    return stage.ask("POST", "check-runs", stage.token(checks="write"), {"name": name, "head_sha": sha, **more})


def annotations(count):
    one = {"path": "readme.txt", "start_line": 1, "end_line": 1, "annotation_level": "warning", "message": "hm"}
    return {"title": "Seen", "summary": "what was seen", "annotations": [one] * count}


def test_only_an_app_with_permission_makes_check_runs(stage, sha):
    body = {"name": "lint", "head_sha": sha}
    assert stage.ask("POST", "check-runs", stage.person, body).status_code == 403
    assert stage.ask("POST", "check-runs", stage.token(checks="read"), body).status_code == 403
    assert create(stage, sha).status_code == 201


def test_an_unknown_commit_is_refused(stage, sha):
    assert create(stage, "1" * 40).status_code == 422


def test_a_conclusion_completes_the_run_and_is_told(stage, receiver, sha):
    run = create(stage, sha, status="in_progress", external_id="run-1").json()
    assert (run["status"], run["conclusion"], run["external_id"]) == ("in_progress", None, "run-1")
    changed = stage.ask("PATCH", f"check-runs/{run['id']}", stage.token(checks="write"), {"conclusion": "success"})
    assert (changed.json()["status"], changed.json()["conclusion"]) == ("completed", "success")
    assert changed.json()["completed_at"] is not None
    told = [receiver.next() for _ in range(2)]  # in any order, as from GitHub
    assert [each.headers["x-github-event"] for each in told] == ["check_run", "check_run"]
    by_action = {each.payload["action"]: each.payload for each in told}
    assert by_action.keys() == {"created", "completed"}
    assert by_action["completed"]["check_run"]["app"]["id"] == stage.app.id


def test_a_run_that_is_completed_from_the_start_is_told_as_created_and_as_completed(stage, receiver, sha):
    create(stage, sha, conclusion="success")
    assert {receiver.next().payload["action"] for _ in range(2)} == {"created", "completed"}


def test_that_a_run_has_begun_is_not_told(stage, receiver, sha):
    token = stage.token(checks="write")
    run = create(stage, sha).json()["id"]
    assert stage.ask("PATCH", f"check-runs/{run}", token, {"status": "in_progress"}).status_code == 200
    stage.ask("PATCH", f"check-runs/{run}", token, {"conclusion": "success"})
    told = [receiver.next().payload for _ in range(2)]
    assert {(each["action"], each["check_run"]["status"]) for each in told} == {
        ("created", "queued"),
        ("completed", "completed"),
    }


def test_annotations_are_appended_by_updates_and_listed_in_pages(stage, sha):
    run = create(stage, sha, output=annotations(50)).json()
    body = {"output": annotations(10)}
    changed = stage.ask("PATCH", f"check-runs/{run['id']}", stage.token(checks="write"), body).json()
    assert changed["output"]["annotations_count"] == 60
    listed = stage.ask("GET", f"check-runs/{run['id']}/annotations?per_page=50&page=2", stage.token(checks="read"))
    assert len(listed.json()) == 10
    assert 'rel="prev"' in listed.headers["link"]
    assert 'rel="next"' not in listed.headers["link"]


@pytest.mark.parametrize(
    "more",
    [
        {"output": annotations(51)},
        {"output": {"title": "t", "summary": "x" * 65_536}},
        {"output": {"title": "t", "summary": "s", "text": "x" * 65_536}},
        {"conclusion": "wonderful"},
    ],
    ids=["annotations", "summary", "text", "conclusion"],
)
def test_what_is_too_much_is_refused_and_leaves_no_run(stage, sha, more):
    assert create(stage, sha, **more).status_code == 422
    listed = stage.ask("GET", f"commits/{sha}/check-runs", stage.token(checks="read")).json()
    assert listed["total_count"] == 0


def test_the_latest_run_of_a_name_is_listed_and_all_on_request(stage, sha):
    create(stage, sha)
    newest = create(stage, sha).json()["id"]
    other = create(stage, sha, "tests").json()["id"]

    def listed(query):
        answer = stage.ask("GET", f"commits/{sha}/check-runs?{query}", stage.token(checks="read")).json()
        assert answer["total_count"] == len(answer["check_runs"])
        return {run["id"] for run in answer["check_runs"]}

    assert listed("") == {newest, other}
    assert len(listed("filter=all")) == 3
    assert listed("check_name=tests") == {other}
    assert listed("app_id=1") == set()


def test_a_rerequest_starts_the_suite_anew_and_leaves_the_run_to_its_app(stage, receiver, sha):
    run = create(stage, sha, conclusion="failure").json()
    assert {receiver.next().payload["action"] for _ in range(2)} == {"created", "completed"}
    assert stage.ask("POST", f"check-runs/{run['id']}/rerequest", stage.person).status_code == 201
    told = receiver.next().payload
    assert (told["action"], told["sender"]["login"]) == ("rerequested", "ada")
    shown = stage.ask("GET", f"check-runs/{run['id']}", stage.token(checks="read")).json()
    assert (shown["status"], shown["conclusion"]) == ("completed", "failure")
    suite = stage.ask("GET", f"check-suites/{run['check_suite']['id']}", stage.token(checks="read")).json()
    assert (suite["status"], suite["conclusion"]) == ("queued", None)
