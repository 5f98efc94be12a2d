"""The store on both databases."""

import asyncio

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import delete, text, update

from app.policy.finding import Finding, Outcome, Severity
from app.policy.protection import Protection
from app.policy.values import MicroUsd, Sha
from app.store import audit, inbox, protections, purses, reviews, usage
from app.store.engine import migrate
from app.store.inbox import Delivery
from app.store.tables import audit as audit_table
from app.store.tables import metadata
from app.store.work import work

HEAD, BASE = Sha("a" * 40), Sha("b" * 40)


async def test_migrations_make_the_tables_that_the_code_names(database):
    async with database.connect() as db:
        found = await db.run_sync(lambda sync: compare_metadata(MigrationContext.configure(sync), metadata))
    assert found == []


async def test_migrating_twice_at_once_is_harmless(database):
    await asyncio.gather(migrate(database), migrate(database))


async def test_a_delivery_is_stored_once_however_often_it_comes(database):
    async def store() -> bool:
        async with work(database) as db:
            return await inbox.accept(db, Delivery("one", "push", b"{}", 1.0))

    stored = await asyncio.gather(*(store() for _ in range(10)))
    assert sorted(stored) == [False] * 9 + [True]


async def test_a_delivery_is_handled_once(database):
    async with work(database) as db:
        await inbox.accept(db, Delivery("one", "push", b"{}", 1.0))
    async with work(database) as db:
        assert await inbox.pending(db, 2.0, 10) == ["one"]
        assert await inbox.mark_handled(db, "one", "nothing to do")
        assert not await inbox.mark_handled(db, "one", "again")
        assert await inbox.load(db, "one") is None
        assert await inbox.pending(db, 2.0, 10) == []


async def test_what_fails_leaves_nothing_behind(database):
    async def fail() -> None:
        async with work(database) as db:
            await inbox.accept(db, Delivery("one", "push", b"{}", 1.0))
            raise RuntimeError("on the way")

    with pytest.raises(RuntimeError, match="on the way"):
        await fail()
    async with work(database) as db:
        assert await inbox.load(db, "one") is None


async def _log(database, count: int) -> tuple[int, str]:
    for number in range(count):
        async with work(database) as db:
            await audit.append(db, "mona", "did", f"thing {number}", {"number": number})
    async with database.connect() as db:
        return await audit.head(db)


async def test_an_untouched_audit_log_holds(database):
    anchor = await _log(database, 5)
    async with database.connect() as db:
        report = await audit.verify(db, anchor)
    assert (report.entries, report.fault, report.head) == (5, None, anchor)


async def test_entries_appended_at_once_make_one_chain(database):
    async def append(number: int) -> None:
        async with work(database) as db:
            await audit.append(db, "mona", "did", str(number), {})

    await asyncio.gather(*(append(number) for number in range(12)))
    async with database.connect() as db:
        assert (await audit.verify(db)).fault is None


@pytest.mark.parametrize(
    ("what", "tamper", "fault"),
    [
        ("edited", update(audit_table).where(audit_table.c.seq == 3).values(actor="eve"), "entry 3 was changed"),
        ("taken out", delete(audit_table).where(audit_table.c.seq == 3), "entry 3 is missing"),
        ("cut off", delete(audit_table).where(audit_table.c.seq > 3), "entry 5 with hash"),
        ("moved in time", update(audit_table).where(audit_table.c.seq == 5).values(at=1.0), "entry 5 was changed"),
    ],
)
async def test_an_audit_log_that_was_touched_shows_it(database, what, tamper, fault):
    anchor = await _log(database, 5)
    async with work(database) as db:
        await db.execute(tamper)
    async with database.connect() as db:
        assert (await audit.verify(db, anchor)).fault.startswith(fault), what


async def test_an_audit_log_that_was_written_anew_is_not_the_anchored_one(database):
    anchor = await _log(database, 3)
    async with work(database) as db:
        await db.execute(text("DELETE FROM audit"))
    await _log(database, 4)
    async with database.connect() as db:
        assert (await audit.verify(db)).fault is None
        assert (await audit.verify(db, anchor)).fault is not None


def _verdict(run: str, perspective: str, outcome: Outcome, head: Sha = HEAD) -> reviews.StoredVerdict:
    return reviews.StoredVerdict(
        run, perspective, 7, 1, head, BASE, f"print of {head[:1]}", outcome, 0.9, "scripted", "fine"
    )


