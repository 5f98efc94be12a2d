"""A large issue: its parts are built side by side by runs of their own, and joined on one branch.

Parts come in waves: what needs nothing of each other is begun at once, and after each wave its commits are joined, the
tests run as a whole, and the next wave begins on top of that.
"""

from collections.abc import Sequence

from app.agents.cut import last_lines
from app.policy.finding import Finding, Severity
from app.policy.part_order import waves_of
from app.policy.part_requests import PartCause, part_request
from app.policy.values import Sha
from app.runs.admission import find_by_key
from app.runs.engine import Context
from app.runs.journal import steps_of
from app.wiring import Services
from app.workflows.agreed import Agreed
from app.workflows.errors import NeedsPersonError, split_reason
from app.workflows.joining import Built, Joined, join
from app.workflows.journalled import carry_out, journalled
from app.workflows.listening import heed_pause
from app.workflows.progress import Progress
from app.workflows.publishing import commit_and_push
from app.workflows.splitting import PUSH_STEP, open_sub_issues, take_away_branch
from app.workflows.standing import Voiced
from app.workflows.task import Task
from app.workflows.testing import Tests, run_tests
from app.workflows.texts import brief, count
from app.workflows.wanted import insist_on_wish
from app.workflows.workshop import Workshop
from app.workflows.writing import Written, repair

_REPAIRS = 10
"""Rounds of the council are numbered below this, and a repair of what was joined in a wave above it."""
_OUTPUT_CHARS = 5000


