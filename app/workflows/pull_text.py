"""The description of an own pull request: what was done, how it was verified, what is left. Pure."""

from collections.abc import Sequence
from dataclasses import replace

from app.forge.clean import clean_description
from app.forge.neighbours import Neighbour
from app.policy.render import code, on_one_line
from app.policy.testfiles import is_changelog
from app.workflows.failed_before import gate_asks, remedy
from app.workflows.pull_template import Filling, fill
from app.workflows.task import Task
from app.workflows.understood import render_advice, render_criteria, render_untested
from app.workflows.verifying import Verification
from app.workflows.writing import Written

_SHUT = (
    "The tests fail as they did before this change (see above), and the gate asks for all of them to pass. It is not "
    "for this change to mend them."
)
_NEWER = "Where something above says otherwise, this is newer."
_SIGN = (
    "The commits of this project end with `Signed-off-by`. Quorum cannot sign for anybody: whoever merges this, please "
    "sign it off yourself (`git rebase --signoff`, or in the message of the squash), if you may."
)


def render_pull_body(
    task: Task,
    written: Written,
    verification: Verification,
    asked: Sequence[str],
    paths: Sequence[str],
    run_id: str,
    stood_in: Sequence[str] = (),
) -> str:
    """In the project's template, if it has one. `asked`: what reviewers should look at, as code told it. `stood_in`:
    which models worked in place of others.

    Words of agents and of the project's files are cleaned here, those in code too: a squash makes all of it a commit's
    message, in which the name of a test could close an issue.
    """
    filling = Filling(
        summary="\n\n".join(
            filter(None, [_summary(written), _points(task, written), written.planned, *written.repairs])
        ),
        verification=clean_description(_verified(task, verification)),
        closes=f"Closes #{task.issue.number}",
        left=_left(written),
        true=_known(verification, paths),
        command=task.policy.test or "",
    )
    notes = [f"### Why the gate stays shut\n\n{_SHUT} {remedy(task)}"] if _is_shut(task, verification) else []
    notes += [*(["### Please look at\n\n" + "\n".join(f"- {_line(each)}" for each in asked)] if asked else [])]
    notes += [_SIGN] if task.manners.style.signed else []
    notes += [" ".join(stood_in)] if stood_in else []
    foot = f"<sub>Run `{run_id}` · `quorum runs show {run_id}`</sub>"
    return "\n\n".join([fill(clean_description(task.manners.template), filling), *notes, foot])


def render_planned(page: str, left_plan: str) -> str:
    """For the description: which plan it was built by, and where it left it. `page`: the comment with the plan."""
    told = clean_description(left_plan).strip()
    return f"It was built by [this plan]({page}).{f' {told}' if told else ''}"


def render_repair(repaired: Written, round_: int, answers: str = "") -> str:
    """What changed since the description was written. `answers`: to findings without a thread; cleaned already."""
    heading = f"### After round {round_} of the council"
    return "\n\n".join(filter(None, [heading, _summary(repaired), answers]))


def render_amendment(heading: str, amended: Written, tried: str) -> str:
    """What another run did later. `tried`: which commit it is, and on what its tests were tried."""
    return "\n\n".join([f"### {heading}", _summary(amended), tried])


def after_repair(written: Written, repaired: Written, section: str) -> Written:
    """What is to be told of the whole now: what the repair says of the points, and of what is left, is newer."""
    return replace(
        written,
        points=written.points if repaired.points is None else repaired.points,
        left=written.left if repaired.left is None else repaired.left,
        repairs=(*written.repairs, section),
    )


def render_since(task: Task, repaired: Written, verification: Verification, section: str) -> str:
    """For the end of a description that cannot be written anew, as people changed it or another run wrote it."""
    points = [] if repaired.points is None else [_points(task, repaired)]
    verified = f"**How it was verified after that**\n\n{clean_description(_verified(task, verification))}"
    left = [] if repaired.left is None else [f"**What is left after that**\n\n{_left(repaired) or 'Nothing is known.'}"]
    return "\n\n".join(filter(None, [section, _NEWER, *points, verified, *left]))


def _summary(written: Written) -> str:
    return clean_description(written.summary).strip()


def _left(written: Written) -> str:
    return clean_description(written.left or "").strip()


def _is_shut(task: Task, verification: Verification) -> bool:
    """By tests that failed before, and do still: others would have kept it from being pushed."""
    return gate_asks(task) and not verification.passed


def render_neighbours(neighbours: Sequence[Neighbour]) -> str:
    """For the later one: whoever merges the one will have to look at the other again."""
    lines = [f"- #{each.number}: {clean_description(_paths(each))}" for each in neighbours]
    return "\n".join(["### Other open pull requests that touch the same files", "", *lines])


def _paths(each: Neighbour) -> str:
    more = f" and {each.shared - len(each.paths)} more" if each.shared > len(each.paths) else ""
    return f"{', '.join(code(path) for path in each.paths)}{more}"


def _points(task: Task, written: Written) -> str:
    """As the writer says, or at least what must hold; how it was verified is told by code."""
    if not written.points:
        criteria = render_criteria(task.understanding.criteria)
        return "\n".join(["What must hold:", "", *(f"- {_line(each)}" for each in criteria)]) if criteria else ""
    lines = [f"- {_line(each.wanted)} — {_line(each.shown_by)}" for each in written.points]
    return "\n".join(["What the issue asks for, and what shows it:", "", *lines])


def _line(text: str) -> str:
    return on_one_line(clean_description(text))


def _verified(task: Task, verification: Verification) -> str:
    measured = f"\n{verification.measured}" if verification.measured else ""
    if task.policy.test is None:
        return f"{render_untested(task.understanding.tests)} So nothing was run.{chr(10) if measured else ''}{measured}"
    test, told = code(task.policy.test), render_advice(task.understanding.tests)
    advice = f"\n\n{told}" if told else ""
    return (
        f"- {test} before: {verification.before}\n"
        f"- {test} with the new tests on the old code: {verification.old_code}\n"
        f"- {test} after: {verification.after}{measured}"
        f"{advice}"
    )


def _known(verification: Verification, paths: Sequence[str]) -> frozenset[str]:
    facts = {
        "passed": verification.passed,
        "proven": verification.proven,
        "linked": True,
        "changelog": any(map(is_changelog, paths)),
    }
    return frozenset(name for name, true in facts.items() if true)
