"""One run as people look at it: how it stands, its plan, its steps, its change so far and its cost."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from app.forge.diffstat import FileStat, diff_stat
from app.forge.git import diff
from app.gitcmd import GitError
from app.runs.admission import find_run
from app.runs.outline import StepLine, newest_tree, outline_of, values_of
from app.runs.run import Run
from app.runs.state import RunState
from app.store import usage
from app.store.specialists import CHOSEN
from app.store.usage import Totals

_BASES = ("ground", "start")
"""So begin the names of steps that say where a change begins; the last one counts, as work can begin anew."""


@dataclass(frozen=True)
class Change:
    """Between the base and the tree of the last command. `trouble`: why it cannot be shown here."""

    files: Sequence[FileStat] = ()
    text: str = ""
    trouble: str = ""


@dataclass(frozen=True)
class RunView:
    run: Run
    totals: Totals
    steps: Sequence[StepLine]
    specialists: Sequence[str] = ()
    plan: str = ""
    change: Change | None = None

    @property
    def ended(self) -> bool:
        return RunState(self.run.state).ended


async def read_view(database: AsyncEngine, mirrors: Path, run_id: str, *, text: bool = False) -> RunView:
    """As the database has it now; `text`: with the diff itself. Raises `ValueError` for a run that is not there."""
    async with database.connect() as db:
        run = await find_run(db, run_id)
        if run is None:
            raise ValueError(f"there is no run {run_id}; `quorum runs list` shows those there are")
        totals, steps = await usage.totals(db, run_id), await outline_of(db, run_id)
        bases = [each.name for each in steps if each.name.startswith(_BASES)]
        values = await values_of(db, run_id, CHOSEN, *bases)
        tree = await newest_tree(db, run_id)
    way, base = _object(values.get(CHOSEN)), _base_of([_object(values.get(name)) for name in bases])
    change = None
    if tree is not None and base is not None:
        change = await _read_change(mirrors / f"{run.repo.id}.git", base, tree, text=text)
    chosen = [f"{each['name']} ({each['because']})" for each in way.get("chosen", [])]
    return RunView(run, totals, steps, chosen, str(way.get("plan", "")), change)


async def _read_change(mirror: Path, base: str, tree: str, *, text: bool) -> Change:
    """The objects lie where the worker keeps them, which can be another machine."""
    try:
        files = await diff_stat(mirror, base, tree)
        shown = (await diff(mirror, base, tree)).decode("utf-8", "replace") if text else ""
    except (GitError, OSError):
        return Change(trouble="its files are not on this machine; look where the worker runs")
    return Change(files, shown)


def _base_of(grounds: Sequence[dict[str, Any]]) -> str | None:
    """Of a repair it is where the pull request begins, else the base branch's commit."""
    found = [each.get("base") or each.get("base_sha") for each in grounds]
    return next((str(each) for each in reversed(found) if each is not None), None)


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
