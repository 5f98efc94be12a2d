"""The gate is taken away behind our back: it is noticed once, told of once, and forgotten when it is back."""

import json
import ssl

import httpx
import pytest
from sqlalchemy import select, update

from app.emulator.issue_events import close
from app.forge.api import Forge
from app.forge.errors import UnknownOutcomeError
from app.jobs.guard import look_at_protection
from app.policy.values import Repo
from app.store.tables import audit, locks
from app.store.work import work

GATE = "quorum/gate"


class Guarded:
    """A repository with rulesets, and the look at them."""

    def __init__(self, hosted, database, client) -> None:
        self.hosted, self.database = hosted, database
        self.forge = Forge(hosted.settings, client, hosted.key_file.read_text(), write_gap_s=0)
        (installation,) = hosted.stage.world.installations.values()
        self.repo = Repo(installation.id, hosted.repository.id, "mona", hosted.repository.name)
        self.app = installation.app

    def call(self, method, path, body=None):
        return self.hosted.mona.call(method, f"{self.hosted.repo}/{path}", body)

    def require(self, *, pulls=True, branch="~DEFAULT_BRANCH", name="gate", **more):
        check = {"context": GATE, "integration_id": self.app.id}
        rules = [{"type": "required_status_checks", "parameters": {"required_status_checks": [check]}}]
        rules += [{"type": "pull_request"}] if pulls else []
        conditions = {"ref_name": {"include": [branch], "exclude": []}}
        body = {"name": name, "enforcement": "active", "conditions": conditions, "rules": rules, **more}
        return self.call("POST", "rulesets", body)["id"]

    async def hour_passes(self):
        async with work(self.database) as db:
            await db.execute(update(locks).values(until=0.0))

    async def look(self, times=1):
        for _ in range(times):
            await self.hour_passes()
            await look_at_protection(self.database, self.forge, self.repo)

    def issues(self, state="open"):
        return self.call("GET", f"issues?state={state}")

    async def entries(self):
        async with self.database.connect() as db:
            rows = await db.execute(select(audit).where(audit.c.action.like("protection%")).order_by(audit.c.seq))
            return [(row.action, json.loads(row.detail)) for row in rows]


@pytest.fixture
async def guarded(hosted, sqlite):
    no_authorities = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # reading them takes longer than the test
    async with httpx.AsyncClient(timeout=60.0, trust_env=False, verify=no_authorities) as client:
        yield Guarded(hosted, sqlite, client)


async def test_a_gate_that_is_gone_is_told_of_once_and_the_issue_closes_when_it_is_back(guarded, told):
    ruleset = guarded.require()
    await guarded.look()
    guarded.call("DELETE", f"rulesets/{ruleset}")
    await guarded.look(times=3)
    (issue,) = guarded.issues()
    assert issue["title"] == "The merge gate is no longer required on `main`"
    assert issue["user"]["login"] == "quorum[bot]"
    assert "- nothing requires it any more\n" in issue["body"]
    assert "`quorum setup protect mona/sample`" in issue["body"]
    lost = ["nothing requires it any more", "changes can be pushed without a pull request"]
    assert await guarded.entries() == [("protection loosened", {"branch": "main", "lost": lost})]
    assert [each["branch"] for each in told if each["log_level"] == "warning"] == ["main"]

    guarded.require()
    await guarded.look(times=2)
    assert guarded.issues() == []
    (closed,) = guarded.issues("closed")
    (comment,) = guarded.call("GET", f"issues/{closed['number']}/comments")
    assert comment["body"].endswith("`main` demands again what it demanded before.")
    assert [action for action, _ in await guarded.entries()] == ["protection loosened", "protection returned"]


async def test_a_second_loss_is_a_second_issue(guarded):
    for _ in range(2):
        ruleset = guarded.require()
        await guarded.look()
        guarded.call("DELETE", f"rulesets/{ruleset}")
        await guarded.look()
    assert [len(guarded.issues(state)) for state in ("open", "closed")] == [1, 1]


CHANGES = {
    "disabled": ({"enforcement": "disabled"}, "nothing requires it any more"),
    "only tried": ({"enforcement": "evaluate"}, "nothing requires it any more"),
    "unbound": (
        {
            "rules": [
                {"type": "pull_request"},
                {"type": "required_status_checks", "parameters": {"required_status_checks": [{"context": GATE}]}},
            ]
        },
        "it counts from others than our App",
    ),
}


@pytest.mark.parametrize(("change", "words"), CHANGES.values(), ids=list(CHANGES))
async def test_each_way_to_loosen_it_is_noticed(guarded, change, words):
    ruleset = guarded.require()
    await guarded.look()
    guarded.call("PUT", f"rulesets/{ruleset}", change)
    await guarded.look()
    (issue,) = guarded.issues()
    assert f"- {words}\n" in issue["body"]


async def test_classic_protection_that_spares_administrators_is_noticed(guarded):
    required = {"strict": False, "checks": [{"context": GATE, "app_id": guarded.app.id}]}
    body = {"required_status_checks": required, "required_pull_request_reviews": {}, "restrictions": None}
    guarded.call("PUT", "branches/main/protection", {**body, "enforce_admins": True})
    await guarded.look()
    guarded.call("PUT", "branches/main/protection", {**body, "enforce_admins": False})
    await guarded.look()
    (issue,) = guarded.issues()
    assert (issue["title"], "gone around by administrators" in issue["body"]) == (
        "The merge gate was loosened on `main`",
        True,
    )


