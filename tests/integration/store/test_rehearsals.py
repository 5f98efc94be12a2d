"""A rehearsal begins with what is on record of one pull request, and nothing of it is kept."""

from app.policy.finding import Outcome
from app.policy.request import RunRequest
from app.policy.values import Repo, Sha
from app.runs.admission import request_run
from app.store import looks, reviews, statements
from app.store.rehearsals import rehearsal
from app.store.reviews import Examination, StoredVerdict
from app.store.statements import Statement
from app.store.work import work

TALLY = Repo(1, 11, "acme", "tally")
HEAD = Sha("1" * 40)
WORD = Statement("comment:1", 11, 7, "veto", "", "ada", "write", "wait", HEAD, "d" * 64, 1.0)


async def fill(database, number):
    seen = Examination(f"run-{number}", 11, number, HEAD, "d" * 64, "passed", ("a",))
    given = StoredVerdict(
        f"run-{number}", "testing", 11, number, HEAD, HEAD, "d", Outcome.APPROVED, 0.9, "m", "s", same=("exact",)
    )
    async with work(database) as db:
        await looks.keep_head(db, 11, number, HEAD, pushed_by="ada", diff="d" * 64)
        await looks.keep_label(db, 11, number, "hot", "ada", trusted=True)
        await statements.keep(db, "acme/tally#7", Statement(**{**vars(WORD), "id": f"c:{number}", "pull": number}))
        await reviews.save_review(db, seen, [given], ())
        await request_run(db, RunRequest("review", TALLY, number, f"key-{number}", "forever", "serial"))


async def told(database, number):
    async with database.connect() as db:
        return (
            await looks.heads_of(db, 11, number),
            await looks.labels_of(db, 11, number),
            await statements.statements_of(db, 11, number),
            await reviews.latest_verdicts(db, 11, number, HEAD),
            await reviews.latest_examination(db, 11, number, HEAD),
        )


async def test_it_holds_what_is_on_record_of_this_pull_request_alone(database):
    await fill(database, 7)
    await fill(database, 8)

    async with rehearsal(database, TALLY, 7) as copy:
        assert await told(copy, 7) == await told(database, 7)
        assert await told(copy, 8) == ([], {}, [], [], None)


async def test_what_is_written_to_it_is_gone_afterwards(database):
    await fill(database, 7)
    before = await told(database, 7)

    async with rehearsal(database, TALLY, 7) as copy:
        async with work(copy) as db:
            await looks.keep_head(db, 11, 7, Sha("2" * 40))
            await statements.withdraw(db, "acme/tally#7", ["c:7"], "ada")
        assert await told(copy, 7) != before
    assert await told(database, 7) == before
