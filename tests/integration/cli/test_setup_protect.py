"""`quorum setup protect` on a GitHub that enforces what it is told, and that says what was done."""

import pytest
from typer.testing import CliRunner

from app.cli import app

GATE = "quorum/gate"


def check(app_id=None, context=GATE):
    return {"context": context} if app_id is None else {"context": context, "integration_id": app_id}


def test_afterwards_only_a_green_gate_of_our_app_lets_a_pull_request_in(town):
    number, sha = town.pull()
    code, told = town.setup()
    assert code == 0
    assert "main: `quorum/gate` is not required\n" in told
    assert f"main: `quorum/gate` of the App {town.ours.id} is required by the ruleset `Quorum gate`\n" in told
    assert town.merge(number) == 405
    town.conclude(town.other, sha)
    assert town.merge(number) == 405
    town.mona.call("POST", f"/repos/{town.repository.full_name}/statuses/{sha}", {"state": "success", "context": GATE})
    assert town.merge(number) == 405
    town.conclude(town.ours, sha, "failure")
    assert town.merge(number) == 405
    town.conclude(town.ours, sha)
    assert town.merge(number) == 200


def test_a_commit_that_the_gate_passed_elsewhere_cannot_be_pushed(town):
    _, sha = town.pull()
    town.conclude(town.ours, sha)
    town.setup()
    place = f"/repos/{town.repository.full_name}/git/refs/heads/main"
    assert town.mona.try_call("PATCH", place, {"sha": sha}).status_code == 422


def test_a_second_time_nothing_is_changed(town):
    town.setup()
    town.no_writes()
    code, told = town.setup()
    assert (code, "Nothing is to be changed." in told) == (0, True)


def nothing(_town):
    """As it is on the first day."""


def disabled(town):
    town.ruleset(check(town.ours.id), name="Quorum gate", enforcement="disabled")


def elsewhere(town):
    conditions = {"ref_name": {"include": ["refs/heads/x"], "exclude": []}}
    town.ruleset(check(town.ours.id), conditions=conditions)


BROKEN = {
    "nothing": (nothing, "nothing requires the check"),
    "from anybody": (lambda town: town.ruleset(check()), "the ruleset `trunk` takes `quorum/gate` from everybody"),
    "of another App": (lambda town: town.ruleset(check(town.other.id)), "which is not ours"),
    "classic, from anybody": (
        lambda town: town.protect({"context": GATE, "app_id": -1}),
        "classic branch protection takes `quorum/gate` from everybody",
    ),
    "switched off": (disabled, "nothing requires the check"),
    "only tried": (
        lambda town: town.ruleset(check(town.ours.id), name="Quorum gate", enforcement="evaluate"),
        "nothing requires the check",
    ),
    "pushes are free": (lambda town: town.ruleset(check(town.ours.id), pulls=False), "can be pushed here without"),
    "on another branch": (elsewhere, "nothing requires the check"),
}


@pytest.mark.parametrize(("break_it", "words"), BROKEN.values(), ids=list(BROKEN))
def test_each_way_to_be_broken_is_found_without_a_change_and_mended(town, break_it, words):
    break_it(town)
    town.no_writes()
    code, told = town.setup("--check")
    assert (code, words in told, "quorum setup protect" in told) == (1, True, True)
    town.faults()
    assert town.setup()[0] == 0
    assert town.setup("--check")[0] == 0


def test_one_that_takes_the_check_from_anybody_is_bound_and_keeps_its_rules(town):
    ruleset = town.ruleset(check(), check(context="ci"))
    _, told = town.setup()
    shown = town.call("GET", f"rulesets/{ruleset}")
    assert len(town.call("GET", "rulesets")) == 1
    checks = shown["rules"][1]["parameters"]["required_status_checks"]
    assert checks == [check(town.ours.id), check(context="ci")]
    assert "Changed the ruleset `trunk`:\n" in told
    assert "which it took from anybody" in told


def test_who_may_go_around_is_named_and_stays(town):
    bypass = [{"actor_type": "RepositoryRole", "actor_id": 5, "bypass_mode": "pull_request"}]
    ruleset = town.ruleset(check(town.ours.id), name="Quorum gate", bypass_actors=bypass, enforcement="disabled")
    code, told = town.setup()
    assert (code, "the gate can be gone around by administrators" in told) == (0, True)
    assert town.call("GET", f"rulesets/{ruleset}")["bypass_actors"] == bypass
    assert "gone around by administrators" in town.setup("--check")[1]


def test_another_apps_check_of_the_same_name_stays_and_is_told_of(town):
    theirs = town.ruleset(check(town.other.id))
    before = town.call("GET", f"rulesets/{theirs}")
    code, told = town.setup()
    assert code == 0
    assert f"waits for a `quorum/gate` of the App {town.other.id}" in told.partition("What GitHub says now:")[2]
    assert town.call("GET", f"rulesets/{theirs}") == before


def test_a_branch_that_is_excluded_is_not_said_to_be_protected(town):
    excluded = {"ref_name": {"include": ["~DEFAULT_BRANCH"], "exclude": ["refs/heads/main"]}}
    town.ruleset(check(town.ours.id), name="Quorum gate", conditions=excluded, enforcement="disabled")
    code, told = town.setup()
    assert (code, "see whether the ruleset excludes the branch" in told) == (1, True)


