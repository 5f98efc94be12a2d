"""Check suites: one for each App and commit, asked for by pushes, as far as their runs, asked for again by people."""

import pytest


@pytest.fixture
def sha(stage, receiver) -> str:
    stage.app.subscriptions = frozenset(["check_run", "check_suite"])
    pushed = stage.pushed()
    asked = receiver.next().payload
    assert (asked["action"], asked["check_suite"]["head_sha"]) == ("requested", pushed)
    assert asked["check_suite"]["head_branch"] == "main"
    return pushed


def create(stage, sha, name, **more):
    answer = stage.ask("POST", "check-runs", stage.token(checks="write"), {"name": name, "head_sha": sha, **more})
    assert answer.status_code == 201, answer.text
    return answer.json()


def suites(stage, sha):
    return stage.ask("GET", f"commits/{sha}/check-suites", stage.token(checks="read")).json()["check_suites"]


def test_all_runs_of_an_app_on_a_commit_share_its_suite(stage, sha):
    ids = {create(stage, sha, name)["check_suite"]["id"] for name in ("lint", "tests")}
    (suite,) = suites(stage, sha)
    assert ids == {suite["id"]}
    listed = stage.ask("GET", f"check-suites/{suite['id']}/check-runs", stage.token(checks="read")).json()
    assert [run["name"] for run in listed["check_runs"]] == ["lint", "tests"]
    other = stage.commit("more.txt", "more\n")
    assert stage.push(stage.person).returncode == 0
    assert create(stage, other, "lint")["check_suite"]["id"] not in ids


def test_a_suite_is_as_far_as_its_runs_and_its_end_is_told_once(stage, receiver, sha):
    first = create(stage, sha, "lint", conclusion="success", status="completed")["id"]
    (suite,) = suites(stage, sha)
    assert (suite["status"], suite["conclusion"]) == ("completed", "success")
    second = create(stage, sha, "tests", status="in_progress")["id"]
    (suite,) = suites(stage, sha)
    assert (suite["status"], suite["conclusion"]) == ("in_progress", None)
    for run, conclusion in ((second, "failure"), (first, "neutral")):
        stage.ask("PATCH", f"check-runs/{run}", stage.token(checks="write"), {"conclusion": conclusion})
    create(stage, sha, "last")
    told = [receiver.next() for _ in range(8)]
    of_suites = [each.payload for each in told if each.headers["x-github-event"] == "check_suite"]
    assert [each["check_suite"]["conclusion"] for each in of_suites] == ["success", "failure"]
    assert told[-1].payload["check_run"]["name"] == "last"


def test_a_suite_is_asked_for_once_for_a_commit_and_again_by_a_person(stage, receiver, sha):
    (suite,) = suites(stage, sha)
    stage.git("branch", "twin", where=stage.folder / "copy")
    assert stage.push(stage.person, "twin").returncode == 0
    stage.control("clicks", {"login": "ada", "repository": "ada/engine", "check_suite": suite["id"]})
    again = receiver.next().payload
    assert (again["action"], again["sender"]["login"], again["check_suite"]["id"]) == (
        "rerequested",
        "ada",
        suite["id"],
    )
    token = stage.token(checks="write")
    assert stage.ask("POST", f"check-suites/{suite['id']}/rerequest", token).status_code == 201
    assert receiver.next().payload["sender"]["login"] == "bot[bot]"


def test_a_click_on_a_button_of_a_run_is_told_with_its_identifier(stage, receiver, sha):
    button = {"label": "Explain", "description": "Say why", "identifier": "explain"}
    run = create(stage, sha, "gate", actions=[button])["id"]
    assert receiver.next().payload["check_run"]["actions"] == [button]
    click = {"login": "ada", "repository": "ada/engine", "check_run": run}
    stage.control("clicks", {**click, "action": "explain"})
    told = receiver.next().payload
    assert (told["action"], told["requested_action"]) == ("requested_action", {"identifier": "explain"})
    assert told["sender"]["login"] == "ada"
    stage.control("clicks", click)
    assert receiver.next().payload["action"] == "rerequested"


def test_buttons_are_few_and_their_words_short(stage, sha):
    button = {"label": "Explain", "description": "Say why", "identifier": "explain"}
    body = {"name": "gate", "head_sha": sha}
    for actions in ([button] * 4, [{**button, "label": "x" * 21}], [{"label": "Explain"}]):
        answer = stage.ask("POST", "check-runs", stage.token(checks="write"), {**body, "actions": actions})
        assert answer.status_code == 422
