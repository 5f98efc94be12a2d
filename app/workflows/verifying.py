"""Running the tests once more on what was committed, in clean trees, and telling it in lines for people."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.policy.render import code
from app.policy.testlogs.comparing import Comparison, compare, not_loaded
from app.policy.testlogs.subtests import not_failing, without_parts
from app.runs.engine import Context
from app.wiring import Services
from app.workflows.errors import NeedsPersonError
from app.workflows.handing_in import proves_nothing
from app.workflows.task import Task
from app.workflows.testing import Tests, run_tests, run_tests_on_old_code
from app.workflows.workshop import Workshop

_NAMED = 5
_FEW = 2
_REMEDY = (
    "Look at the tests on the code without the change. If they fail now and then by themselves, mend that and set the "
    "label again; else make the change by hand."
)


@dataclass(frozen=True)
class Verification:
    """Results of the test command, a line each: before the change, after it, and its tests on the code before it.

    `passed`: nothing fails after it. `proven`: a test of it ran and failed on the code before, and passes after.
    """

    before: str
    after: str
    old_code: str
    passed: bool = False
    proven: bool = False
    measured: str = ""
    """A line of its own, where speed is the matter."""


async def verify(
    ctx: Context, services: Services, task: Task, workshop: Workshop, before: Tests, round_: int = 0
) -> Verification:
    """What the tests say of the work as it was handed in, or as it is after the repair of a round.

    Raises `NeedsPersonError` when a test fails because of it.

    That all pass is known from the moment it was handed in; only where some failed before, they are run again.
    """
    after, comparison, when = None, None, f"-{round_}" if round_ else ""
    if before.result == "failed":
        after = await run_tests(ctx, services, f"tests-after{when}", task.policy.test, workshop)
        comparison = compare(before.log, after.log)
        unsure = why_unsure(before, after)
        if unsure:
            raise NeedsPersonError(unsure, _REMEDY)
    base, name = task.ground.base_sha, f"tests-old-code{when}"
    old = await run_tests_on_old_code(ctx, services, task.policy.test, workshop, base, name)
    failing = after is not None and after.result == "failed"
    passed = task.policy.test is not None and not failing
    return Verification(
        before=f"{before.line}{_named([name for unit in before.log for name in unit.failing])}",
        after="passed" if after is None else _after(after, comparison),
        old_code=render_old_code(before, old),
        passed=passed,
        proven=passed and old.result == "failed" and not (proves_nothing(before, old) or not_loaded(old.log)),
    )


def why_unsure(before: Tests, after: Tests) -> str:
    """Why a failure after the change may be the change's; empty where it is surely not, or nothing can be told."""
    if after.result == "failed" and before.log and not after.log:
        return f"The tests {after.line} after the change, and unlike before the output does not name those that fail."
    comparison = compare(before.log, after.log)
    if comparison is None or not comparison.new:
        return ""
    return f"After the change tests fail that passed before it{_named(comparison.new)}."


def _after(after: Tests, comparison: Comparison | None) -> str:
    if after.result != "failed":
        return after.line
    if comparison is None:
        return f"{after.line}, as before; the output does not name the tests, so which failed was not compared"
    told = f"{after.line}: no test fails that passed before"
    told += f"; fixed{_named(comparison.fixed)}" if comparison.fixed else ""
    return f"{told}; not run before and failing now{_named(comparison.untold)}" if comparison.untold else told


def render_old_code(before: Tests, old: Tests) -> str:
    """Many names are long lines of which nobody reads one: their number tells as much.

    New tests that pass there are named, as whoever merges it may take them for a proof. Pure.
    """
    if old.result == "passed":
        return f"{old.line} there as well, so they do not show what this change does"
    comparison = compare(before.log, old.log) if old.result == "failed" else None
    if old.result == "failed" and before.result == "failed" and comparison is None:
        return f"{old.line}; the code before failed by itself, and the output does not name the tests"
    if old.result == "failed" and proves_nothing(before, old):
        return f"{old.line}, but no test fails that did not fail without them"
    if comparison is not None and not_loaded(old.log):
        named = _named((*comparison.new, *comparison.untold))
        return f"{old.line}{named} could not be built, loaded or run to an end there, which shows little"
    failing = without_parts((*comparison.new, *comparison.untold)) if comparison is not None else ()
    told = _named(failing) if len(failing) <= _FEW else f": {len(failing)} tests fail without the change"
    passing = not_failing(old.added, old.log)
    return f"{old.line}{told}{f'; of the new ones these do not{_named(passing)}' if passing else ''}"


def _named(names: Sequence[str]) -> str:
    """Words of strangers' tests, as code."""
    if not names:
        return ""
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f": {', '.join(code(name) for name in names[:_NAMED])}{more}"
