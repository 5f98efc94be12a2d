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


def test_the_newest_of_each_context_makes_the_combined_status(stage):
    sha = stage.pushed()

    def combined():
        answer = stage.ask("GET", f"commits/{sha}/status", stage.person).json()
        return answer["state"], {each["context"]: each["state"] for each in answer["statuses"]}

    assert combined() == ("pending", {})
    for context, state in (("lint", "pending"), ("tests", "failure"), ("lint", "success"), ("tests", "success")):
        stage.ask("POST", f"statuses/{sha}", stage.person, {"state": state, "context": context})
    assert combined() == ("success", {"lint": "success", "tests": "success"})
    listed = stage.ask("GET", f"commits/{sha}/statuses", stage.person).json()
    assert [each["state"] for each in listed] == ["success", "success", "failure", "pending"]
    stage.ask("POST", f"statuses/{sha}", stage.person, {"state": "error", "context": "lint"})
    assert combined()[0] == "failure"


def test_a_status_is_told_with_its_commit_and_branches(stage, receiver):
    stage.app.subscriptions = frozenset(["status"])
    sha = stage.pushed()
    stage.ask("POST", f"statuses/{sha}", stage.person, {"state": "pending", "description": "Soon"})
    told = receiver.next().payload
    assert (told["sha"], told["context"], told["description"]) == (sha, "default", "Soon")
    assert (told["commit"]["sha"], [each["name"] for each in told["branches"]]) == (sha, ["main"])


def test_a_status_does_not_satisfy_a_check_that_is_bound_to_an_app(stage):
    stage.pushed()
    number, sha = stage.pull()
    stage.protect(required_status_checks={"strict": False, "checks": [{"context": "gate", "app_id": stage.app.id}]})
    stage.ask("POST", f"statuses/{sha}", stage.person, {"state": "success", "context": "gate"})
    assert stage.merge(number) == (405, 'Required status check "gate" is expected.')
    run = {"name": "gate", "head_sha": sha, "conclusion": "success"}
    assert stage.ask("POST", "check-runs", stage.token(checks="write"), run).status_code == 201
    assert stage.merge(number)[0] == 200
