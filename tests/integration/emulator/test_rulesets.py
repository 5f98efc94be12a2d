"""Rulesets over HTTP: kept, told of, shown by branch, and in the way of merges and pushes."""


def bound(stage, name="gate"):
    check = {"context": name, "integration_id": stage.app.id}
    return {"type": "required_status_checks", "parameters": {"required_status_checks": [check]}}


def create(stage, *rules, name="trunk", **more):
    conditions = {"ref_name": {"include": ["~DEFAULT_BRANCH"], "exclude": []}}
    body = {"name": name, "enforcement": "active", "conditions": conditions, "rules": list(rules), **more}
    answer = stage.ask("POST", "rulesets", stage.person, body)
    assert answer.status_code == 201, answer.text
    return answer.json()


def test_a_merge_needs_the_check_of_the_app_that_the_ruleset_names(stage):
    stage.pushed()
    number, sha = stage.pull()
    create(stage, bound(stage))
    stage.ask("POST", f"statuses/{sha}", stage.writer, {"state": "success", "context": "gate"})
    expected = 'Repository rule violations found\n\nRequired status check "gate" is expected.\n\n'
    assert stage.merge(number) == (405, expected)
    run = {"name": "gate", "head_sha": sha, "conclusion": "success"}
    assert stage.ask("POST", "check-runs", stage.token(checks="write"), run).status_code == 201
    assert stage.merge(number)[0] == 200


def test_a_push_past_a_ruleset_is_refused_by_git_and_by_the_api(stage):
    stage.pushed()
    create(stage, {"type": "pull_request"}, bound(stage))
    sha = stage.commit("more.txt", "more\n")
    stage.git("branch", "topic", where=stage.folder / "copy")
    done = stage.push(stage.person, "main", "topic")
    told = "\n".join(line.rstrip() for line in done.stderr.splitlines())
    assert "remote: error: GH013: Repository rule violations found for refs/heads/main.\n" in told
    assert f"remote: Review all repository rules at {stage.url}/ada/engine/rules?ref=refs%2Fheads%2Fmain\n" in told
    assert "remote: - Changes must be made through a pull request.\n" in told
    assert 'remote: - Required status check "gate" is expected.\n' in told
    assert "main -> main (push declined due to repository rule violations)" in told
    answer = stage.ask("PATCH", "git/refs/heads/main", stage.person, {"sha": sha})
    assert answer.status_code == 422
    assert "Changes must be made through a pull request." in answer.json()["message"]


def test_a_ruleset_is_kept_changed_and_taken_away(stage):
    stage.pushed()
    made = create(stage, {"type": "pull_request"}, name="first")
    assert made["rules"][0]["parameters"]["required_approving_review_count"] == 0
    (listed,) = stage.ask("GET", "rulesets", stage.writer).json()
    assert (listed["name"], "rules" in listed) == ("first", False)
    (rule,) = stage.ask("GET", "rules/branches/main", stage.writer).json()
    assert (rule["type"], rule["ruleset_id"]) == ("pull_request", made["id"])
    assert stage.ask("GET", "rules/branches/topic", stage.writer).json() == []
    place = f"rulesets/{made['id']}"
    changed = stage.ask("PUT", place, stage.person, {"enforcement": "evaluate"}).json()
    assert (changed["enforcement"], changed["name"], len(changed["rules"])) == ("evaluate", "first", 1)
    assert stage.ask("GET", "rules/branches/main", stage.writer).json() == []
    assert stage.ask("DELETE", place, stage.writer).status_code == 403
    assert stage.ask("DELETE", place, stage.person).status_code == 204
    assert stage.ask("GET", place, stage.person).status_code == 404


def test_a_rule_that_could_not_be_kept_is_refused(stage):
    new = {"name": "n", "enforcement": "active"}
    for rule in ({"type": "required_signatures"}, {"type": "required_status_checks", "parameters": {}}):
        assert stage.ask("POST", "rulesets", stage.person, {**new, "rules": [rule]}).status_code == 422
    assert stage.ask("GET", "rulesets", stage.person).json() == []
