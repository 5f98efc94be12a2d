"""A run as lines for the terminal. Pure. The words of others are only text: nothing in them moves the cursor."""

from collections.abc import Iterator
from datetime import UTC, datetime

from app.cli.run_views import Change, RunView
from app.cli.tree import plain
from app.forge.diffstat import FileStat
from app.forge.visible import only_visible
from app.runs.errors import THEN
from app.runs.outline import StepLine

_FILES = 20


def whole(view: RunView) -> list[str]:
    """Everything, for who looks once."""
    return [
        *_state(view),
        *_way(view),
        *(_step(each) for each in view.steps),
        *_change(view.change),
        _cost(view),
    ]


def news(before: RunView | None, now: RunView) -> list[str]:
    """What has come since; at first, everything. A step is told when it has ended, each once."""
    told: list[str] = []
    if before is None or (before.run.state, before.run.reason) != (now.run.state, now.run.reason):
        told += _state(now)
    if before is None or (before.plan, before.specialists) != (now.plan, now.specialists):
        told += _way(now)
    known = set() if before is None else {each.name for each in before.steps if each.finished_at is not None}
    told += [_step(each) for each in now.steps if each.finished_at is not None and each.name not in known]
    if now.change != (None if before is None else before.change):
        told += _change(now.change)
    if now.ended or (before is not None and before.totals.cost != now.totals.cost):
        told.append(_cost(now))
    return told


def _state(view: RunView) -> Iterator[str]:
    run = view.run
    reason, _, remedy = (run.reason or "").partition(THEN)
    yield f"{run.workflow} of {plain(run.repo.subject(run.number))}: {run.state}"
    if reason:
        yield f"  because: {_whole_line(reason)}"
    if remedy:
        yield f"  what to do: {_whole_line(remedy)}"


def _whole_line(text: str) -> str:
    """Uncut: it says what to do."""
    return " ".join(only_visible(text).split())


def _way(view: RunView) -> Iterator[str]:
    if view.specialists:
        yield f"specialists: {plain(', '.join(view.specialists))}"
    if view.plan:
        yield "plan:"
        yield from (f"  {only_visible(line)}" for line in view.plan.splitlines() if line.strip())


def _step(each: StepLine) -> str:
    at = datetime.fromtimestamp(each.started_at, UTC).strftime("%H:%M:%S")
    took = "unfinished" if each.finished_at is None else f"{each.finished_at - each.started_at:.2f} s"
    return f"  {at}  {each.kind:6} {plain(each.name):50} {took}"


def _change(change: Change | None) -> Iterator[str]:
    if change is None:
        return
    if change.trouble:
        yield f"change so far: {change.trouble}"
        return
    added = sum(each.added or 0 for each in change.files)
    removed = sum(each.removed or 0 for each in change.files)
    count = f"{len(change.files)} file{'' if len(change.files) == 1 else 's'}"
    yield f"change so far: {count}, +{added} -{removed}"
    yield from (f"  {_file(each)}" for each in change.files[:_FILES])
    if len(change.files) > _FILES:
        yield f"  and {len(change.files) - _FILES} more"
    yield from (only_visible(line) for line in change.text.splitlines())


def _file(each: FileStat) -> str:
    lines = "no text" if each.added is None else f"+{each.added} -{each.removed}"
    return f"{plain(each.path)}  {lines}"


def _cost(view: RunView) -> str:
    totals = view.totals
    tokens = f"{totals.input} tokens in, {totals.output} out"
    return f"{totals.calls} model calls, {tokens}, ${totals.cost / 1e6:.4f}"
