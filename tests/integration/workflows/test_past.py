"""What the readers of a head are told of earlier ones: the same however often their run is taken up."""

from types import SimpleNamespace

from app.policy.finding import Finding, Outcome, Severity
from app.policy.request import RunRequest
from app.policy.values import Repo, Sha
from app.runs.admission import request_run
from app.runs.journal import finish_step
from app.runs.lease import claim
from app.store.reviews import Examination, StoredFinding, StoredVerdict, save_review
from app.store.work import work
from app.workflows.past import newest, read_past
from app.workflows.texts import handle

HEAD = Sha("a" * 40)
PULL = SimpleNamespace(number=1, author="quorum[bot]", from_here=True, head_ref="quorum/issue-5-it")


class Journal:
    """Of one run."""

    def __init__(self):
        self.run = SimpleNamespace(id="run", repo=SimpleNamespace(id=7))
        self.done = {}

    async def step(self, name, do):
        if name not in self.done:
            self.done[name] = await do()
        return self.done[name]


def services_of(database):
    return SimpleNamespace(database=database, forge=SimpleNamespace(login="quorum[bot]"))


async def repair(database, number, finding, text, **more):
    """As the work on an issue or a pull request leaves it in its journal."""
    async with work(database) as db:
        await request_run(
            db, RunRequest("solve", Repo(1, 7, "mona", "x"), number, f"{number}", "finished", f"s{number}")
        )
    (run,) = await claim(database, "w", 60.0)
    answer = {"finding": handle(finding), "place": "a.py", "comment": 3, "text": text}
    for name, value in {**more, "answers-1": [answer]}.items():
        await finish_step(database, run, name, value)


async def say(database, run, head, claim):
    said = Finding(severity=Severity.MINOR, category="c", path="a.py", start_line=1, end_line=1, quote="x", claim=claim)
    async with work(database) as db:
        await save_review(
            db,
            Examination(run, 7, 1, head, "f", "passed", ()),
            [StoredVerdict(run, "testing", 7, 1, head, head, "f", Outcome.APPROVED, 0.9, "m", "Yes.")],
            [StoredFinding(f"{run}-1", run, 7, 1, "testing", head, said, "published")],
        )
    return said


async def test_what_another_head_is_told_meanwhile_changes_nothing_for_a_run_that_has_begun(database):
    journal, services = Journal(), services_of(database)
    await say(database, "r1", Sha("b" * 40), "It is so.")
    first = await read_past(journal, services, PULL, HEAD)
    assert (first.round_, first.said) == (2, ["testing, minor, a.py: It is so."])

    await say(database, "r2", Sha("c" * 40), "And so.")
    assert await read_past(journal, services, PULL, HEAD) == first
    assert (await read_past(Journal(), services, PULL, HEAD)).round_ == 3


async def test_of_an_own_pull_request_the_answers_of_its_repairs_are_told_with_what_they_answer(database):
    services, other = services_of(database), SimpleNamespace(**{**vars(PULL), "author": "mona"})
    said = await say(database, "r1", Sha("b" * 40), "It is so.")
    await repair(database, 5, said, "Not changed: x\n\u2060" + "word " * 200, branch=PULL.head_ref)
    (told,) = (await read_past(Journal(), services, PULL, HEAD)).said
    assert told.startswith("testing, minor, a.py: It is so.\n  Its author answered: Not changed: x word word")
    assert len(told) < 600
    assert (await read_past(Journal(), services, other, HEAD)).said == ["testing, minor, a.py: It is so."]

    await repair(database, 1, said, "Fixed in abc.")
    (told,) = (await read_past(Journal(), services, PULL, HEAD)).said
    assert told.endswith("answered: Fixed in abc."), "a repair of the pull request itself, which came later"


def test_of_more_than_there_is_room_for_the_newest_are_told_each_once():
    assert newest(["aaa", "bb", "aaa", "cc"], 7) == ["aaa", "bb", "cc"]
    assert newest(["aaa", "bb", "aaa", "cc"], 6) == ["bb", "cc"]
    assert newest([], 6) == []
