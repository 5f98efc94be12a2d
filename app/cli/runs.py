"""`quorum runs`: what was done and what is being done, step by step."""

import asyncio
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="What Quorum did and does.")

_LOOK_EACH_S = 1.0


@app.command("list")
def list_runs(limit: Annotated[int, typer.Option(help="How many are shown.")] = 50) -> None:
    """List the newest runs: id, workflow, repository and number, state, cost, and why it stands so."""
    from app.cli.run_list import read_list, render_row
    from app.settings import Settings
    from app.store.engine import open_database

    async def read() -> None:
        engine = open_database(Settings().database_url)
        try:
            for row in await read_list(engine, limit):
                print(render_row(row))
        finally:
            await engine.dispose()

    asyncio.run(read())


@app.command("show")
def show_run(
    run_id: Annotated[str, typer.Argument(metavar="ID", help="As `quorum runs list` shows it.")],
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on until the run has ended.")] = False,
    diff: Annotated[bool, typer.Option("--diff", help="With the text of the change so far.")] = False,
) -> None:
    """Show one run: how it stands and why, its plan, steps and times, the change so far, and its cost.

    The change is read from the worker's data folder (QUORUM_DATA_DIR).
    """
    from rich.live import Live
    from rich.text import Text

    from app.cli.following import Lines, Picture
    from app.cli.following import follow as go_on
    from app.cli.run_lines import whole
    from app.cli.run_views import RunView, read_view
    from app.cli.tree import terminal
    from app.settings import Settings
    from app.store.engine import open_database

    settings, console = Settings(), terminal()

    async def show() -> None:
        engine = open_database(settings.database_url)

        async def read() -> RunView:
            return await read_view(engine, settings.data_dir / "mirrors", run_id, text=diff)

        async def wait() -> None:
            await asyncio.sleep(_LOOK_EACH_S)

        try:
            if not follow:
                console.print(Text("\n".join(whole(await read()))), soft_wrap=True)
            elif console.is_terminal:
                with Live(console=console, auto_refresh=False, vertical_overflow="visible") as live:
                    await go_on(read, wait, Picture(console, live))
            else:
                await go_on(read, wait, Lines(console))
        finally:
            await engine.dispose()

    asyncio.run(show())
