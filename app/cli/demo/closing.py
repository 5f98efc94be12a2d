"""The numbers at the end."""

import asyncio
import shutil
import sys
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from sqlalchemy import func, select

from app.cli.demo.stage import Stage
from app.store import audit, usage
from app.store.engine import open_database
from app.store.tables import deliveries, runs, steps


def count(stage: Stage, settings: dict[str, str]) -> dict[str, Any]:
    """What Quorum kept of it, and what it asked of GitHub's API: people say `repos`, Quorum goes by ids."""
    log = [
        path for _, path, _ in stage.requests() if path.startswith("/api/") and not path.startswith("/api/v3/repos/")
    ]
    return {**asyncio.run(_read(settings)), "github_requests": len(log)}


async def _read(settings: dict[str, str]) -> dict[str, Any]:
    engine = open_database(f"sqlite+aiosqlite:///{settings['QUORUM_DATA_DIR']}/quorum.db")
    async with engine.connect() as db:
        spent = await usage.totals(db)
        found = {
            "webhooks": await db.scalar(select(func.count()).select_from(deliveries)),
            "runs": await db.scalar(select(func.count()).select_from(runs)),
            "steps": await db.scalar(select(func.count()).select_from(steps)),
            "model_calls": spent.calls,
            "tokens_in": spent.input,
            "tokens_out": spent.output,
            "cost_usd": spent.cost / 1e6,
            "audit_entries": (await audit.head(db))[0],
        }
    await engine.dispose()
    return found


def closing_table(seen: dict[str, Any], settings: dict[str, str], *, scripted: bool) -> None:
    numbers = seen["counts"]
    note = " (scripted model; tokens are estimates)" if scripted else ""
    table = Table(show_header=False, title="What it took")
    table.add_row("time", f"{seen['seconds']} s")
    table.add_row("webhooks stored", str(numbers["webhooks"]))
    table.add_row("GitHub requests", str(numbers["github_requests"]))
    table.add_row("model calls", f"{numbers['model_calls']}{note}")
    table.add_row("tokens", f"{numbers['tokens_in']} in, {numbers['tokens_out']} out")
    table.add_row("cost", f"${numbers['cost_usd']:.2f}")
    table.add_row("steps journalled", f"{numbers['steps']} in {numbers['runs']} runs")
    if seen["tests"]:
        told = seen["tests"]
        table.add_row(
            "the new tests",
            f"on the old code: exit {told['old_code_with_new_tests']}, on what was merged: exit {told['merged']}",
        )
    Console().print(table)
    home = settings["QUORUM_DATA_DIR"]
    command = f"QUORUM_DATA_DIR={home} {command_here()}"
    print(f"Look closer:\n  {command} runs list\n  {command} audit verify\n  less {home}/quorum.log")


def command_here() -> str:
    """What to type here: the command may lie in a virtual environment that is not active."""
    beside = Path(sys.executable).with_name("quorum")
    if shutil.which("quorum") is not None:
        return "quorum"
    return str(beside) if beside.exists() else f"{sys.executable} -m app.cli"
