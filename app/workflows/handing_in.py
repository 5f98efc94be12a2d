"""When an agent hands in its work: it is tested and looked over in a clean tree, and shown what was found."""

import re
from collections.abc import Sequence

from app.agents.cut import first_lines, last_lines
from app.forge.git import diff
from app.policy.testlogs.comparing import Comparison, compare, not_loaded
from app.policy.testlogs.subtests import not_failing, without_parts
from app.policy.testlogs.unit import Unit, how_many
from app.wiring import Services
from app.workflows.objecting import Objections, find_objections, find_outside, scan_for_secrets, told
from app.workflows.task import Task
from app.workflows.testing import Tests, look, look_back
from app.workflows.workshop import Workshop

_DIFF_CHARS = 30_000
_TAIL_CHARS, _PASSED_CHARS = 600, 300
_NAMED = 20
_STAMP = "When you call `submit` again and the files are still these, they are handed in: tree {}"
_STAMPED = re.compile(re.escape(_STAMP).replace(re.escape("{}"), "([0-9a-f]{40,64})"))
_UNSEEN = "As it is it goes to a person when you call `submit` again: tree {}"
"""Of work whose diff was not shown."""
_CHECKLIST = (
    "Read it as a stranger would: is every point of the issue satisfied and tested, does the changelog (if the project "
    "keeps one) tell users of it, is anything in it that is not "
    "needed, would it fail for inputs you did not try? Mend what is wrong; call `submit` again when it is right."
)
_PASSING = (
    "These of your new tests do not fail on {where}. Such a test shows only that something stayed as it was. Is each "
    "meant so?"
)
_NOT_LOADED = (
    "On {where} your tests could not be built, loaded or run to an end, mostly as what they use is not there. So it "
    "would be whatever they ask for: where something that is there already changes, have a test that fails for that."
)
_REFUSED = (
    "This will not be committed:\n{listed}\n\nMend it and call `submit` again. Only if the issue itself asks for "
    "exactly this, call `submit` again with the work as it is: a person is then asked to decide, and nothing is pushed."
)


async def look_over(
    services: Services, task: Task, workshop: Workshop, start: str, before: Tests, known: str = "", since: str = ""
) -> tuple[bool, str]:
    """Whether the work may be handed in, and what the agent is shown of it. `start`: the tree that it began with.

    `since`: the tree on which the work's tests are tried, for a repair; by itself that is the base. There most tests
    of a change fail, which says nothing of those of its repair.
    `known`: the line that named the work when it was last shown; then only what changed since is shown.
    What may not be committed can be handed in all the same: the commit is refused then, and a person is asked.
    """
    if workshop.tree == start:
        return False, "Nothing has changed yet, so there is nothing to hand in."
    clean = workshop.beside(workshop.tree)
    patch = await diff(workshop.mirror, start, workshop.tree)
    try:
        tests = await look(services, task.policy.test, clean)
        found = await object_to(services, task, clean, start, patch)
    finally:
        await clean.remove()
    comparison = compare(before.log, tests.log)
    failed = why_failed(before, tests, comparison)
    if failed:
        return False, failed
    if found.refused:
        return True, f"{_REFUSED.format(listed=told(found.refused))}\n{_UNSEEN.format(workshop.tree)}"
    shown = [_result(before, tests, comparison), await _old_code(services, task, workshop, before, since)]
    asked = [*found.asked, *await find_outside(workshop.mirror, task.ground.base_sha, workshop.tree, task.expected)]
    if asked:
        shown.append("Is this meant so?\n" + "\n".join(f"- {each}" for each in asked))
    shown.append(await _diff_told(workshop, patch, known))
    return True, "\n\n".join([*filter(None, shown), f"{_CHECKLIST}\n{_STAMP.format(workshop.tree)}"])


async def _diff_told(workshop: Workshop, patch: bytes, known: str) -> str:
    """All of it, or what changed since the work was shown."""
    stamped = _STAMPED.fullmatch(known)
    if stamped is None or stamped[1] == workshop.tree:
        return f"Your diff:\n\n{first_lines(patch.decode('utf-8', 'replace'), _DIFF_CHARS)}"
    since = (await diff(workshop.mirror, stamped[1], workshop.tree)).decode("utf-8", "replace")
    return f"What changed since you were shown your diff; the rest is as it was:\n\n{first_lines(since, _DIFF_CHARS)}"


