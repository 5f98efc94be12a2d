"""Requests that are not what they should be: 400 and 422 with GitHub's error body, never 500."""

import httpx
import jwt


def asked(stage, method, path, body):
    answer = stage.ask(method, path, stage.person, body)
    assert answer.json()["status"] == str(answer.status_code)
    assert answer.json()["documentation_url"].startswith("https://docs.github.com/")
    return answer.status_code, answer.json()["message"]


WRONG_BODIES = [
    ("POST", "issues", {}, '"title" wasn\'t supplied.'),
    ("POST", "pulls", {"title": "x"}, '"head", "base" weren\'t supplied.'),
    ("POST", "issues", {"title": 5}, "For 'properties/title', 5 is not a string."),
    ("PATCH", "issues/1", {"state": "shut"}, "For 'properties/state', \"shut\" is not a member of"),
    ("POST", "issues/1/labels", {"labels": "bug"}, "For 'properties/labels', \"bug\" is not an array."),
    ("POST", "issues/1/reactions", {"content": "applause"}, "For 'properties/content'"),
]


def test_a_wrong_body_is_refused_with_the_field_that_is_wrong(stage):
    stage.ask("POST", "issues", stage.person, {"title": "It breaks"})
    for method, path, body, message in WRONG_BODIES:
        status, told = asked(stage, method, path, body)
        assert (status, told.startswith("Invalid request.\n\n"), message in told) == (422, True, True), told


def test_a_check_run_without_a_name_is_refused(stage):
    answer = stage.ask("POST", "check-runs", stage.token(checks="write"), {"head_sha": "1" * 40})
    assert (answer.status_code, answer.json()["message"]) == (422, 'Invalid request.\n\n"name" wasn\'t supplied.')


def test_a_check_run_that_completes_needs_a_conclusion(stage):
    sha, token = stage.pushed(), stage.token(checks="write")
    run = stage.ask("POST", "check-runs", token, {"name": "lint", "head_sha": sha}).json()["id"]
    assert stage.ask("PATCH", f"check-runs/{run}", token, {"status": "completed"}).status_code == 422
    assert stage.ask("GET", f"check-runs/{run}", token).json()["status"] == "queued"


def test_a_status_with_an_unknown_state_is_refused(stage):
    answer = stage.ask("POST", f"statuses/{stage.pushed()}", stage.person, {"state": "fine"})
    assert answer.status_code == 422
    (error,) = answer.json()["errors"]
    assert (error["resource"], error["field"], error["code"]) == ("Status", "state", "custom")


def test_a_page_that_is_no_number_is_refused(stage):
    queries = ("per_page=abc", "page=-1", "per_page=1.5")
    assert [asked(stage, "GET", f"issues?{query}", None)[0] for query in queries] == [422, 422, 422]


def test_a_body_that_is_no_object_is_a_bad_request(stage):
    url = f"{stage.url}/api/v3/repos/{stage.repository.full_name}/issues"
    headers = {"authorization": f"Bearer {stage.person}"}
    for body, message in (("{", "Problems parsing JSON"), ("[]", "Body should be a JSON object")):
        answer = httpx.post(url, content=body, headers=headers, timeout=60.0, trust_env=False)
        assert (answer.status_code, answer.json()["message"]) == (400, message)


def test_a_jwt_without_an_end_is_refused(stage):
    token = jwt.encode({"iss": str(stage.app.id), "iat": 1}, stage.private_key, algorithm="RS256")
    assert stage.ask("GET", "/app", token).status_code == 401


def test_a_path_that_github_does_not_have_is_not_found(stage):
    assert asked(stage, "GET", "nothing/here", None) == (404, "Not Found")
