"""The check run `quorum/work`: how the work on an issue or its pull request stands, on the head of that.

It is for people who look at the pull request. Nothing waits for it: the gate reads other checks and those of others
only, and what is written here says nothing of the change.
"""

from app.forge import check_effects
from app.forge.api import GitHub
from app.forge.check_effects import CheckRun
from app.forge.clean import clean_markdown
from app.forge.permissions import CHECKS
from app.policy.checks import WORK_CHECK, external_id
from app.policy.values import Sha
from app.runs.engine import Context
from app.wiring import Services
from app.workflows.journalled import carry_out

_ON, _LEFT, _ENDED = "work-on-", "work-left-", "work-ended"
"""Steps that begin it on a head, end it on one that is no longer the head, and end it for good."""


class WorkCheck:
    """One request for each thing that is told, two when the head moves."""

    def __init__(self, ctx: Context, gh: GitHub, number: int) -> None:
        self._ctx = ctx
        self._gh = gh
        self._number = number
        self._key = key_of(ctx, number)
        self._head: Sha | None = None
        self._id = 0

    @classmethod
    def of(cls, ctx: Context, services: Services) -> "WorkCheck":
        """For a run on a pull request."""
        return cls(ctx, services.forge.on(ctx.run.repo, CHECKS), ctx.run.number)

    async def begin(self, head: Sha, title: str, text: str) -> None:
        """Show it in progress on this head, and let it go on the one before."""
        if self._head is not None:
            moved = CheckRun(self._head, WORK_CHECK, self._key, "Went on at a newer commit", head[:12], "neutral")
            await carry_out(self._ctx, f"{_LEFT}{self._head}", check_effects.edit_check(self._gh, self._id, moved))
        want = CheckRun(head, WORK_CHECK, self._key, title, text)
        receipt = await carry_out(
            self._ctx, f"{_ON}{self._number}-{head}", check_effects.check_run(self._gh, want, new=True)
        )
        self._head, self._id = head, int(str(receipt["id"]))

    async def tell(self, name: str, title: str, text: str) -> None:
        if self._head is not None:
            want = CheckRun(self._head, WORK_CHECK, self._key, title, text)
            await carry_out(self._ctx, f"work-{name}", check_effects.edit_check(self._gh, self._id, want))

    async def succeed(self, title: str, text: str) -> None:
        await self.end(title, text, "success")

    async def end(self, title: str, text: str, conclusion: str) -> None:
        if self._head is not None:
            want = CheckRun(self._head, WORK_CHECK, self._key, title, text, conclusion)
            await carry_out(self._ctx, _ENDED, check_effects.edit_check(self._gh, self._id, want))


async def leave_no_check_open(ctx: Context, services: Services, reason: str, *, stopped: bool) -> None:
    """End whatever check run the work left in progress. `stopped`: it needs a person, nobody wished for its end.

    For clean-ups: one that was begun and perhaps not made is found by its external id.
    """
    journal = await ctx.journal()
    done = {name for name, step in journal.items() if step.finished_at is not None}
    begun = [name.removeprefix(_ON).split("-") for name in journal if name.startswith(_ON)]
    if _ENDED in done and not stopped:
        return
    gh, title = services.forge.on(ctx.run.repo, CHECKS), "Needs a person" if stopped else "Ended"
    for number, head in begun:
        if f"{_LEFT}{head}" in done:
            continue
        end = "failure" if stopped and head == begun[-1][1] else "neutral"
        want = CheckRun(Sha(head), WORK_CHECK, key_of(ctx, int(number)), title, clean_markdown(reason), end)
        await carry_out(ctx, f"cleanup.work-{head}", check_effects.check_run(gh, want))


def key_of(ctx: Context, number: int) -> str:
    return external_id(number, f"work-{ctx.run.id}")