async def test_the_newest_verdict_of_a_head_counts_and_is_stored_once(database):
    seen = reviews.Examination("r1", 7, 1, HEAD, "print of a", "passed", ())
    finding = Finding(
        severity=Severity.MAJOR, category="c", path="a.py", start_line=1, end_line=1, quote="x", claim="wrong"
    )
    stored = reviews.StoredFinding("r1:0", "r1", 7, 1, "testing", HEAD, finding, "published")
    for _ in range(2):
        async with work(database) as db:
            await reviews.save_review(db, seen, [_verdict("r1", "testing", Outcome.BLOCKED)], [stored])
    async with work(database) as db:
        again = reviews.Examination("r2", 7, 1, HEAD, "print of a", "failed", ("big.txt",))
        await reviews.save_review(db, again, [_verdict("r2", "testing", Outcome.APPROVED)], [])
    async with database.connect() as db:
        assert [each.outcome for each in await reviews.latest_verdicts(db, 7, 1, HEAD)] == [Outcome.APPROVED]
        assert len(await reviews.verdicts_of(db, 7, 1)) == 2
        assert await reviews.findings_of(db, 7, 1) == [stored]
        assert await reviews.latest_examination(db, 7, 1, HEAD) == again
        assert await reviews.latest_examination(db, 8, 1, HEAD) is None


async def test_a_verdict_is_found_by_its_diff_and_a_later_one_of_that_diff_takes_its_place(database):
    async with work(database) as db:
        seen = reviews.Examination("r1", 7, 1, HEAD, "print of a", "passed", ())
        await reviews.save_review(db, seen, [_verdict("r1", "security", Outcome.APPROVED)], [])
    async with database.connect() as db:
        (found,) = await reviews.verdicts_of_diff(db, 7, 1, "print of a")
        assert found.outcome is Outcome.APPROVED
        assert await reviews.verdicts_of_diff(db, 7, 1, "another") == []
    async with work(database) as db:
        seen = reviews.Examination("r2", 7, 1, HEAD, "print of a", "passed", ())
        await reviews.save_review(db, seen, [_verdict("r2", "security", Outcome.BLOCKED)], [])
    async with database.connect() as db:
        (found,) = await reviews.verdicts_of_diff(db, 7, 1, "print of a")
        assert found.outcome is Outcome.BLOCKED


async def test_usage_is_summed_by_run(database):
    tokens = {"input": 10, "cache_read": 5, "cache_write": 1, "output": 2, "cost": 30}
    async with work(database) as db:
        for run, call in (("r1", "a"), ("r1", "b"), ("r2", "a")):
            await purses.take(db, run, call, 7, "writer", MicroUsd(99))
            await purses.settle(db, run, call, "m", tokens)
        await purses.take(db, "r1", "under way", 7, "writer", MicroUsd(99))
    async with database.connect() as db:
        assert await usage.totals(db, "r1") == usage.Totals(2, 32, 4, 60)
        assert (await usage.totals(db)).calls == 3


async def test_a_repository_is_looked_at_by_one_and_not_again_before_its_time(database):
    async def claim(now: float) -> bool:
        async with work(database) as db:
            return await protections.claim_look(db, 7, now, 60.0)

    assert sorted(await asyncio.gather(*(claim(100.0) for _ in range(5)))) == [False] * 4 + [True]
    assert [await claim(now) for now in (159.0, 160.0, 161.0)] == [False, True, False]


async def test_what_a_branch_demanded_is_kept_until_it_is_noticed_once_and_settled(database):
    held = Protection(required=True, bound=True, by=("the ruleset `a`",), pulls=None, bypass=("mona",))
    async with work(database) as db:
        for branch in ("main", "dev"):
            await protections.remember(db, 7, branch, held)
        assert [await protections.notice(db, 7, "main", now, ["gone"]) for now in (1.5, 2.5)] == [True, False]
        await protections.told_in(db, 7, "main", 12)
        await protections.lose(db, 7, "main", ["gone", "more"])
    async with work(database) as db:
        found = await protections.watched(db, 7)
        assert found["main"] == protections.Watched("main", held, 1.5, 12, ("gone", "more"))
        assert found["dev"] == protections.Watched("dev", held)
        await protections.remember(db, 7, "main", Protection(required=True, bound=True))
        await protections.forget(db, 7, "dev")
        assert await protections.watched(db, 8) == {}
        (only,) = (await protections.watched(db, 7)).values()
        assert only == protections.Watched("main", Protection(required=True, bound=True))
