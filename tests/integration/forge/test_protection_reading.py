"""What a token may see of a branch's demands: all of it, part of it, or nothing, which is named."""

import pytest

from app.forge.errors import NotFoundError, RefusedError
from app.forge.permissions import PROTECTION, READ
from app.forge.person import AsPerson
from app.forge.protection import has_no_rulesets, is_gate_required, parse_classic, read_protection
from app.policy.demands import Bypass, RequiredCheck

GATE = "quorum/gate"


def ruleset(at, app_id, **more):
    check = {"context": GATE} if app_id is None else {"context": GATE, "integration_id": app_id}
    parameters = {"required_status_checks": [check], "strict_required_status_checks_policy": True}
    conditions = {"ref_name": {"include": ["~ALL"], "exclude": []}}
    body = {"name": "gate", "enforcement": "active", "conditions": conditions}
    rules = [{"type": "required_status_checks", "parameters": parameters}]
    at.call("POST", "rulesets", {**body, "rules": rules, **more})


def classic(at, app_id, **more):
    checks = {"strict": True, "checks": [{"context": GATE, "app_id": app_id}]}
    empty = {"required_pull_request_reviews": None, "restrictions": None, "enforce_admins": True}
    at.call("PUT", "branches/main/protection", {**empty, "required_status_checks": checks, **more})


@pytest.fixture
def person(installed):
    return AsPerson(installed.forge, "mona", installed.repository.name, installed.mona.token)


async def test_a_ruleset_is_read_with_its_name_and_who_may_bypass_it(installed, person):
    ours = installed.forge.app_id
    ruleset(installed, ours, bypass_actors=[{"actor_type": "RepositoryRole", "actor_id": 5}])
    (rule,) = (await read_protection(person, "main")).rules
    assert (rule.ruleset, rule.checks, rule.strict) == ("gate", (RequiredCheck(GATE, ours),), True)
    assert rule.bypass == (Bypass("RepositoryRole", 5, "always"),)
    (rule,) = (await read_protection(installed.on(READ), "main")).rules
    assert rule.bypass is None
    assert await is_gate_required(installed.on(READ), "main") is True


async def test_a_branch_with_a_slash_that_nothing_protects(installed):
    installed.commit({"a.txt": b"b\n"}, branch="release/1#x")
    reading = await read_protection(installed.on(READ), "release/1#x")
    assert (reading.rules, reading.classic, reading.unseen) == ([], None, [])
    assert await is_gate_required(installed.on(READ), "release/1#x") is False


@pytest.mark.parametrize("app_id", [-1, 999_999])
async def test_a_check_of_anybody_or_of_another_app_is_not_the_gate(installed, app_id):
    ruleset(installed, None if app_id == -1 else app_id)
    classic(installed, app_id)
    assert await is_gate_required(installed.on(READ), "main") is False


async def test_classic_protection_is_read_whole_where_that_is_granted(installed):
    classic(installed, installed.forge.app_id, required_pull_request_reviews={"required_approving_review_count": 2})
    reading = await read_protection(installed.on(READ), "main")
    assert reading.classic is not None
    assert (reading.classic.strict, reading.classic.pulls, reading.classic.enforce_admins) == (True, True, True)
    assert reading.unseen == []


@pytest.mark.parametrize("admins", [True, False])
async def test_without_the_permission_the_branch_still_tells_what_counts(installed, admins):
    classic(installed, installed.forge.app_id, enforce_admins=admins)
    granted = installed.stage.world.apps[installed.forge.app_id].permissions
    held = granted.pop("administration")
    installed.forge.tokens._held.clear()
    reading = await read_protection(installed.on(READ), "main")
    granted["administration"] = held
    assert reading.classic is not None
    assert reading.classic.checks == (RequiredCheck(GATE, installed.forge.app_id),)
    assert (reading.classic.enforce_admins, reading.classic.pulls, reading.checks_seen) == (admins, None, True)
    assert "needs `administration: read`" in reading.unseen[0]


@pytest.mark.parametrize(
    ("path", "status", "answer"),
    [
        ("/rules/branches/", 403, None),
        ("/rules/branches/", 404, False),
        ("[0-9]/branches/main$", 404, None),
        ("[0-9]/branches/main$", 403, None),
    ],
)
async def test_what_is_refused_cannot_be_told(installed, path, status, answer):
    """404 for rulesets is an Enterprise Server that has none yet."""
    installed.faults({"method": "GET", "path": path, "status": status, "times": None})
    gh = installed.on(READ)
    assert await is_gate_required(gh, "main") is answer
    unseen = (await read_protection(gh, "main")).unseen
    assert ["`main`" in each for each in unseen] == ([] if answer is False else [True])
    classic(installed, installed.forge.app_id)
    assert await is_gate_required(gh, "main") is (None if "branches/main" in path else True)


def test_a_plan_without_rulesets_has_none():
    upgrade = "403 Upgrade to GitHub Pro or make this repository public to enable this feature."
    assert has_no_rulesets(RefusedError(upgrade, 403))
    assert has_no_rulesets(NotFoundError("not found"))
    assert not has_no_rulesets(RefusedError("403 Resource not accessible by integration", 403))


def test_old_and_large_forms_of_classic_protection_are_understood():
    spared = {"users": [{"login": "mona"}], "teams": [{"slug": "core"}], "apps": []}
    shown = {
        "required_status_checks": {"strict": False, "contexts": [GATE]},
        "enforce_admins": {"enabled": False},
        "required_pull_request_reviews": {"bypass_pull_request_allowances": spared},
    }
    found = parse_classic(shown)
    assert found.checks == (RequiredCheck(GATE),)
    assert (found.enforce_admins, found.pulls, found.pull_bypass) == (False, True, ("mona", "core"))


def test_the_app_asks_only_to_read_of_administration():
    assert PROTECTION["administration"] == "read"