def test_strictness_is_added_when_asked_for_and_never_taken_away(town):
    assert town.setup("--strict")[0] == 0
    assert "branches must be up to date" in town.setup("--strict")[1]
    (rule,) = [each for each in town.call("GET", "rules/branches/main") if each["type"] == "required_status_checks"]
    assert rule["parameters"]["strict_required_status_checks_policy"] is True
    assert "branches must be up to date" in town.setup()[1]


def test_a_pattern_protects_each_branch_that_it_names(town):
    main = town.call("GET", "git/ref/heads/main")["object"]["sha"]
    for branch in ("release/1", "release/2", "topic"):
        town.call("POST", "git/refs", {"ref": f"refs/heads/{branch}", "sha": main})
    code, told = town.setup("--branch", "release/*")
    assert code == 0
    assert "A new branch of such a name can only begin at a commit that the gate has passed." in told
    assert "release/2: `quorum/gate` of the App" in told
    assert town.setup("--check", "--branch", "release/*")[0] == 0
    assert town.setup("--check", "--branch", "topic")[0] == 1
    assert town.setup("--check", "--branch", "nothing/*")[0] == 1
    assert town.setup("--branch", "topic")[0] == 0
    assert [town.setup("--check", "--branch", each)[0] for each in ("release/*", "topic")] == [0, 0]


def test_without_rulesets_classic_protection_is_added_to(town):
    reviews = {"required_approving_review_count": 2, "dismiss_stale_reviews": True}
    town.protect({"context": "ci", "app_id": -1}, required_pull_request_reviews=reviews, required_linear_history=True)
    before = town.call("GET", "branches/main/protection")
    town.without_rulesets()
    assert town.setup("--check")[0] == 1
    code, told = town.setup()
    assert code == 0
    assert "is required by classic branch protection" in told
    after = town.call("GET", "branches/main/protection")
    checks = [{"context": "ci", "app_id": None}, {"context": GATE, "app_id": town.ours.id}]
    assert after["required_status_checks"]["checks"] == checks
    assert {key: each for key, each in after.items() if key != "required_status_checks"} == {
        key: each for key, each in before.items() if key != "required_status_checks"
    }
    assert "Nothing is to be changed." in town.setup()[1]


def test_without_rulesets_and_without_protection_there_is_one_afterwards(town):
    number, sha = town.pull()
    town.without_rulesets()
    assert town.setup()[0] == 0
    town.conclude(town.other, sha)
    assert town.merge(number) == 405
    town.conclude(town.ours, sha)
    assert town.merge(number) == 200


def test_what_github_does_not_keep_is_said(town, monkeypatch):
    """A protection is replaced as a whole; here a GitHub that keeps the last check only."""
    town.protect({"context": "ci", "app_id": -1})
    town.without_rulesets()
    last = "app.emulator.protection._bound"
    monkeypatch.setattr(last, lambda _, required: {"strict": False, "checks": required["checks"][-1:]})
    code, told = town.setup()
    assert (code, "! GitHub did not keep the check `ci`" in told) == (1, True)


def test_the_app_alone_may_not_and_says_whose_token_is_needed(town):
    code, told = town.setup(token="")
    assert code == 1
    assert "Take the token of an administrator" in told
    assert town.setup("--check", token="")[0] == 1


def test_an_app_that_was_granted_it_may(town):
    town.ours.permissions["administration"] = "write"
    code, told = town.setup(token="")
    assert (code, f"as the App {town.ours.id}" in told) == (0, True)
    assert town.setup("--check", token="")[0] == 0


def test_the_app_that_may_only_look_sees_enough_to_judge(town):
    town.setup()
    code, told = town.setup("--check", token="")
    assert code == 0
    assert "could not be seen" in told


@pytest.mark.parametrize(
    ("token", "words"),
    [("hubert", "the token may not do this"), ("nobody", "GitHub does not know the token")],
)
def test_a_token_that_does_not_do_is_told_of(town, token, words):
    secret = town.hubert.token if token == "hubert" else f"ghp_{'x' * 36}"
    code, told = town.setup(token=secret)
    assert (code, words in told, secret in told) == (1, True, False)


def test_a_repository_that_nobody_knows_is_named(town):
    town.repository.name = f"moved-{town.repository.name}"
    installed = [each for each in town.stage.world.installations.values() if each.app is town.ours]
    installed[0].repository_ids.remove(town.repository.id)
    assert "is not installed there" in town.setup(token="")[1]
    del town.stage.world.repositories[town.repository.id]
    assert "there is no such repository, or the token may not see it" in town.setup()[1]


def test_a_token_can_be_asked_for_and_is_not_shown(town):
    """What stands on a command line stays in the shell's history."""
    values = {**town.values, "GITHUB_TOKEN": None, "QUORUM_GITHUB_TOKEN": None}
    words = ["setup", "protect", town.repository.full_name, "--ask"]
    result = CliRunner().invoke(app, words, env=values, input=f"{town.mona.token}\n")
    assert result.exit_code == 0
    assert "is required by the ruleset" in result.output
    assert town.mona.token not in result.output