async def object_to(services: Services, task: Task, clean: Workshop, start: str, patch: bytes) -> Objections:
    """To the tree of `clean`, which is `patch` on `start`: as for the commit, and what is only asked about."""
    by_rule = await find_objections(clean.mirror, task.ground.base_sha, start, clean.tree)
    if by_rule.refused:
        return by_rule
    scanned = await scan_for_secrets(services, await clean.lay_out(), patch)
    return Objections(scanned.refused, (*by_rule.asked, *scanned.asked))


def why_failed(before: Tests, tests: Tests, comparison: Comparison | None) -> str:
    """Why nothing is handed in because of the tests; empty if they do not stand in the way."""
    if tests.result == "passed" and _ran(before.log) and _ran(tests.log) == 0:
        return f"No test was run any more, {_ran(before.log)} were before. Find out why.\n\n{tests.output}"
    if tests.result != "failed":
        return ""
    if before.result != "failed":
        named = _listed([name for unit in tests.log for name in unit.failing])
        return f"The tests {tests.line}; nothing is handed in until they pass.{named}\n\n{tests.output}"
    if before.log and not tests.log:
        return (
            f"The tests {tests.line}. Before your change some failed as well, but the output named each that did; now "
            f"it does not, so that what fails cannot be told from that. Find out why.\n\n{tests.output}"
        )
    if comparison is not None and comparison.new:
        named = _listed(comparison.new)
        return (
            "Some tests failed before your change; these did not and fail now, so nothing is handed in until they "
            f"pass:{named}\n\n{tests.output}"
        )
    return ""


def _result(before: Tests, tests: Tests, comparison: Comparison | None) -> str:
    fewer = "" if comparison is None or not comparison.fewer else f"\n\nFewer tests ran:{_listed(comparison.fewer)}"
    if tests.result != "failed":
        return f"The tests: {tests.line}{how_many(tests.log)}.\n\n{last_lines(tests.output, _PASSED_CHARS)}{fewer}"
    if comparison is None:
        return f"The tests {tests.line}. They did before your change; no failure may be yours:\n\n{tests.output}"
    untold = f"\n\nThese were not run before; see whether they are yours:{_listed(comparison.untold)}"
    return (
        f"The tests {tests.line}, as they did before your change ({before.line}): no test fails that passed then."
        f"{untold if comparison.untold else ''}{fewer}\n\n{last_lines(tests.output, _TAIL_CHARS)}"
    )


async def _old_code(services: Services, task: Task, workshop: Workshop, before: Tests, since: str) -> str:
    back = await look_back(services, task.policy.test, workshop, since or task.ground.base_sha)
    return tell_old_code(before, back, "the head before your repair" if since else "the code without your change")


def tell_old_code(before: Tests, back: Tests, where: str) -> str:
    """What the change's own tests say of the code before it: a test that passes there proves nothing. Pure."""
    if proves_nothing(before, back):
        return f"Your tests pass on {where} as well, so they prove nothing. Is that meant so?"
    if back.result != "failed":
        return ""
    comparison = compare(before.log, back.log)
    if comparison is not None and not_loaded(back.log):
        missing = _listed((*comparison.new, *comparison.untold))
        return f"{_NOT_LOADED.format(where=where)}{missing}\n\n{last_lines(back.output, _TAIL_CHARS)}"
    named = "" if comparison is None else _listed(without_parts((*comparison.new, *comparison.untold)))
    passing = not_failing(back.added, back.log)
    asked = f"\n\n{_PASSING.format(where=where)}{_listed(passing)}" if passing else ""
    return f"On {where} your tests {back.line}, as they should:{named}\n\n{last_lines(back.output, _TAIL_CHARS)}{asked}"


def proves_nothing(before: Tests, back: Tests) -> bool:
    """Whether the change's tests fail nowhere on the code before it but where that failed by itself.

    Where the failures have no names, a command that fails before and with them is taken as no proof of anything.
    """
    if back.result != "failed" or before.result != "failed":
        return back.result == "passed"
    comparison = compare(before.log, back.log)
    return comparison is not None and not (comparison.new or comparison.untold)


def _listed(names: Sequence[str]) -> str:
    rest = f"\n… and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return "".join(f"\n- {name}" for name in names[:_NAMED]) + rest


def _ran(units: Sequence[Unit]) -> int | None:
    counts = [unit.ran for unit in units if unit.ran is not None]
    return sum(counts) if counts else None
