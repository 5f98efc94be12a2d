"""Commit statuses: what they say is shown, who may not write them, and whose check they cannot stand in for."""


def test_a_status_is_shown_with_its_creator(stage):
    sha = stage.pushed()
    body = {"state": "success", "context": "ci/build"}
    answer = stage.ask("POST", f"statuses/{sha}", stage.person, body)
    assert answer.status_code == 201
    assert (answer.json()["state"], answer.json()["context"]) == ("success", "ci/build")
    assert answer.json()["creator"]["login"] == "ada"


def test_a_token_without_the_permission_writes_no_status(stage):
    sha = stage.pushed()
    answer = stage.ask("POST", f"statuses/{sha}", stage.token(checks="write"), {"state": "success"})
    assert answer.status_code == 403


def test_a_status_does_not_satisfy_a_check_that_is_bound_to_an_app(stage):
    stage.pushed()
    sha = stage.commit("topic.txt", "one\n", "topic")
    assert stage.push(stage.person, "topic").returncode == 0
    checks = [{"context": "gate", "app_id": stage.app.id}]
    protection = {"required_status_checks": {"strict": False, "checks": checks}}
    assert stage.ask("PUT", "branches/main/protection", stage.person, protection).status_code == 200
    body = {"title": "Topic", "head": "topic", "base": "main"}
    number = stage.ask("POST", "pulls", stage.person, body).json()["number"]
    stage.ask("POST", f"statuses/{sha}", stage.person, {"state": "success", "context": "gate"})
    refused = stage.ask("PUT", f"pulls/{number}/merge", stage.person, {"sha": sha})
    assert (refused.status_code, refused.json()["message"]) == (405, 'Required status check "gate" is expected.')
    run = {"name": "gate", "head_sha": sha, "conclusion": "success"}
    assert stage.ask("POST", "check-runs", stage.token(checks="write"), run).status_code == 201
    assert stage.ask("PUT", f"pulls/{number}/merge", stage.person, {"sha": sha}).status_code == 200
