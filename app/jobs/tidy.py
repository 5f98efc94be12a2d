"""Taking away what killed workers left on disk."""

import asyncio
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from app.runs.admission import find_run
from app.runs.state import RunState
from app.sandbox.removal import remove_tree
from app.store.work import work


async def tidy_worktrees(engine: AsyncEngine, folder: Path) -> None:
    """Remove the work trees of runs that have ended, or that nobody knows; each lies in a folder named by its run."""
    for place in await asyncio.to_thread(_folders, folder):
        async with work(engine) as db:
            run = await find_run(db, place.name)
        if run is None or RunState(run.state).ended:
            await asyncio.to_thread(remove_tree, place)


def _folders(folder: Path) -> list[Path]:
    return [each for each in folder.iterdir() if each.is_dir() and not each.is_symlink()] if folder.is_dir() else []
