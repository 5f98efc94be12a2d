"""What landed and what was let in, on both databases."""

from dataclasses import replace

from app.policy.values import Sha
from app.store import landings
from app.store.deployments import StoredDeployment, let_in, note_state, record_answer, was_answered
from app.store.landings import Landing
from app.store.work import work

A, B, C = (Sha(letter * 40) for letter in "abc")
LANDED = Landing(5, "main", A, B, None, B, "f", False, "it was pushed", False, "", None, None, 10.0)
LET_IN = StoredDeployment(5, 17_000_000_000, 1, "Prod", A, "approved", "It may", "waiting", "run", 1.0)


async def test_a_landing_is_recorded_once_for_its_branch(database):
    baseline = replace(LANDED, after_sha=A, head_sha=A)
    async with work(database) as db:
        assert not await landings.is_recorded(db, 5)
        assert await landings.record_landing(db, baseline)
        assert await landings.record_landing(db, LANDED)
        assert not await landings.record_landing(db, replace(LANDED, approved=True))
        assert await landings.record_landing(db, replace(LANDED, branch="next", approved=True))
        assert await landings.position(db, 5, "main") == B
        assert await landings.position(db, 5, "other") is None
        assert await landings.baselines(db, 5, ["main", "next"]) == [A]
        assert await landings.is_recorded(db, 5)
        assert await landings.landing_at(db, 5, ["main", "next"], B) == LANDED
        assert (await landings.landing_at(db, 5, ["next", "main"], B)).approved
        assert await landings.landing_at(db, 5, ["main"], C) is None
        assert await landings.landing_at(db, 6, ["main"], B) is None


async def test_only_what_strayed_is_judged_again(database):
    async with work(database) as db:
        for landing in (LANDED, replace(LANDED, after_sha=C, pull=7), replace(LANDED, after_sha=A)):
            await landings.record_landing(db, landing)
        assert await landings.strays_since(db, 5, "main", 10.0) == [LANDED]
        assert await landings.strays_since(db, 5, "main", 11.0) == []
        assert await landings.forget_landing(db, LANDED)
        assert not await landings.forget_landing(db, LANDED)
        assert not await landings.forget_landing(db, replace(LANDED, after_sha=C))


async def test_an_answer_stands_and_names_of_environments_know_no_case(database):
    async with work(database) as db:
        assert await record_answer(db, LET_IN)
        assert not await record_answer(db, replace(LET_IN, decided="rejected"))
        assert await record_answer(db, replace(LET_IN, attempt=2, sha=B, at=2.0))
        assert await record_answer(db, replace(LET_IN, attempt=3, sha=C, decided="rejected", at=3.0))
        assert await was_answered(db, 5, LET_IN.workflow_run, 1, "PROD")
        assert not await was_answered(db, 5, LET_IN.workflow_run, 4, "prod")
        assert not await was_answered(db, 5, LET_IN.workflow_run, 1, "staging")
        assert await let_in(db, 5, "prod") == [B, A]
        assert await let_in(db, 5, "staging") == []
        await note_state(db, 5, "PROD", A, "success")
