"""Durable runs on both databases: what is journalled happens once, whoever dies."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from sqlalchemy import select, update

from app.policy.request import RunRequest
from app.policy.values import Repo, Sha
from app.runs.admission import cancel_subject, find_run, request_run, supersede
from app.runs.drive import Workflows, drive, release
from app.runs.driver import Driver
from app.runs.engine import Context
from app.runs.errors import LeaseLostError
from app.runs.journal import begin_step, finish_step, steps_of
from app.runs.lease import claim
from app.runs.run import Run
from app.store.tables import runs
from app.store.work import work

REPO = Repo(1, 7, "mona", "sample")
Workflow = Callable[[Context, list], Awaitable[None]]


def request(key: str = "k", **changes) -> RunRequest:
    base = RunRequest("solve", REPO, 1, key, "finished", f"serial-{key}")
    return replace(base, **changes)


async def ask(database, wanted: RunRequest) -> str | None:
    async with work(database) as db:
        return await request_run(db, wanted)


async def state_of(database, run_id: str) -> Run:
    async with database.connect() as db:
        return await find_run(db, run_id)


async def claim_one(database, owner: str, lease_s: float) -> Run | None:
    claimed = await claim(database, owner, lease_s)
    return claimed[0] if claimed else None


async def drive_one(
    database, workflow: Workflow, services: list, *, clean_up=None, owner: str = "w", lease_s=60.0
) -> Run:
    run = await claim_one(database, owner, lease_s)
    assert run is not None
    clean_ups = {} if clean_up is None else {"solve": clean_up}
    await drive(database, run, Workflows({"solve": workflow, "review": workflow}, clean_ups), services)
    return run


class KilledError(BaseException):
    """The process ends here: nothing after it runs, and nothing is written."""


async def die(database, workflow: Workflow, services: list) -> None:
    """Drive until the workflow raises `KilledError`, then let the lease run out."""
    run = await claim_one(database, "doomed", 60.0)
    with pytest.raises(KilledError):
        await drive(database, run, Workflows({"solve": workflow}, {}), services)
    async with work(database) as db:
        await db.execute(update(runs).where(runs.c.id == run.id).values(lease_until=time.time() - 1))


async def test_a_finished_step_is_not_run_again_after_a_crash(database):
    await ask(database, request())
    done: list[str] = []

    async def workflow(ctx: Context, services: list) -> None:
        async def first() -> str:
            services.append("first")
            return "value"

        assert await ctx.step("first", first) == "value"
        if services.count("crash") == 0:
            services.append("crash")
            raise KilledError

    await die(database, workflow, done)
    run = await drive_one(database, workflow, done)
    assert done == ["first", "crash"]
    assert (await state_of(database, run.id)).state == "succeeded"


async def test_a_step_that_was_cut_off_is_told_so_instead_of_run_again(database):
    await ask(database, request())
    told: list[str] = []

    async def workflow(ctx: Context, services: list) -> None:
        async def command() -> str:
            raise KilledError

        async def again() -> str:
            return "interrupted"

        services.append(await ctx.step("command", command, again=again))

    await die(database, workflow, told)
    await drive_one(database, workflow, told)
    assert told == ["interrupted"]


class Outside:
    """Something outside that keeps what was done to it; `moment` says when the caller dies."""

    def __init__(self, moment: str) -> None:
        self.moment = moment
        self.things: list[str] = []

    async def do(self) -> dict:
        if self.moment == "before":
            self.moment = ""
            raise KilledError
        self.things.append("thing")
        if self.moment == "after":
            self.moment = ""
            raise KilledError
        if self.moment == "502":
            self.moment = ""
            error = RuntimeError("502")
            error.unknown = True
            raise error
        return {"id": 1}

    async def find(self) -> dict | None:
        return {"id": 1} if self.things else None


@pytest.mark.parametrize("moment", ["", "before", "after", "502"])
async def test_an_effect_is_done_once_whenever_its_worker_dies(database, moment):
    await ask(database, request())
    outside = Outside(moment)

    async def workflow(ctx: Context, _services: list) -> None:
        assert await ctx.effect("thing", outside.do, outside.find) == {"id": 1}

    if moment in {"before", "after"}:
        await die(database, workflow, [])
    run = await drive_one(database, workflow, [])
    assert outside.things == ["thing"]
    assert (await state_of(database, run.id)).state == "succeeded"


async def test_a_refused_effect_fails_the_run_and_is_not_tried_again(database):
    await ask(database, request())
    tries: list[int] = []

    async def workflow(ctx: Context, _services: list) -> None:
        async def do() -> dict:
            tries.append(1)
            raise ValueError("refused")

        async def find() -> None:
            return None

        await ctx.effect("thing", do, find)

    run = await drive_one(database, workflow, [])
    found = await state_of(database, run.id)
    assert (found.state, found.reason, tries) == ("failed", "refused", [1])


async def test_a_worker_that_was_paused_past_its_lease_can_write_nothing(database):
    await ask(database, request())
    paused = await claim_one(database, "slow", 0.0)
    async with work(database) as db:
        await db.execute(update(runs).values(lease_until=time.time() - 1))
    fresh = await claim_one(database, "fast", 60.0)
    assert (fresh.id, fresh.fence) == (paused.id, paused.fence + 1)
    with pytest.raises(LeaseLostError):
        await begin_step(database, paused, "late", "step")
    await begin_step(database, fresh, "step", "step")
    with pytest.raises(LeaseLostError):
        await finish_step(database, paused, "step", 1)


async def test_a_run_is_claimed_by_one_of_many_workers(database):
    for number in range(5):
        await ask(database, request(f"k{number}"))
    claimed = await asyncio.gather(*(claim_one(database, f"w{number}", 60.0) for number in range(12)))
    ids = [run.id for run in claimed if run is not None]
    assert len(ids) == len(set(ids)) == 5


async def test_a_batch_is_claimed_by_one_of_many_workers(database):
    for number in range(9):
        await ask(database, request(f"k{number}"))
    claimed = await asyncio.gather(*(claim(database, f"w{number}", 60.0, 2) for number in range(6)))
    ids = [run.id for batch in claimed for run in batch]
    assert len(ids) == len(set(ids)) == 9
    assert max(map(len, claimed)) == 2


async def test_a_batch_holds_one_run_of_a_serial_key_and_its_share_of_each_installation(database):
    for number in range(6):
        await ask(database, request(f"flood{number}"))
    for key in ("a", "b"):
        await ask(database, request(key, serial_key="same", repo=Repo(2, 8, "lisa", "other")))
    batch = await claim(database, "w", 60.0, 3)
    assert sorted(run.repo.installation_id for run in batch) == [1, 1, 2]
    assert len({run.id for run in await claim(database, "w", 60.0, 9)}) == 4, "the other of the serial key waits"


async def test_the_beginning_of_a_step_is_recorded_once_a_drive_has_broken_off(database):
    await ask(database, request())
    seen: list[list[tuple[str, int]]] = []

    async def workflow(ctx: Context, _services: list) -> None:
        async def look() -> None:
            seen.append([(step.name, step.starts) for step in (await ctx.journal()).values()])
            if len(seen) == 1:
                raise KilledError

        await ctx.step("look", look)

    await die(database, workflow, [])
    await drive_one(database, workflow, [])
    assert seen == [[], [("look", 1)]]


async def test_a_step_asked_for_twice_in_one_drive_is_done_once(database):
    await ask(database, request())
    done: list[int] = []

    async def workflow(ctx: Context, services: list) -> None:
        async def count() -> int:
            services.append(1)
            return len(services)

        done.extend([await ctx.step("count", count), await ctx.step("count", count)])

    await drive_one(database, workflow, [])
    assert done == [1, 1]


async def test_a_dedupe_key_is_free_again_when_it_says_so(database):
    assert await ask(database, request(dedupe_until="finished")) is not None
    assert await ask(database, request(dedupe_until="finished")) is None

    async def nothing(_ctx: Context, _services: list) -> None:
        return

    await drive_one(database, nothing, [])
    assert await ask(database, request(dedupe_until="finished")) is not None
    assert await ask(database, request("s", dedupe_until="started")) is not None
    assert await ask(database, request("s", dedupe_until="started")) is None
    while await claim_one(database, "w", 60.0):
        pass
    assert await ask(database, request("s", dedupe_until="started")) is not None


async def test_of_runs_with_one_serial_key_one_is_in_progress(database):
    await ask(database, request("a", serial_key="same"))
    await ask(database, request("b", serial_key="same"))
    first = await claim_one(database, "w", 60.0)
    assert first is not None
    assert await claim_one(database, "w", 60.0) is None
    await drive(database, first, Workflows({"solve": _nothing}, {}), [])
    assert await claim_one(database, "w", 60.0) is not None


async def _nothing(_ctx: Context, _services: list) -> None:
    return


async def test_priority_comes_first_then_the_installation_with_less_in_progress(database):
    other = Repo(2, 8, "lisa", "other")
    for number in range(3):
        await ask(database, request(f"flood{number}"))
    await ask(database, request("quiet", repo=other))
    await ask(database, request("urgent", priority=1))
    order = [await claim_one(database, "w", 60.0) for _ in range(3)]
    assert [run.priority for run in order] == [1, 100, 100]
    assert 2 in {run.repo.installation_id for run in order}


async def test_a_parent_sleeps_until_its_child_has_ended(database):
    await ask(database, request("parent"))
    ended: list[str] = []

    async def workflow(ctx: Context, services: list) -> None:
        if ctx.run.workflow == "solve":
            services.append(await ctx.child(request("child", workflow="review")))

    await drive_one(database, workflow, ended)
    assert ended == []
    await drive_one(database, workflow, ended)
    await drive_one(database, workflow, ended)
    assert ended == ["succeeded"]


async def test_a_run_that_fails_is_cleaned_up_before_it_ends(database):
    await ask(database, request())
    cleaned: list[str] = []

    async def workflow(_ctx: Context, _services: list) -> None:
        raise RuntimeError("broken")

    async def clean_up(ctx: Context, services: list, reason: str) -> None:
        async def note() -> str:
            services.append(reason)
            return reason

        await ctx.step("cleanup.note", note)

    run = await drive_one(database, workflow, cleaned, clean_up=clean_up)
    assert cleaned == ["broken"]
    assert (await state_of(database, run.id)).state == "failed"


async def test_a_superseded_run_stops_at_its_next_step(database):
    await ask(database, request(workflow="review", head_sha=Sha("a" * 40)))
    reached: list[str] = []

    async def workflow(ctx: Context, services: list) -> None:
        async def first() -> str:
            async with work(database) as db:
                assert await supersede(db, REPO.id, 1, "review", Sha("b" * 40)) == 1
            return "first"

        await ctx.step("first", first)
        services.append("second")

    run = await drive_one(database, workflow, reached)
    assert reached == []
    assert (await state_of(database, run.id)).state == "superseded"


async def test_a_head_that_comes_back_is_looked_at_again(database):
    wanted = request(workflow="review", head_sha=Sha("a" * 40), dedupe_until="forever")
    for newer in (Sha("b" * 40), None):
        assert await ask(database, wanted) is not None
        async with work(database) as db:
            assert await supersede(db, REPO.id, 1, "review", newer) == 1
        await drive_one(database, _nothing, [])
    assert await ask(database, wanted) is not None
    await drive_one(database, _nothing, [])
    assert await ask(database, wanted) is None, "one that came to its own end stays done"


async def test_a_run_that_waits_ends_when_it_is_cancelled(database):
    await ask(database, request("parent"))

    async def workflow(ctx: Context, _services: list) -> None:
        await ctx.child(request("child", workflow="review"))

    run = await drive_one(database, workflow, [])
    async with work(database) as db:
        assert await cancel_subject(db, REPO.id, 1, ("solve",), "the issue was closed") == 1
    await drive(
        database, await claim_one(database, "w", 60.0), Workflows({"solve": workflow, "review": _nothing}, {}), []
    )
    await drive(
        database, await claim_one(database, "w", 60.0), Workflows({"solve": workflow, "review": _nothing}, {}), []
    )
    found = await state_of(database, run.id)
    assert (found.state, found.reason) == ("cancelled", "the issue was closed")


async def test_a_step_that_kills_its_worker_again_and_again_fails_the_run(database):
    await ask(database, request())

    async def workflow(ctx: Context, _services: list) -> None:
        async def poison() -> str:
            raise KilledError

        await ctx.step("poison", poison)

    for _ in range(5):
        await die(database, workflow, [])
    run = await drive_one(database, workflow, [])
    found = await state_of(database, run.id)
    assert found.state == "failed"
    assert "broke off each time at poison.\n\nWhat to do: " in found.reason
    assert found.id in found.reason


async def test_the_driver_works_off_what_is_due_and_puts_the_rest_back(database):
    for number in range(20):
        await ask(database, request(f"k{number}"))
    stop, blocked, finished = asyncio.Event(), asyncio.Event(), []

    async def workflow(ctx: Context, services: list) -> None:
        services.append(ctx.run.id)
        if len(services) == 20:
            blocked.set()
            await asyncio.Event().wait()

    driver = Driver(database, "w", Workflows({"solve": workflow}, {}), finished, slots=4, poll_s=0.05)
    driving = asyncio.create_task(driver.run_until(stop))
    async with asyncio.timeout(60):
        await blocked.wait()
        stop.set()
        await driving
    async with database.connect() as db:
        states = [row.state for row in await db.execute(select(runs.c.state))]
    assert set(states) == {"queued", "succeeded"}
    assert 1 <= states.count("queued") <= 4  # what was in progress when it was told to stop


async def test_a_released_run_can_be_taken_at_once(database):
    await ask(database, request())
    run = await claim_one(database, "w", 60.0)
    await release(database, run)
    assert (await claim_one(database, "other", 60.0)).id == run.id


async def test_steps_are_listed_in_their_order(database):
    await ask(database, request())

    async def workflow(ctx: Context, _services: list) -> None:
        for name in ("one", "two", "three"):
            await ctx.step(name, _value)

    run = await drive_one(database, workflow, [])
    async with database.connect() as db:
        assert [step.name for step in await steps_of(db, run.id)] == ["one", "two", "three"]


async def _value() -> int:
    return 1


async def test_steps_without_fault_are_not_blamed_for_the_crashes_of_another(database):
    await ask(database, request())

    async def workflow(ctx: Context, services: list) -> None:
        for number in range(8):

            async def once(number: int = number) -> int:
                if services.count(number) == 0:
                    services.append(number)
                    raise KilledError
                return number

            await ctx.step(f"step-{number}", once)

    crashed: list[int] = []
    for _ in range(8):
        await die(database, workflow, crashed)
    run = await drive_one(database, workflow, crashed)
    assert (await state_of(database, run.id)).state == "succeeded"


async def test_a_github_that_does_not_answer_is_asked_again_later(database):
    await ask(database, request())
    asked: list[int] = []

    async def workflow(ctx: Context, services: list) -> None:
        async def read() -> str:
            services.append(1)
            if len(services) == 1:
                error = RuntimeError("502")
                error.unknown = True
                raise error
            return "fact"

        await ctx.step("read", read)

    run = await drive_one(database, workflow, asked)
    assert (await state_of(database, run.id)).state == "waiting"
    async with work(database) as db:
        await db.execute(update(runs).values(wake_at=time.time() - 1))
    await drive_one(database, workflow, asked)
    assert (await state_of(database, run.id)).state == "succeeded"


async def test_whatever_text_a_step_gives_comes_back(database):
    await ask(database, request())
    hostile = "NUL \0, a lone surrogate \ud800, a quote ' and an end \u2028"

    async def workflow(ctx: Context, services: list) -> None:
        async def give() -> str:
            return hostile

        services.append(await ctx.step("give", give))
        services.append((await ctx.journal())["give"].value)

    seen: list[str] = []
    await drive_one(database, workflow, seen)
    assert seen == [hostile, hostile]


class SilentError(Exception):
    """The outside did not say what became of it."""

    unknown = True


async def drive_again(database, workflow: Workflow, services: list) -> Run:
    async with work(database) as db:
        await db.execute(update(runs).values(wake_at=time.time() - 1))
    return await drive_one(database, workflow, services)


async def test_an_effect_that_could_not_be_looked_for_is_not_done_again(database, monkeypatch):
    monkeypatch.setattr("app.runs.engine._LOOK_AGAIN_S", (0.0, 0.0))
    await ask(database, request())
    silent = [True]

    async def workflow(ctx: Context, posted: list) -> None:
        async def post() -> dict:
            posted.append("post")
            raise SilentError

        async def find() -> dict | None:
            if silent[0]:
                raise SilentError
            return {"posts": len(posted)}

        await ctx.effect("post", post, find)

    posted: list[str] = []
    for _ in range(3):
        run = await drive_again(database, workflow, posted)
        assert (await state_of(database, run.id)).state == "waiting"
    silent[0] = False
    run = await drive_again(database, workflow, posted)
    assert (await state_of(database, run.id)).state == "succeeded"
    assert posted == ["post"]


async def test_an_outside_that_does_not_answer_is_waited_for_for_hours_and_then_named(database):
    await ask(database, request())

    async def workflow(_ctx: Context, _services: list) -> None:
        raise SilentError("GitHub answered 502")

    for _ in range(9):
        run = await drive_again(database, workflow, [])
        found = await state_of(database, run.id)
        assert (found.state, found.reason) == ("waiting", "GitHub answered 502")
    async with work(database) as db:
        await db.execute(update(runs).values(trouble_at=time.time() - 7 * 3600))
    run = await drive_again(database, workflow, [])
    found = await state_of(database, run.id)
    assert found.state == "failed"
    assert "the last one: GitHub answered 502\n\nWhat to do: " in found.reason


async def test_trouble_in_a_clean_up_does_not_take_the_place_of_why_the_run_ends(database):
    await ask(database, request())

    async def workflow(_ctx: Context, _services: list) -> None:
        raise RuntimeError("broken")

    async def clean_up(_ctx: Context, told: list, reason: str) -> None:
        told.append(reason)
        if len(told) == 1:
            raise SilentError("GitHub answered 502")

    told: list[str] = []
    for state in ("waiting", "failed"):
        async with work(database) as db:
            await db.execute(update(runs).values(wake_at=time.time() - 1))
        run = await drive_one(database, workflow, told, clean_up=clean_up)
        found = await state_of(database, run.id)
        assert (found.state, found.reason) == (state, "broken")
    assert told == ["broken", "broken"]
