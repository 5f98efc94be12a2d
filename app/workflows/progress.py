"""The one comment on an issue that is edited as the work goes on."""

from app.forge import effects
from app.forge.api import GitHub
from app.runs.engine import Context
from app.workflows.journalled import carry_out, journalled
from app.workflows.texts import Stage, render_progress, render_stopped

_LAST_WORD = "last-word"


class Progress:
    """Stages are added in order; each edit is a journalled effect, so that a replay repeats none."""

    def __init__(self, ctx: Context, gh: GitHub, comment_id: int) -> None:
        self._ctx = ctx
        self._gh = gh
        self._comment_id = comment_id
        self._stages: list[Stage] = []

    @classmethod
    async def begin(cls, ctx: Context, gh: GitHub) -> "Progress":
        body = render_progress("Quorum is on it", [Stage("Read the issue", done=False)], ctx.run.id)
        receipt = await carry_out(ctx, "progress", effects.comment(gh, ctx.run.number, _key(ctx), body))
        return cls(ctx, gh, int(str(receipt["id"])))

    async def stage(self, name: str, text: str) -> None:
        self._stages.append(Stage(text))
        await self._show(name, render_progress("Quorum is on it", self._stages, self._ctx.run.id))

    async def done(self, text: str) -> None:
        """The last stage. Its text is recorded first: a person who is quicker to merge does not end what is done."""
        self._stages.append(Stage(text))
        body = render_progress("Quorum is done", self._stages, self._ctx.run.id)
        await self._show("done", await journalled(self._ctx, _LAST_WORD, str, lambda: _value(body)))

    async def _show(self, name: str, body: str) -> None:
        effect = effects.edit_comment(self._gh, self._ctx.run.number, self._comment_id, _key(self._ctx), body)
        await carry_out(self._ctx, f"progress-{name}", effect)


async def report_stopped(ctx: Context, gh: GitHub, reason: str, remedy: str) -> None:
    """Turn the progress comment into a report; make one where the run ended before it had any."""
    await _report(ctx, gh, render_stopped(reason, remedy, ctx.run.id))


async def report_ended(ctx: Context, gh: GitHub, reason: str) -> None:
    """Say that the work ended because somebody wanted it so; work that was done already is called done."""
    spoken = (await ctx.journal()).get(_LAST_WORD)
    ended = render_progress("Quorum ended its work", [Stage(reason.capitalize())], ctx.run.id)
    await _report(ctx, gh, str(spoken.value) if spoken and spoken.finished_at else ended)


async def _report(ctx: Context, gh: GitHub, body: str) -> None:
    receipt = await carry_out(ctx, "cleanup.report", effects.comment(gh, ctx.run.number, _key(ctx), body))
    edit = effects.edit_comment(gh, ctx.run.number, int(str(receipt["id"])), _key(ctx), body)
    await carry_out(ctx, "cleanup.report-text", edit)


async def _value(text: str) -> str:
    return text


def _key(ctx: Context) -> str:
    return f"progress-{ctx.run.id}"
