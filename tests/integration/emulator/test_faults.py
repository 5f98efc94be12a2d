"""Faults on demand: before or after the effect, so often as told, and the log of requests."""

import httpx


def titles(stage):
    return [issue["title"] for issue in stage.ask("GET", "issues", stage.person).json()]


def create(stage, title):
    return stage.ask("POST", "issues", stage.person, {"title": title})


def test_a_fault_before_the_effect_leaves_nothing_behind(stage):
    stage.control("faults", {"faults": [{"method": "POST", "path": "/issues$", "status": 502}]})
    assert create(stage, "Refused").status_code == 502
    assert titles(stage) == []


def test_a_fault_after_the_effect_hides_an_answer_that_was_given(stage):
    stage.control("faults", {"faults": [{"method": "POST", "path": "/issues$", "status": 502, "after": True}]})
    answer = create(stage, "Done all the same")
    assert answer.status_code == 502
    assert "title" not in answer.json()
    assert titles(stage) == ["Done all the same"]


def test_a_fault_strikes_so_often_as_told_and_no_more(stage):
    stage.control("faults", {"faults": [{"method": "POST", "path": "/issues$", "status": 503, "times": 2}]})
    assert [create(stage, str(attempt)).status_code for attempt in range(3)] == [503, 503, 201]


def test_a_lasting_fault_ends_when_the_faults_are_replaced(stage):
    stage.control("faults", {"faults": [{"method": "POST", "path": "/issues$", "status": 500, "times": None}]})
    assert [create(stage, str(attempt)).status_code for attempt in range(3)] == [500, 500, 500]
    stage.control("faults", {"faults": []})
    assert create(stage, "at last").status_code == 201


def test_once_each_strikes_every_route_one_time(stage):
    fault = {"method": "GET", "path": "/issues", "status": 502, "times": None, "once_each": True}
    create(stage, "It breaks")
    stage.control("faults", {"faults": [fault]})
    paths = ["issues", "issues/1", "issues", "issues/1"]
    assert [stage.ask("GET", path, stage.person).status_code for path in paths] == [502, 502, 200, 200]


def test_people_are_spared_over_the_api_and_over_git_alike(stage):
    fault = {"method": "POST", "path": "(receive-pack|/issues)$", "status": 502, "times": None, "only_apps": True}
    stage.control("faults", {"faults": [fault]})
    assert create(stage, "Spared").status_code == 201
    stage.pushed()
    stage.commit("more.txt", "more\n")
    assert "502" in stage.push(stage.token(contents="write")).stderr


def test_a_limit_says_when_to_come_again_and_strikes_only_its_method(stage):
    fault = {"method": "POST", "path": "/issues$", "status": 429, "retry_after": 30}
    stage.control("faults", {"faults": [fault]})
    assert stage.ask("GET", "issues", stage.person).status_code == 200
    answer = create(stage, "Too soon")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "30")


def test_the_log_holds_each_request_with_what_the_client_was_told(stage):
    stage.control("faults", {"faults": [{"method": "POST", "path": "/issues$", "status": 502, "after": True}]})
    create(stage, "It breaks")
    titles(stage)
    path = f"/api/v3/repos/{stage.repository.full_name}/issues"
    log = httpx.get(f"{stage.url}/_emulator/requests", trust_env=False).json()
    assert log == [["POST", path, 502], ["GET", path, 200]]
