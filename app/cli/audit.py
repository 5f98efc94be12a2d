"""`quorum audit`: is the log what was written?"""

import asyncio
import re

import typer

app = typer.Typer(no_args_is_help=True, help="The audit log.")


@app.callback()
def _group() -> None:
    """Keep `verify` a word of its own."""


@app.command("verify")
def verify(
    anchor: str = typer.Option("", help="SEQUENCE:HASH kept outside the database; shows a log that was cut"),
) -> None:
    """Check every entry's link to the one before it."""
    from app.settings import Settings
    from app.store import audit
    from app.store.engine import open_database

    # A slip of the pen must not pass for a log that holds.
    if anchor and not re.fullmatch(r"[0-9]{1,18}:[0-9a-f]{64}", anchor):
        raise typer.BadParameter("--anchor is SEQUENCE:HASH, as `quorum audit verify` prints it")
    seq, _, digest = anchor.partition(":")
    held = (int(seq), digest) if anchor else None

    async def read() -> int:
        engine = open_database(Settings().database_url)
        async with engine.connect() as db:
            report = await audit.verify(db, held)
        await engine.dispose()
        if report.fault:
            print(f"the audit log does not hold: {report.fault}")
            return 1
        print(f"{report.entries} entries hold; the newest is {report.head[0]}:{report.head[1]}")
        return 0

    raise typer.Exit(asyncio.run(read()))