async def test_branches_that_need_not_be_up_to_date_any_more_are_noticed_and_what_is_not_shown_is_not(guarded):
    required = {"strict": True, "checks": [{"context": GATE, "app_id": guarded.app.id}]}
    body = {"required_status_checks": required, "required_pull_request_reviews": {}, "restrictions": None}
    guarded.call("PUT", "branches/main/protection", {**body, "enforce_admins": True})
    await guarded.look()
    granted = guarded.app.permissions.pop("administration")
    await guarded.look()
    assert guarded.issues() == []
    guarded.app.permissions["administration"] = granted
    loose = {**body, "required_status_checks": {**required, "strict": False}, "enforce_admins": True}
    guarded.call("PUT", "branches/main/protection", loose)
    await guarded.look()
    (issue,) = guarded.issues()
    assert "- branches need not be up to date any more\n" in issue["body"]


async def test_what_is_lost_later_is_added_to_the_same_issue_once(guarded):
    ruleset = guarded.require()
    await guarded.look()
    rules = guarded.call("GET", f"rulesets/{ruleset}")["rules"]
    guarded.call("PUT", f"rulesets/{ruleset}", {"rules": rules[:1]})
    await guarded.look()
    guarded.call("DELETE", f"rulesets/{ruleset}")
    await guarded.look(times=2)
    (issue,) = guarded.issues()
    (comment,) = guarded.call("GET", f"issues/{issue['number']}/comments")
    assert "too:\n\n- nothing requires it any more" in comment["body"]


async def test_an_administrator_who_closes_the_issue_has_the_last_word(guarded):
    ruleset = guarded.require()
    await guarded.look()
    guarded.call("DELETE", f"rulesets/{ruleset}")
    await guarded.look()
    (issue,) = guarded.issues()
    guarded.call("PATCH", f"issues/{issue['number']}", {"state": "closed"})
    await guarded.look(times=2)
    assert len(guarded.issues("all")) == 1
    assert [action for action, _ in await guarded.entries()] == ["protection loosened", "protection accepted"]


@pytest.mark.parametrize("role", ["triage", "maintain", "bot", "merge"])
async def test_nobody_else_says_that_it_is_meant(guarded, role):
    ruleset = guarded.require()
    await guarded.look()
    guarded.call("DELETE", f"rulesets/{ruleset}")
    await guarded.look()
    (issue,) = guarded.issues()
    world, repository = guarded.hosted.stage.world, guarded.hosted.repository
    if role in {"triage", "maintain"}:
        tom = guarded.hosted.stage.person("tom")
        repository.permissions["tom"] = role
        tom.call("PATCH", f"{guarded.hosted.repo}/issues/{issue['number']}", {"state": "closed"})
    else:
        actor = guarded.app.bot if role == "bot" else world.users["mona"]
        close(world, repository, repository.issues[issue["number"]], actor)
        repository.issue_events[-1]["commit_id"] = "0" * 40 if role == "merge" else None

    await guarded.look(times=2)

    assert [each["number"] for each in guarded.issues()] == [issue["number"]]
    (comment,) = guarded.call("GET", f"issues/{issue['number']}/comments")
    assert "only an administrator" in comment["body"]
    assert [action for action, _ in await guarded.entries()] == ["protection loosened"]


async def test_an_issue_that_was_taken_away_is_told_anew(guarded):
    """Whoever may write can move an issue to another repository."""
    ruleset = guarded.require()
    await guarded.look()
    guarded.call("DELETE", f"rulesets/{ruleset}")
    await guarded.look()
    (issue,) = guarded.issues()
    del guarded.hosted.repository.issues[issue["number"]]
    await guarded.look(times=2)
    assert len(guarded.issues()) == 1


async def test_a_branch_that_never_required_it_is_not_told_of(guarded):
    await guarded.look(times=2)
    assert guarded.issues("all") == []


async def test_a_branch_that_required_it_is_watched_when_another_has_become_the_default(guarded):
    ruleset = guarded.require(branch="refs/heads/main")
    await guarded.look()
    main = guarded.call("GET", "git/ref/heads/main")["object"]["sha"]
    guarded.call("POST", "git/refs", {"ref": "refs/heads/trunk", "sha": main})
    guarded.hosted.repository.default_branch = "trunk"
    guarded.call("DELETE", f"rulesets/{ruleset}")
    await guarded.look()
    assert [each["title"][-6:] for each in guarded.issues()] == ["`main`"]


async def test_what_cannot_be_seen_is_no_news(guarded):
    """Rulesets that are refused, a branch that is gone, and fewer permissions than before."""
    guarded.require()
    await guarded.look()
    guarded.hosted.break_down("/rules/branches/", status=403)
    await guarded.look()
    guarded.hosted.break_down("/branches/main$", status=404)
    await guarded.look()
    guarded.hosted.break_down("nothing")
    guarded.app.permissions.pop("administration")
    await guarded.look()
    assert guarded.issues("all") == []


async def test_an_issue_whose_answer_was_lost_is_not_opened_twice(guarded):
    ruleset = guarded.require()
    await guarded.look()
    guarded.call("DELETE", f"rulesets/{ruleset}")
    guarded.hosted.break_down("/issues$", method="POST", after=True, times=1)
    with pytest.raises(UnknownOutcomeError):
        await guarded.look()
    await guarded.look(times=2)
    assert len(guarded.issues("all")) == 1
    assert len(await guarded.entries()) == 1


async def test_the_poll_looks_once_an_hour(guarded, hosted, sqlite):
    ruleset = guarded.require()
    await hosted.poll(sqlite)
    guarded.call("DELETE", f"rulesets/{ruleset}")
    await hosted.poll(sqlite)
    assert guarded.issues("all") == []
    await guarded.hour_passes()
    await hosted.poll(sqlite)
    assert len(guarded.issues("all")) == 1
