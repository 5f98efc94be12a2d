"""The one comment on an issue that is edited as the work goes on, and the check run beside it."""

from app.forge import effects
from app.forge.api import GitHub
from app.forge.permissions import CHECKS
from app.policy.values import Sha
from app.runs.engine import Context
from app.wiring import Services
from app.workflows.checklist import Checklist, Item
from app.workflows.journalled import carry_out, journalled
from app.workflows.texts import render_progress, render_stopped, sentence
from app.workflows.work_check import WorkCheck

_LAST_WORD = "last-word"
_MOST_NOTES = 24
"""Edits for what is only noted: what comes after that is shown with the next stage that is reached."""
_ON_IT = "Quorum is on it"
_ENDS: dict[str, Item] = {"reading": "understood", "planned": "planned", "go": "planned"}


class Progress:
    """Stages are reached in order; each edit is a journalled effect, so that a replay repeats none."""

    def __init__(self, ctx: Context, gh: GitHub, comment_id: int) -> None:
        self._ctx = ctx
        self._gh = gh
        self._comment_id = comment_id
        self._list = Checklist()
        self._noted = 0
        self._check: WorkCheck | None = None

    @classmethod
    async def begin(cls, ctx: Context, gh: GitHub) -> "Progress":
        body = render_progress(_ON_IT, Checklist().render(), ctx.run.id)
        receipt = await carry_out(ctx, "progress", effects.comment(gh, ctx.run.number, _key(ctx), body))
        return cls(ctx, gh, int(str(receipt["id"])))

    async def reached(self, item: Item, text: str, name: str = "") -> None:
        """A stage is done, and all before it; one edit. `name`: for a second word on the same stage."""
        self._list = self._list.reached(item, text)
        await self._show(name or item)

    async def stage(self, name: str, text: str) -> None:
        """Something to be told of the stage that is under way; one edit at most. `name` is unique within the run.

        Some names end a stage (`_ENDS`).
        """
        if name in _ENDS:
            await self.reached(_ENDS[name], text, name)
            return
        self._list = self._list.noted(text)
        self._noted += 1
        if self._noted <= _MOST_NOTES:
            await self._show(name)

    async def opened(self, services: Services, number: int, head: Sha, text: str) -> None:
        """There is a pull request: from now on its head shows a check run, too."""
        self._list = self._list.reached("tests", text)
        self._check = WorkCheck(self._ctx, services.forge.on(self._ctx.run.repo, CHECKS), number)
        await self._check.begin(head, self._list.headline, self._list.render())
        await self._edit("tests", _ON_IT)

    async def moved(self, name: str, head: Sha, text: str) -> None:
        """The pull request has a new head."""
        self._list = self._list.noted(text)
        if self._check is not None:
            await self._check.begin(head, self._list.headline, self._list.render())
        await self._edit(name, _ON_IT)

    async def approved(self, text: str) -> None:
        """The check run ends before the pull request is handed over: a person may be quicker to merge than we are."""
        self._list = self._list.reached("council", text)
        if self._check is not None:
            await self._check.succeed(text, self._list.render())

    async def done(self, text: str) -> None:
        """The last stage. Its text is recorded first: a person who is quicker to merge does not end what is done."""
        self._list = self._list.reached("ready", text)
        body = render_progress("Quorum is done", self._list.render(), self._ctx.run.id)
        await self._put("done", await journalled(self._ctx, _LAST_WORD, str, lambda: _value(body)))

    async def _show(self, name: str) -> None:
        await self._edit(name, _ON_IT)
        if self._check is not None:
            await self._check.tell(name, self._list.headline, self._list.render())

    async def _edit(self, name: str, title: str) -> None:
        await self._put(name, render_progress(title, self._list.render(), self._ctx.run.id))

    async def _put(self, name: str, body: str) -> None:
        effect = effects.edit_comment(self._gh, self._ctx.run.number, self._comment_id, _key(self._ctx), body)
        await carry_out(self._ctx, f"progress-{name}", effect)


async def report_stopped(ctx: Context, gh: GitHub, reason: str, remedy: str) -> None:
    """Turn the progress comment into a report; make one where the run ended before it had any."""
    await _report(ctx, gh, render_stopped(reason, remedy, ctx.run.id))


async def report_ended(ctx: Context, gh: GitHub, reason: str) -> None:
    """Say that the work ended because somebody wanted it so; work that was done already is called done."""
    spoken = (await ctx.journal()).get(_LAST_WORD)
    ended = render_progress("Quorum ended its work", sentence(reason), ctx.run.id)
    await _report(ctx, gh, str(spoken.value) if spoken and spoken.finished_at else ended)


async def _report(ctx: Context, gh: GitHub, body: str) -> None:
    receipt = await carry_out(ctx, "cleanup.report", effects.comment(gh, ctx.run.number, _key(ctx), body))
    edit = effects.edit_comment(gh, ctx.run.number, int(str(receipt["id"])), _key(ctx), body)
    await carry_out(ctx, "cleanup.report-text", edit)


async def _value(text: str) -> str:
    return text


def _key(ctx: Context) -> str:
    return f"progress-{ctx.run.id}"
