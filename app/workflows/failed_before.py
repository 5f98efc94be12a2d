"""Tests that fail before anything is changed: what who works there is told, and what a maintainer can do about it."""

from collections.abc import Sequence

from app.agents.envelope import enclose
from app.policy.render import code
from app.workflows.task import Task
from app.workflows.testing import Tests

_TOLD, _NAMED = 30, 5
_LEAVE = (
    "These tests fail before you change anything. Leave them and what they test as they are, unless the issue is about "
    "just that: do not repair, skip or change them. Your work is taken when no other test fails."
)
_UNNAMED = (
    "The tests fail before you change anything, and their output does not name those that do. Look which they are "
    "before you begin; leave them as they are, unless the issue is about just that."
)
_SHUT = (
    "The gate asks for all tests to pass, so it stays shut until a maintainer has seen to these. That is no task of "
    "yours, and is told to them; say in `left` nothing but what you know of the reason."
)


def told_to_workers(task: Task, before: Tests) -> list[str]:
    """For who builds or repairs; nothing where the tests pass or were not run."""
    if before.result != "failed":
        return []
    names = _names(before)
    listed = "\n".join([*names[:_TOLD], *([f"and {len(names) - _TOLD} more"] if len(names) > _TOLD else [])])
    told = [_LEAVE, enclose("failing tests", listed, rendered=False)] if names else [_UNNAMED]
    return [*told, *([_SHUT] if gate_asks(task) else [])]


def named_to_people(before: Tests) -> str:
    """The names, as code, where they are known."""
    names = _names(before)
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return f" ({', '.join(code(name) for name in names[:_NAMED])}{more})" if names else ""


def remedy(task: Task) -> str:
    """What a maintainer can do so that the gate opens."""
    return (
        f"Mend these tests on {code(task.ground.base_ref)}, or let `test` in `.github/quorum.yml` there leave them "
        f"out; then update the pull request's branch with it and comment `@{task.called} review`."
    )


def gate_asks(task: Task) -> bool:
    """Whether the gate counts the result: it does where the policy names the command."""
    return task.policy.test is not None and not task.understanding.tests.found_by


def _names(before: Tests) -> Sequence[str]:
    return [name for unit in before.log for name in (*unit.failing, *unit.broken) if name]
