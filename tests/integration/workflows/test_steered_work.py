"""Words for an issue reach every run that works for it, and no other; on both databases."""

import time

import pytest

from app.policy.request import RunRequest
from app.policy.values import MicroUsd, Repo
from app.runs.admission import find_run, request_run
from app.runs.lease import claim
from app.runs.run import Run
from app.store.instructions import Instruction, keep_instruction
from app.store.work import work
from app.workflows.listening import sort_out
from app.workflows.solved import cancel_work, count_cancelled, find_work, set_priority, tell_work
from app.workflows.steering import said_at
from app.workflows.wishes import PRIORITIES, budget_within, said_to

REPO, OTHER = Repo(1, 7, "mona", "sample"), Repo(1, 8, "mona", "other")


async def begin(database, workflow: str, number: int, serial: int | str, repo: Repo = REPO, **cause: int) -> Run:
    key = f"issue:{repo.id}:{serial}"
    request = RunRequest(workflow, repo, number, f"{workflow}:{repo.id}:{number}", "finished", key, cause=cause)
    async with work(database) as db:
        run = await find_run(db, str(await request_run(db, request)))
    assert run is not None
    return run


async def say(database, number: int, verb: str, text: str, at: float, repo_id: int = 7) -> None:
    async with work(database) as db:
        said = Instruction(f"comment-{at:.0f}-{number}", repo_id, number, verb, "mona", "admin", text, at)
        await keep_instruction(db, said)


@pytest.fixture
async def runs_of_three(database) -> tuple[Run, Run, Run]:
    """The work on issue 1; a repair of its pull request 5; the part of it that is issue 9. And strangers to it."""
    mine = (
        await begin(database, "solve", 1, 1),
        await begin(database, "mend", 5, 1, issue=1),
        await begin(database, "part", 9, "1:part:9", issue=1),
    )
    await begin(database, "solve", 2, 2)
    await begin(database, "part", 3, "1:part:3", OTHER, issue=1)
    await begin(database, "solve", 11, 11)
    await begin(database, "review", 6, 77)
    return mine


async def test_all_work_for_an_issue_is_found_and_no_other(database, runs_of_three):
    async with work(database) as db:
        assert [run.id for run in await find_work(db, REPO, 1)] == [run.id for run in runs_of_three]
        assert [run.id for run in await find_work(db, REPO, 9)] == [runs_of_three[2].id]
        assert await find_work(db, REPO, 5) == []
        assert await set_priority(db, REPO, 1, PRIORITIES["high"]) == 3
        assert {run.priority for run in await find_work(db, REPO, 1)} == {60}
        assert [run.priority for run in await find_work(db, REPO, 2)] == [100]


async def test_a_word_wakes_who_is_at_it_and_a_stop_ends_each_run_once(database, runs_of_three):
    await claim(database, "w", 60.0, 32)
    async with work(database) as db:
        assert await tell_work(db, REPO, 1) == 2, "the repair waits for its turn"
        assert await cancel_work(db, REPO, 1, "enough") == 3
        assert await cancel_work(db, REPO, 1, "more") == 0
        assert await count_cancelled(db, REPO, "enough") == 3


async def test_a_run_hears_what_is_said_to_the_whole_and_to_its_part_in_the_order_of_saying(database, runs_of_three):
    part = runs_of_three[2]
    for number, verb, text, at in [(9, "tell", "b", 20), (1, "tell", "a", 10), (2, "tell", "x", 15), (1, "go", "", 11)]:
        await say(database, number, verb, text, at)
    await say(database, 1, "tell", "of another repository", 12, repo_id=8)
    async with work(database) as db:
        heard = [[each.text for each in await said_to(db, run, ("tell",))] for run in runs_of_three]
        assert heard == [["a"], ["a"], ["a", "b"]]
        assert [each.text for each in await said_to(db, part, ("tell",), since=15.0)] == ["b"]


async def test_the_newest_budget_counts_and_none_is_above_the_policys(database, runs_of_three):
    solve, mend, _ = runs_of_three
    five = MicroUsd(5_000_000)
    async with work(database) as db:
        assert await budget_within(db, solve, five) == five
    for budget, at, is_left in [("0.5", 10, 500_000), ("2.25", 20, 2_250_000), ("9", 30, 5_000_000)]:
        await say(database, 1, "budget", budget, at)
        async with work(database) as db:
            assert [await budget_within(db, run, five) for run in (solve, mend)] == [is_left] * 2


def told(*verbs: str) -> list[Instruction]:
    return [Instruction(f"c{at}", 7, 1, verb, "mona", "admin", verb, float(at)) for at, verb in enumerate(verbs)]


@pytest.mark.parametrize(
    ("said", "paused", "over"),
    [
        ("", None, []),
        ("pause", "c0", []),
        ("pause resume", None, ["c0"]),
        ("resume pause", "c1", []),
        ("pause pause resume", None, ["c0"]),
        ("pause tell resume pause", "c3", ["c0"]),
    ],
)
def test_the_newest_of_pause_and_resume_holds(said, paused, over):
    heard = sort_out(told(*said.split()))
    assert (heard.paused.id if heard.paused else None, [each.id for each in heard.over]) == (paused, over)
    assert [each.text for each in heard.said] == ["mona: tell"] * said.count("tell")


def test_words_stand_in_the_order_of_githubs_clock_and_never_in_the_future():
    now = time.time()
    assert said_at("2026-01-01T00:00:00Z", now) == 1767225601.0
    assert said_at("2099-01-01T00:00:00Z", now) == now
