"""What became faster: the writer's own command, timed by Quorum on the code before and after the change."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from app.forge.git import changed_paths, list_files
from app.policy.render import code
from app.runs.engine import Context
from app.sandbox.box import Limits, Result
from app.sandbox.worktree import graft
from app.wiring import Services
from app.workflows.texts import fence
from app.workflows.timed import timed
from app.workflows.workshop import Workshop

_TIMES = 3
"""Each; the least time of several is the one that other work on the machine has spoiled the least:
https://docs.python.org/3/library/timeit.html#timeit.Timer.repeat
"""
_LIMITS = Limits(wall_s=120, cpu_s=120, output_bytes=4_000)
_SAME = 0.05
"""As a share: less than that is what two runs of the same code differ by."""


@dataclass(frozen=True)
class Measured:
    """Least seconds of several runs. `trouble`: why there are none."""

    command: str
    before_s: float = 0.0
    after_s: float = 0.0
    trouble: str = ""
    runs: int = _TIMES


async def measure_change(
    ctx: Context, services: Services, command: str, workshop: Workshop, base: str
) -> Measured | None:
    """Measured once for this run; None where the writer named no command."""
    if not command.strip():
        return None
    return await timed(ctx, "measured", Measured, workshop, lambda: measure(services, command, workshop, base))


def quick_look(services: Services, workshop: Workshop, base: str) -> Callable[[str], Awaitable[tuple[bool, str]]]:
    """For who hands in: whether the command measures anything, and what, by one run each. The same is run once."""
    seen: dict[tuple[str, str], Measured] = {}

    async def look(command: str) -> tuple[bool, str]:
        key = (workshop.tree, command)
        if key not in seen:
            seen[key] = await measure(services, command, workshop, base, times=1)
        return not seen[key].trouble, render_measured(seen[key]).removeprefix("- ")

    return look


async def measure(services: Services, command: str, workshop: Workshop, base: str, *, times: int = _TIMES) -> Measured:
    """Turn by turn, so that what else goes on falls on both, each time in a clean tree. What fails measures nothing.

    What the change adds is put beside the code before it: the command may need a script or data that are new.
    """
    known = set(await list_files(workshop.mirror, base))
    added = [path for path in await changed_paths(workshop.mirror, base, workshop.tree) if path not in known]
    old = await graft(workshop.mirror, base, workshop.tree, added) if added else base
    seconds: dict[str, list[float]] = {"before": [], "after": []}
    for _ in range(times):
        for when, tree in (("before", old), ("after", workshop.tree)):
            result = await _run(services, command, workshop.beside(tree))
            if not result.ok:
                how = f"exit code {result.exit_code}" if result.ended == "exit" else result.ended
                return Measured(command, trouble=f"on the code {when} the change it failed ({how})")
            seconds[when].append(result.seconds)
    return Measured(command, min(seconds["before"]), min(seconds["after"]), runs=times)


async def _run(services: Services, command: str, place: Workshop) -> Result:
    try:
        return await services.box.run(["sh", "-c", command], worktree=await place.lay_out(), limits=_LIMITS)
    finally:
        await place.remove()


def render_measured(measured: Measured | None, since: str = "") -> str:
    """A line for the pull request, with the ratio; empty where nothing was to be measured.

    A command of several lines stands below it as it was run, or nobody could run it again. `since`: what came after.
    """
    if measured is None:
        return ""
    folded = "\n" not in measured.command.strip()
    command = code(measured.command) if folded else "what is below"
    below = "" if folded else f"\n\n{fence(measured.command.strip(), 'sh')}"
    if measured.trouble:
        return f"- {command} measured nothing: {measured.trouble}{since}{below}"
    before, after = measured.before_s, measured.after_s
    times = f"{before:.2f} s before, {after:.2f} s after"
    return f"- {command}: {times}: {_ratio(before, after)}{_least(measured.runs)}{since}{below}"


def _least(runs: int) -> str:
    return f" (the least of {runs} runs each)" if runs > 1 else " (one run each)"


def _ratio(before_s: float, after_s: float) -> str:
    """Two times are never more exact than what they differ by from run to run."""
    if before_s <= 0 or after_s <= 0 or abs(before_s - after_s) <= _SAME * max(before_s, after_s):
        return "no difference that could be measured"
    ratio = before_s / after_s
    return f"{ratio:.1f} times as fast" if ratio > 1 else f"{1 / ratio:.1f} times as slow"