class Assembly:
    """The work on the parts of one issue. `head` is what has been joined so far; `pushed` what GitHub has of it."""

    def __init__(
        self, ctx: Context, services: Services, task: Task, workshop: Workshop, before: Tests, agreed: Agreed
    ) -> None:
        self._ctx, self._services, self._task, self._workshop = ctx, services, task, workshop
        self._before, self._plan = before, agreed.plan_of_parts()
        self._head = task.ground.base_sha
        self._pushed: Sha | None = None
        self._numbers: list[int] = []

    async def build(self, progress: Progress) -> tuple[Written, Sha]:
        """What the pull request says, and its head, which is pushed.

        Raises `NeedsPersonError` when a part cannot be built or the whole does not work; what was joined stays.
        """
        parts = self._plan.parts
        self._numbers = await open_sub_issues(self._ctx, self._services, parts)
        listed = ", ".join(f"#{number}" for number in self._numbers)
        await progress.stage("split", f"Split into {count(len(parts), 'part')}: {listed}")
        waves = waves_of(parts)
        for wave, members in enumerate(waves, start=1):
            built = await self._build_wave(members)
            joined = await self._join(wave, built)
            built += await self._build_left(joined, built)
            await self._push(wave)
            for each in built:
                if each.branch:
                    await take_away_branch(self._ctx, self._services, _child(each.part, each.start), each.branch)
            self._give_up_if_missing(built)
            if len(members) > 1 or wave == len(waves):
                await self._prove(wave)
            done = ", ".join(f"#{self._numbers[each - 1]}" for each in members)
            await progress.stage(f"joined-{wave}", f"Built and joined {done}, commit {self._head[:12]}")
        return Written(self._task.issue.title, self._plan.summary, left=self._plan.left_out), self._head

    async def _build_wave(self, members: Sequence[int]) -> list[Built]:
        """All are begun before the first is waited for."""
        requests = [part_request(self._ctx.run.repo, self._numbers[n - 1], self._cause(n)) for n in members]
        for request in requests:
            await self._ctx.begin(request)
        return [await self._outcome(n) for n in members]

    async def _join(self, wave: int, built: Sequence[Built]) -> Joined:
        mirror, run = self._workshop.mirror, self._ctx.run
        head, author = self._head, self._services.forge.author

        async def put_together() -> Joined:
            await insist_on_wish(self._ctx, self._services, "while its parts were built")
            return await join(mirror, head, built, author, run.id, run.created_at)

        joined = await journalled(self._ctx, f"joined-{wave}", Joined, put_together)
        self._head = joined.head
        return joined

    async def _build_left(self, joined: Joined, built: Sequence[Built]) -> list[Built]:
        """What does not merge is built once more, one after the other, on top of all that was joined."""
        again = []
        for each in built:
            if each.part in joined.left and each.commit is not None:
                found = await self._outcome(each.part, (each.start, each.commit))
                again.append(found)
                self._head = found.commit or self._head
        return again

    async def _outcome(self, part: int, earlier: tuple[str, str] | None = None) -> Built:
        """Wait for a part's run, and read from its journal what it made."""
        cause = self._cause(part, earlier)
        request = part_request(self._ctx.run.repo, self._numbers[part - 1], cause)
        await self._ctx.child(request)
        title, start, database = self._plan.parts[part - 1].title, Sha(cause.start), self._services.database

        async def read() -> Built:
            async with database.connect() as db:
                run = await find_by_key(db, request.dedupe_key)
                steps = {step.name: step.value for step in await steps_of(db, run.id)} if run is not None else {}
            if run is None or run.state != "succeeded" or "commit-1" not in steps:
                reason = split_reason(run.reason or run.state)[0] if run is not None else "its run is gone"
                return Built(part, title, start, None, reason=reason)
            return Built(part, title, start, Sha(str(steps["commit-1"])), str(steps["branch"]))

        return await journalled(self._ctx, f"{_child(part, start)}.built", Built, read)

    def _cause(self, part: int, earlier: tuple[str, str] | None = None) -> PartCause:
        task = self._task
        return PartCause(
            parent=self._ctx.run.id,
            issue=task.issue.number,
            part=part,
            base_ref=task.ground.base_ref,
            base=task.ground.base_sha,
            start=self._head,
            sender=task.asker.login,
            sender_id=task.asker.id,
            permission=task.asker.permission,
            test=task.policy.test,
            earlier=earlier,
        )

    async def _push(self, wave: int) -> None:
        """The integration branch grows with each wave, so that what is done is not lost. Not while it is paused."""
        await heed_pause(self._ctx, self._services)
        if self._head == (self._pushed or self._task.ground.base_sha):
            return
        push = self._services.mirrors.push(self._ctx.run.repo, self._head, self._task.branch, self._pushed)
        await carry_out(self._ctx, f"{PUSH_STEP}{wave}", push)
        self._pushed = self._head
        self._workshop.begin_anew(self._head)

    def _give_up_if_missing(self, built: Sequence[Built]) -> None:
        """What was built twice and merged at last has a commit each time."""
        missing = [each for each in built if each.commit is None]
        if not missing:
            return
        told = "; ".join(f"#{self._numbers[each.part - 1]} ({brief(each.reason)})" for each in missing)
        kept = f" What was joined is on the branch `{self._task.branch}`." if self._pushed else ""
        raise NeedsPersonError(
            f"Parts of the issue could not be built: {told}.{kept}",
            "Make what is missing by hand; or say more in the issue, take the label `quorum` off and set it again.",
        )

    async def _prove(self, wave: int) -> None:
        """The tests of the whole; what only fails together is repaired once, by one who sees all of it."""
        task = self._task
        tests = await run_tests(self._ctx, self._services, f"tests-joined-{wave}", task.policy.test, self._workshop)
        if tests.result != "failed" or self._before.result == "failed":
            return
        found = [Voiced("the tests of the whole", _finding(tests))]
        round_ = _REPAIRS + wave
        written = await repair(self._ctx, self._services, task, self._workshop, self._before, found, round_)
        self._head = await commit_and_push(
            self._ctx, self._services, task, self._workshop, written, parent=self._head, round_=round_
        )
        self._pushed = self._head


def _child(part: int, start: str) -> str:
    """What the steps about a part's run begin with; one that is built anew has another start."""
    return f"part-{part}.{start[:12]}"


def _finding(tests: Tests) -> Finding:
    return Finding(
        severity=Severity.MAJOR,
        category="tests",
        path=".",
        start_line=1,
        end_line=1,
        quote=tests.line,
        claim="Each part passes by itself; joined, the tests fail. Settle what the parts do to each other.",
        evidence=last_lines(tests.output, _OUTPUT_CHARS),
    )
