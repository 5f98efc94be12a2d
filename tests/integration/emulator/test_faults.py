"""Faults on demand: before or after the effect, so often as told, and the log of requests."""

import httpx
import pytest


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


def test_a_secondary_limit_speaks_as_github_does(stage):
    fault = {"method": "POST", "path": "/issues$", "status": 403, "secondary": True}
    stage.control("faults", {"faults": [fault]})
    answer = create(stage, "Too fast")
    assert answer.status_code == 403
    assert answer.json()["message"].startswith("You have exceeded a secondary rate limit.")
    assert "secondary-rate-limits" in answer.json()["documentation_url"]
    assert create(stage, "Later").status_code == 201


@pytest.mark.parametrize(("after", "kept"), [(False, []), (True, ["Unanswered"])])
def test_a_connection_breaks_before_or_after_the_effect(stage, after, kept):
    stage.control("faults", {"faults": [{"method": "POST", "path": "/issues$", "drop": True, "after": after}]})
    # The body may still be on its way then: the kernel answers it with a reset in the place of an end.
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError)):
        create(stage, "Unanswered")
    assert titles(stage) == kept


@pytest.mark.parametrize("after", [False, True])
def test_a_slow_request_has_its_effect_even_if_the_client_gives_up(stage, after):
    fault = {"method": "POST", "path": "/issues$", "latency_s": 0.4, "times": 2, "after": after}
    stage.control("faults", {"faults": [fault]})
    url = f"{stage.url}/api/v3/repos/{stage.repository.full_name}/issues"
    headers = {"authorization": f"Bearer {stage.person}"}
    with pytest.raises(httpx.ReadTimeout):
        stage.wire.post(url, json={"title": "Given up"}, headers=headers, timeout=0.1)
    assert create(stage, "Waited for").status_code == 201
    assert sorted(titles(stage)) == ["Given up", "Waited for"]


def test_a_fault_of_git_strikes_the_push_alone(stage):
    fault = {"method": "POST", "path": "git-receive-pack$", "status": 503}
    stage.control("faults", {"faults": [fault]})
    stage.commit("readme.txt", "hello\n")
    assert "503" in stage.push(stage.person).stderr
    assert stage.push(stage.person).returncode == 0


def test_a_fault_that_is_none_is_refused(stage):
    url = f"{stage.url}/_emulator/faults"
    for body in ({}, {"faults": [{"method": "GET"}]}, {"faults": [{"method": "GET", "path": "x", "status": "500"}]}):
        assert stage.wire.put(url, json=body).status_code == 422


def test_the_log_holds_each_request_with_what_the_client_was_told(stage):
    stage.control("faults", {"faults": [{"method": "POST", "path": "/issues$", "status": 502, "after": True}]})
    create(stage, "It breaks")
    titles(stage)
    path = f"/api/v3/repos/{stage.repository.full_name}/issues"
    log = httpx.get(f"{stage.url}/_emulator/requests", timeout=60.0, trust_env=False).json()
    assert log == [["POST", path, 502], ["GET", path, 200]]
