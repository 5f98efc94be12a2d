"""Work trees that nobody needs any more go; those of runs that are still to go on stay."""

from pathlib import Path

from sqlalchemy import update

from app.jobs.tidy import tidy_worktrees
from app.policy.request import RunRequest
from app.policy.values import Repo
from app.runs.admission import request_run
from app.store.tables import runs
from app.store.work import work


async def test_only_work_trees_of_runs_that_go_on_are_kept(database, tmp_path: Path):
    folder = tmp_path / "worktrees"
    async with work(database) as db:
        repo = Repo(1, 7, "mona", "sample")
        ids = [
            str(await request_run(db, RunRequest("solve", repo, number, f"k{number}", "finished", f"s{number}")))
            for number in range(2)
        ]
        await db.execute(update(runs).where(runs.c.id == ids[0]).values(state="failed", finished_at=1.0))
    for name in (*ids, "of-nobody"):
        (folder / name / "3").mkdir(parents=True)
    (folder / "a-file").touch()
    await tidy_worktrees(database, folder)
    await tidy_worktrees(database, tmp_path / "not-there")
    assert sorted(path.name for path in folder.iterdir()) == sorted([ids[1], "a-file"])
