"""`quorum runs`: what was done, step by step."""

import asyncio
from datetime import UTC, datetime

import typer

app = typer.Typer(no_args_is_help=True, help="What Quorum did and does.")


@app.command("list")
def list_runs(limit: int = 50) -> None:
    """List the newest runs."""
    from sqlalchemy import select

    from app.settings import Settings
    from app.store.engine import open_database
    from app.store.tables import runs

    async def read() -> None:
        engine = open_database(Settings().database_url)
        async with engine.connect() as db:
            for row in await db.execute(select(runs).order_by(runs.c.created_at.desc()).limit(limit)):
                subject = f"{row.owner}/{row.name}" + (f"#{row.number}" if row.number else "")
                print(f"{row.id}  {row.workflow:9} {row.state:10} {subject:30} {row.reason or ''}")
        await engine.dispose()

    asyncio.run(read())


@app.command("show")
def show_run(run_id: str) -> None:
    """Show one run's steps, times and cost."""
    from app.runs.admission import find_run
    from app.runs.journal import steps_of
    from app.settings import Settings
    from app.store import usage
    from app.store.engine import open_database

    async def read() -> None:
        engine = open_database(Settings().database_url)
        async with engine.connect() as db:
            run = await find_run(db, run_id)
            if run is None:
                raise ValueError(f"there is no run {run_id}; `quorum runs list` shows those there are")
            totals = await usage.totals(db, run_id)
            print(f"{run.workflow} of {run.repo.subject(run.number)}: {run.state} {run.reason or ''}")
            print(
                f"{totals.calls} model calls, {totals.input} tokens in, {totals.output} out, ${totals.cost / 1e6:.4f}"
            )
            for step in await steps_of(db, run_id):
                at = datetime.fromtimestamp(step.started_at, UTC).strftime("%H:%M:%S")
                took = "unfinished" if step.finished_at is None else f"{step.finished_at - step.started_at:.2f} s"
                print(f"  {at}  {step.kind:6} {step.name:50} {took}")
        await engine.dispose()

    asyncio.run(read())
