"""What became of findings, on both databases."""

import time
from dataclasses import replace

from app.policy.facts import TestResult
from app.policy.finding import Finding, Outcome, Severity
from app.policy.records import Record, Tally, Theme, theme_of
from app.policy.values import Sha
from app.store import outcomes
from app.store.outcomes import Settled
from app.store.reviews import Examination, FindingState, StoredFinding, StoredVerdict, save_review, verdicts_of
from app.store.work import work

HEAD = Sha("a" * 40)
PASSED: TestResult = "passed"
ONE = Settled(7, 1, "testing", "k1", "style", "app/**/*.py", blocks=False, fate="dismissed")
THEME = Theme("testing", "style", "app/**/*.py")


async def keep(database, *settled: Settled) -> None:
    async with work(database) as db:
        for pull in sorted({each.pull for each in settled}):
            mine = [each for each in settled if each.pull == pull]
            await outcomes.keep_outcomes(db, 7, pull, mine, seen_at=time.time())


async def read(database, what, *args):
    async with work(database) as db:
        return await what(db, 7, *args)


async def test_a_pull_request_that_is_settled_again_is_counted_once(database):
    block = replace(ONE, key="k2", blocks=True, fate="acted")
    refuted = replace(ONE, key="k3", blocks=True, fate="refuted", perspective="api")
    await keep(database, ONE, block, refuted)
    await keep(database, replace(ONE, fate="acted"), block, refuted)
    await keep(database, replace(ONE, repo_id=8))

    assert await read(database, outcomes.records_of) == [
        Record("api", blocking=Tally(refuted=1)),
        Record("testing", blocking=Tally(acted=1), advice=Tally(acted=1)),
    ]


async def test_advice_is_silenced_by_three_pull_requests_and_by_nothing_else(database):
    twice = [replace(ONE, pull=pull) for pull in (1, 2)]
    await keep(database, *twice, replace(ONE, key="k9"))
    assert await read(database, outcomes.silenced_in) == {}

    third = replace(ONE, pull=3)
    await keep(database, replace(third, blocks=True), replace(third, key="k4", fate="left"))
    await keep(database, replace(third, key="k5", area="docs/**/*.md"), replace(third, key="k6", perspective="api"))
    assert await read(database, outcomes.silenced_in) == {}

    await keep(database, replace(third, key="k7"))
    assert await read(database, outcomes.silenced_in) == {THEME: 3}


async def test_security_is_never_silenced(database):
    await keep(database, *(replace(ONE, perspective="security", pull=pull) for pull in range(1, 9)))

    assert await read(database, outcomes.silenced_in) == {}


async def test_after_an_undo_only_what_is_dismissed_anew_counts(database):
    four = [replace(ONE, pull=pull) for pull in (1, 2, 3, 4)]
    await keep(database, *four)
    assert await read(database, outcomes.silenced_in) == {THEME: 4}

    await read(database, outcomes.unsilence, THEME)
    await read(database, outcomes.unsilence, THEME)
    await keep(database, *four)
    assert await read(database, outcomes.silenced_in) == {}

    await keep(database, *(replace(ONE, pull=pull) for pull in (5, 6, 7)))
    assert await read(database, outcomes.silenced_in) == {THEME: 3}


def stored(pull: int, state: FindingState = "published") -> StoredFinding:
    said = Finding(
        severity=Severity.NIT, category="c", path="a", start_line=1, end_line=1, quote="x", claim="It is so."
    )
    return StoredFinding(f"f{pull}{state}", f"run {pull}", 7, pull, "testing", HEAD, said, state)


async def test_what_is_newer_than_its_settling_or_was_never_settled_is_found(database):
    async with work(database) as db:
        for found in (stored(1), stored(2), stored(3, "dropped"), stored(4, "withdrawn")):
            await save_review(db, Examination(found.run_id, 7, found.pull, HEAD, "d", PASSED, ()), [], [found])
    await keep(database, replace(ONE, pull=1))
    assert await read(database, outcomes.unsettled) == [2, 4]

    later = replace(stored(1), id="later", run_id="again")
    async with work(database) as db:
        await save_review(db, Examination("again", 7, 1, HEAD, "d", PASSED, ()), [], [later])
    assert await read(database, outcomes.unsettled) == [1, 2, 4]


async def test_what_a_review_says_while_its_pull_request_is_settled_is_settled_later(database):
    seen_at = time.time() - 1  # it was read before the review kept it
    async with work(database) as db:
        await save_review(db, Examination("run 1", 7, 1, HEAD, "d", PASSED, ()), [], [stored(1)])
        await outcomes.keep_outcomes(db, 7, 1, [], seen_at=seen_at)
    assert await read(database, outcomes.unsettled) == [1]


async def test_what_a_model_says_with_a_nul_in_it_is_kept_and_settled(database):
    told = {"category": "a\0b", "path": "x\0.py", "claim": "It\0."}
    found = replace(stored(1), finding=stored(1).finding.model_copy(update=told), reason="No\0.")
    verdict = StoredVerdict("run 1", "testing", 7, 1, HEAD, HEAD, "d", Outcome.APPROVED, 0.9, "m", "Re\0ad.")
    theme = theme_of("testing", found.finding)
    async with work(database) as db:
        await save_review(db, Examination("run 1", 7, 1, HEAD, "d", PASSED, ()), [verdict], [found])
        mine = replace(ONE, category=theme.category, area=theme.area)
        await outcomes.keep_outcomes(db, 7, 1, [mine], seen_at=time.time())
        assert [each.summary for each in await verdicts_of(db, 7, 1)] == ["Read."]
    assert await read(database, outcomes.unsettled) == []
