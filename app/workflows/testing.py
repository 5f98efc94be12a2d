"""Running the policy's test command, in the sandbox, as a step."""

import asyncio
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.agents.cut import last_lines
from app.forge.git import changed_paths, diff
from app.knowledge.new_tests import new_tests
from app.policy.coverage import Coverage
from app.policy.facts import TestResult
from app.policy.testfiles import is_test
from app.policy.testlogs.reading import read_testlog
from app.policy.testlogs.unit import Unit
from app.runs.engine import Context
from app.sandbox.box import Limits, Result
from app.sandbox.worktree import graft
from app.wiring import Services
from app.workflows.covering import Measure
from app.workflows.journalled import journalled
from app.workflows.workshop import Workshop

_MOST_FILES = 500
_NO_COMMAND = "no test command is configured"
_INLINE = re.compile(rb"^\+\s*#\[(?:\w+::)*test\b", re.MULTILINE)
_AMONG_CODE = "not run, as the change's tests stand in the files of the code that they test"
_ANEW = 'rm -f -- "$1"; exec sh -c "$2"'
_LIMITS = Limits(wall_s=600, cpu_s=1200, output_bytes=1024**2)
_OUTPUT_CHARS = 6000
_NAMES_BYTES = 500_000
"""As JSON: names that are not ASCII grow there, and a result must fit into a step of the journal."""


@dataclass(frozen=True)
class Tests:
    """`line` says it in one line, `output` is the end of what was printed.

    `coverage`: which of the changed lines they ran, where the policy names a report of it. `log`: which tests failed,
    by name; empty where the output does not surely tell. `ended`: `exit`, or what ended it after so many `seconds`.
    `added`: where they failed on the code before a change, the functions that it adds to the tests.
    """

    __test__ = False
    result: TestResult
    line: str
    output: str
    coverage: Coverage | None = None
    log: tuple[Unit, ...] = ()
    ended: str = "exit"
    exit_code: int = 0
    seconds: float = 0.0
    added: tuple[str, ...] = ()


async def run_tests(
    ctx: Context,
    services: Services,
    name: str,
    command: str | None,
    workshop: Workshop,
    *,
    measure: Measure | None = None,
) -> Tests:
    """The result for the files as they are; run once for this run of Quorum, whose time it takes."""
    tests = await journalled(ctx, name, Tests, lambda: look(services, command, workshop, measure))
    workshop.worked_s += tests.seconds
    return tests


async def run_tests_on_old_code(
    ctx: Context, services: Services, command: str | None, workshop: Workshop, base: str, name: str = "tests-old-code"
) -> Tests:
    """As `look_back`; run once for this run of Quorum under a `name`."""
    tests = await journalled(ctx, name, Tests, lambda: look_back(services, command, workshop, base))
    workshop.worked_s += tests.seconds
    return tests


async def look_back(
    services: Services, command: str | None, workshop: Workshop, base: str, limits: Limits = _LIMITS
) -> Tests:
    """Run the change's own tests on the code before it: what passes there proves nothing.

    `base` is the commit or tree that `workshop.tree` is a change of.
    """
    paths = await changed_paths(workshop.mirror, base, workshop.tree)
    own = [path for path in paths if is_test(path)]
    reason = _why_not(command, own, paths)
    if reason is not None and not own and _INLINE.search(await diff(workshop.mirror, base, workshop.tree)):
        reason = _AMONG_CODE
    if reason is not None:
        return Tests("not_configured", reason, "")
    tree = await graft(workshop.mirror, base, workshop.tree, own)
    old = workshop.beside(tree)
    try:
        tests = await look(services, command, old, limits=limits)
    finally:
        await old.remove()
    if tests.result != "failed" or not tests.log:
        return tests
    return replace(tests, added=await new_tests(workshop.mirror, base, workshop.tree, own))


def _why_not(command: str | None, own: Sequence[str], paths: Sequence[str]) -> str | None:
    if command is None:
        return _NO_COMMAND
    if len(own) > _MOST_FILES:
        return f"not run, as the change has more than {_MOST_FILES} test files"
    if not own or len(own) == len(paths):
        return f"not run, as the change has {'only' if own else 'no'} tests"
    return None


async def look(
    services: Services,
    command: str | None,
    workshop: Workshop,
    measure: Measure | None = None,
    limits: Limits = _LIMITS,
) -> Tests:
    """Run the command on the files as they are; what it leaves lying about is taken away again.

    A coverage report is read before that. One that the change brought along is taken away first.
    """
    if command is None:
        return Tests("not_configured", _NO_COMMAND, "")
    worktree = await workshop.lay_out()
    argv = ["sh", "-c", command] if measure is None else ["sh", "-c", _ANEW, "sh", f"./{measure.report}", command]
    result = await services.box.run(argv, worktree=worktree, limits=limits)
    coverage = None if measure is None else await measure.look(workshop.mirror, worktree)
    await workshop.put_back()
    how = "passed" if result.ok else f"failed (exit code {result.exit_code})"
    if result.ended != "exit":
        how = f"did not end by itself ({result.ended} after {result.seconds:.0f} s)"
    return Tests(
        "passed" if result.ok else "failed",
        how,
        last_lines(result.output, _OUTPUT_CHARS),
        coverage,
        await asyncio.to_thread(_log, result),
        ended=result.ended,
        exit_code=result.exit_code,
        seconds=round(result.seconds, 1),
    )


def _log(result: Result) -> tuple[Unit, ...]:
    """Nothing where the output was cut, or tells of no failure though the command failed: then something else did.

    Nor where the names are too many to be kept.
    """
    if result.ended != "exit" or result.omitted_bytes:
        return ()
    units = read_testlog(result.output)
    if len(json.dumps([vars(unit) for unit in units])) > _NAMES_BYTES:
        return ()
    return units if result.ok or any(unit.failing or unit.broken for unit in units) else ()
