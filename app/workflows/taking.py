"""Findings that their own suggestions settle: those are put in as they stand, and no writer is asked.

Only where each finding that blocks has one and is about a test or a document, and all together pass the tests and
raise no question; else an agent sees all of it. Where nothing blocks, advice of this kind is taken so, once. That the
tests pass with another text of the code shows that it breaks nothing, not that it mends anything: for that somebody has
to write a test which fails without it. What comes of it is judged like any repair: the council reads it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from app.agents.suggested import Edit, Unfit, apart, apply, fit
from app.agents.tools.handing_in import Answer
from app.forge.git import diff, show
from app.policy.kinds import Kind, kinds_of
from app.policy.render import code
from app.policy.testlogs.comparing import compare
from app.runs.engine import Context
from app.sandbox.planting import modes_of, plant
from app.wiring import Services
from app.workflows.handing_in import object_to, why_failed
from app.workflows.journalled import journalled
from app.workflows.objecting import find_objections
from app.workflows.standing import Voiced
from app.workflows.task import Task
from app.workflows.testing import Tests, look
from app.workflows.texts import handle
from app.workflows.workshop import Workshop
from app.workflows.writing import Written

_REGULAR = frozenset({b"100644", b"100755"})
_WITHOUT_A_TEST: tuple[frozenset[Kind], ...] = (frozenset({"tests"}), frozenset({"docs"}))
"""What files are whose change needs no test of its own."""
_TITLE = "Apply what reviewers suggested"
_SUMMARY = "What reviewers suggested is put in as it stands, and nothing else is changed: {}."
_ANSWER = "The suggestion is put in as it stands, and the tests pass with it."
_NAMED = 20
_LEAST_TO_COME = 2


@dataclass(frozen=True)
class Tried:
    """Whether a tree may be committed, and how long its tests took."""

    fits: bool
    seconds: float = 0.0


def without_a_test(found: Sequence[Voiced]) -> list[Voiced]:
    """Those about a file whose change needs no test of its own. Pure."""
    return [each for each in found if kinds_of(each.finding.path) in _WITHOUT_A_TEST]


async def take_suggestions(
    ctx: Context,
    services: Services,
    task: Task,
    workshop: Workshop,
    before: Tests,
    found: Sequence[Voiced],
    round_: int,
    to_come: int,
) -> Written | None:
    """The repair that the suggestions of `found` make, with the workshop at it; None where a writer must be asked.

    `to_come`: how many rounds of the council come after this one.
    """
    if task.policy.test is None or before.result != "passed":
        return None  # nothing would show that they hold
    if to_come < _LEAST_TO_COME:
        return None  # the last repair is a writer's, who sees what else there is to do
    tree = await _planted(workshop, found)
    if tree is None:
        return None

    async def attempt() -> Tried:
        if {f"commit-{round_ + 1}", "work-ended", "draft-kept"}.intersection(await ctx.journal()):
            return Tried(fits=False)  # by an earlier version, which always asked a writer, or was done
        return await _try(services, task, workshop, before, tree)

    tried = await journalled(ctx, f"suggestions-taken-{round_}", Tried, attempt)
    workshop.worked_s += tried.seconds
    if not tried.fits:
        return None
    workshop.begin_anew(tree)
    return _told(found)


async def _planted(workshop: Workshop, found: Sequence[Voiced]) -> str | None:
    """The tree with all of them, made anew at each replay; None where they are not all of it, or do not fit."""
    paths = list(dict.fromkeys(each.finding.path for each in found))
    if not paths or any(each.finding.suggestion is None for each in found):
        return None
    if any(kinds_of(path) not in _WITHOUT_A_TEST for path in paths):
        return None
    modes = await modes_of(workshop.mirror, workshop.tree, paths)
    if any(modes.get(path) not in _REGULAR for path in paths):
        return None
    contents = {path: await show(workshop.mirror, workshop.tree, path) or b"" for path in paths}
    fitted = [fit(each.finding, contents[each.finding.path]) for each in found]
    edits = list(dict.fromkeys(each for each in fitted if isinstance(each, Edit)))
    if any(isinstance(each, Unfit) for each in fitted) or apart(edits) != edits:
        return None
    ordered = sorted(edits, key=lambda each: (each.path, each.first))
    files = {path: apply(contents[path], of_file) for path, of_file in groupby(ordered, lambda each: each.path)}
    return await plant(workshop.mirror, workshop.tree, files)


async def _try(services: Services, task: Task, workshop: Workshop, before: Tests, tree: str) -> Tried:
    """As when a writer hands in; but what a writer would be asked about, nobody could answer here."""
    clean, start, base = workshop.beside(tree), workshop.tree, task.ground.base_sha
    try:
        tests = await look(services, task.policy.test, clean)
        failed = tests.result != "passed" or why_failed(before, tests, compare(before.log, tests.log))
        if failed:
            return Tried(fits=False, seconds=tests.seconds)
        found = await object_to(services, task, clean, start, await diff(clean.mirror, start, tree))
    finally:
        await clean.remove()
    stood = (await find_objections(workshop.mirror, base, base, start)).asked
    return Tried(fits=not found.refused and set(found.asked) <= set(stood), seconds=tests.seconds)


def _told(found: Sequence[Voiced]) -> Written:
    places = [f"{code(f'{each.finding.path}:{each.finding.start_line}')} ({each.perspective})" for each in found]
    more = f" and {len(places) - _NAMED} more" if len(places) > _NAMED else ""
    answers = [Answer(finding=handle(each.finding), fixed=True, answer=_ANSWER) for each in found]
    summary = _SUMMARY.format(", ".join(places[:_NAMED]) + more)
    return Written(_TITLE, summary, points=None, left=None, answers=tuple(answers))
