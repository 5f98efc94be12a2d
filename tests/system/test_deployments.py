"""What may be deployed, on a real Quorum whose worker is killed at each step of the first answer and of each record."""

import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.support import doomed
from tests.support.deployers import Yard, write_script
from tests.support.stories import Theatre

pytestmark = pytest.mark.long

POLICY = """\
perspectives: [security, testing]
required: [security]
environments:
  careful: {after: [staging], soak_minutes: 30}
  schema: {migrations: reversible}
"""
STEPS = ("land/landings", "deploy/decision", "deploy/answer", "deploy/recorded")
GUARDED = ("prod", "careful", "schema", "lost", "archive", "past", "shared")
ROOT = str(Path(__file__).parents[2])


@pytest.fixture(scope="module")
def yard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Yard]:
    home = tmp_path_factory.mktemp("deployments")
    write_script(home / "script.yml")
    (home / "points").write_text("\n".join(f"{step} {moment}" for step in STEPS for moment in ("before", "after")))
    command = [sys.executable, str(Path(doomed.__file__)), "serve"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QUORUM_DATA_DIR", str(home))
        settings = {"DOOM": str(home), "PYTHONPATH": ROOT, "QUORUM_POLL_S": "1"}
        with Theatre(f"scripted:{home / 'script.yml'}", command, **settings) as theatre:
            yard = Yard(theatre, POLICY)
            for environment in GUARDED:
                yard.guard(environment)
            yard.start()
            yield yard


@pytest.fixture(scope="module")
def landed(yard: Yard) -> str:
    """A change that the council approved, deployed to production."""
    sha = yard.land("first", {"tally/first.py": "ONE = 1\n"})
    state, comment = yard.deploy("prod")
    assert state == "approved", f"{comment}\n{yard.theatre.report()}"
    return sha


def test_what_stood_there_before_quorum_came_does_not_go(yard: Yard):
    state, comment = yard.deploy("past")
    assert state == "rejected"
    assert "before Quorum came" in comment


def test_what_landed_with_an_approval_goes_and_is_on_record(yard: Yard, landed: str):
    rows = "SELECT sha, decided, state FROM deployments WHERE environment = 'prod' AND decided = 'approved'"
    told = [(landed, "approved", "success")]
    yard.theatre.until("the word of how it went", lambda: yard.theatre.rows(rows)[:1] == told)


@pytest.mark.parametrize("method", ["merge", "rebase"])
def test_however_it_was_merged_it_is_known_again(yard: Yard, landed: str, method: str):
    yard.land(f"by-{method}", {f"tally/by_{method}.py": "TWO = 2\n"}, method)
    assert yard.deploy("prod")[0] == "approved"


def test_a_push_does_not_go_a_rollback_does_and_taking_the_push_back_opens_the_way(yard: Yard, landed: str):
    pushed = yard.push({"tally/pushed.py": "THREE = 3\n"})
    state, comment = yard.deploy("prod")
    assert state == "rejected"
    assert pushed[:12] in comment
    assert "without a pull request" in comment
    yard.land("on-top", {"tally/on_top.py": "FOUR = 4\n"})
    assert yard.deploy("prod")[0] == "rejected", "the push is still in it"

    state, comment = yard.deploy("prod", landed)
    assert (state, "let in before" in comment) == ("approved", True)

    head = yard.revert(pushed, "take-back")
    number = yard.open("take-back")
    assert yard.gate(head) == "success"
    yard.merge(number)
    state, comment = yard.deploy("prod")
    assert state == "approved", comment


def test_a_request_whose_event_was_lost_is_found(yard: Yard, landed: str):
    yard.land("found", {"tally/found.py": "FIVE = 5\n"})
    assert yard.deploy("prod")[0] == "approved"
    yard.theatre.control("hooks", {"lost": True, "events": "^deployment_protection_rule$"})
    try:
        assert yard.deploy("prod", landed)[0] == "approved"
    finally:
        yard.theatre.control("hooks", {})


def test_what_must_soak_waits_and_goes_when_it_has(yard: Yard, landed: str):
    run = yard.ask("careful", landed)
    asleep = "SELECT 1 FROM runs WHERE workflow = 'deploy' AND state = 'waiting' AND waits_for LIKE 'deployments:%'"
    yard.theatre.until("the run to sleep", lambda: yard.theatre.rows(asleep))
    yard.end("staging", yard.ask("staging", landed))
    assert yard.answers(run) == []
    for deployment in yard.theatre.repository.deployments.values():
        if deployment["environment"] == "staging":
            earlier = datetime.now(UTC) - timedelta(minutes=31)
            deployment["statuses"][0]["created_at"] = earlier.strftime("%Y-%m-%dT%H:%M:%SZ")
    yard.end("elsewhere", yard.ask("elsewhere"))
    assert yard.answer(run)[0] == "approved"


def test_what_somebody_else_keeps_waiting_is_not_answered_again(yard: Yard, landed: str):
    """Another App's rule has not spoken: each sweep finds the run waiting."""
    world, environment = yard.theatre.world, yard.theatre.repository.environments["shared"]
    environment["rules"][0] = world.add_app("other", "", {}, frozenset(), ("", "")).id
    run = yard.ask("shared", landed)
    assert yard.answer(run)[0] == "approved"
    yard.theatre.control("hooks", {"lost": True, "events": "^deployment_protection_rule$"})
    try:
        assert yard.deploy("prod", landed)[0] == "approved"
    finally:
        yard.theatre.control("hooks", {})
    assert len(yard.answers(run)) == 1
    assert yard.theatre.rows("SELECT reason FROM runs WHERE workflow = 'deploy' AND state = 'failed'") == []


def test_a_migration_without_a_way_back_stays_out(yard: Yard, landed: str):
    stuck = yard.land("stuck", {"migrations/1.sql": "DROP TABLE tally;\n"})
    state, comment = yard.deploy("schema", stuck)
    assert (state, "`migrations/1.sql`" in comment) == ("rejected", True)


def test_newer_than_the_approval_is_not_approved(yard: Yard, landed: str):
    head = yard.push({"tally/late.py": "SEVEN = 7\n"}, "late")
    number = yard.open("late")
    assert yard.gate(head) == "success"
    yard.push({"tally/late.py": "EVIL = 1\n"}, "late")
    yard.merge(number)
    state, comment = yard.deploy("prod")
    assert state == "rejected"
    assert f"#{number}" in comment


def test_what_was_approved_under_an_older_policy_is_rejected(yard: Yard):
    """It stands before the new policy, which asks for more; what brought the policy was judged by it as well."""
    lax = yard.land("lax", {"tally/lax.py": "EIGHT = 8\n"})
    yard.land("strict", {".github/quorum.yml": POLICY.replace("required: [security]", "required: all")}, by_hand=True)
    state, comment = yard.deploy("archive")
    assert state == "rejected"
    assert "the one in force asks for more" in comment
    assert lax[:12] not in comment


def test_every_request_was_answered_once_though_the_worker_died_at_each_step(yard: Yard, landed: str):
    home = Path(yard.theatre.settings["DOOM"])
    for number in range(2 * len(STEPS)):
        if len(list(home.glob("died-*"))) == 2 * len(STEPS):
            break
        yard.land(f"again-{number}", {f"tally/again_{number}.py": "NINE = 9\n"})
        yard.deploy("prod", landed)
    assert len(list(home.glob("died-*"))) == 2 * len(STEPS)
    asked = [run for run in yard.theatre.repository.workflow_runs.values() if run["answers"]]
    assert asked
    assert all(len(run["answers"]) == 1 for run in asked)
    told = yard.theatre.rows(
        "SELECT count(*) FROM audit WHERE action IN ('deployment approved', 'deployment rejected')"
    )
    assert told == [(len(asked),)]
