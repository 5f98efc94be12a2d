"""What the readers of a head are told of earlier ones: the same however often their run is taken up."""

from types import SimpleNamespace

from app.policy.finding import Finding, Outcome, Severity
from app.policy.values import Sha
from app.store.reviews import Examination, StoredFinding, StoredVerdict, save_review
from app.store.work import work
from app.workflows.past import newest, read_past

HEAD = Sha("a" * 40)


class Journal:
    """Of one run."""

    def __init__(self):
        self.run = SimpleNamespace(id="run", repo=SimpleNamespace(id=7))
        self.done = {}

    async def step(self, name, do):
        if name not in self.done:
            self.done[name] = await do()
        return self.done[name]


async def say(database, run, head, claim):
    said = Finding(severity=Severity.MINOR, category="c", path="a.py", start_line=1, end_line=1, quote="x", claim=claim)
    async with work(database) as db:
        await save_review(
            db,
            Examination(run, 7, 1, head, "f", "passed", ()),
            [StoredVerdict(run, "testing", 7, 1, head, head, "f", Outcome.APPROVED, 0.9, "m", "Yes.")],
            [StoredFinding(f"{run}-1", run, 7, 1, "testing", head, said, "published")],
        )


async def test_what_another_head_is_told_meanwhile_changes_nothing_for_a_run_that_has_begun(database):
    journal, services = Journal(), SimpleNamespace(database=database)
    await say(database, "r1", Sha("b" * 40), "It is so.")
    first = await read_past(journal, services, 1, HEAD)
    assert (first.round_, first.said) == (2, ["testing, minor, a.py: It is so."])

    await say(database, "r2", Sha("c" * 40), "And so.")
    assert await read_past(journal, services, 1, HEAD) == first
    assert (await read_past(Journal(), services, 1, HEAD)).round_ == 3


def test_of_more_than_there_is_room_for_the_newest_are_told_each_once():
    assert newest(["aaa", "bb", "aaa", "cc"], 7) == ["aaa", "bb", "cc"]
    assert newest(["aaa", "bb", "aaa", "cc"], 6) == ["bb", "cc"]
    assert newest([], 6) == []
