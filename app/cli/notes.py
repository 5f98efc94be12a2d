"""`quorum notes`: what people asked to be remembered of a repository."""

import asyncio

import typer


def notes(repository: str = typer.Argument(help="OWNER/NAME")) -> None:
    """List what agents are told of a repository besides its own guidance, as `@quorum remember` kept it."""
    from app.cli.tree import plain, when
    from app.settings import Settings
    from app.store.engine import open_database
    from app.store.names import find_repo_id
    from app.store.notes import notes_of

    async def read() -> None:
        engine = open_database(Settings().database_url)
        try:
            async with engine.connect() as db:
                repo_id = await find_repo_id(db, repository)
                if repo_id is None:
                    raise ValueError(f"nothing is on record of {repository}; `quorum runs list` shows what there is")
                found = await notes_of(db, repo_id)
        finally:
            await engine.dispose()
        for note in found:
            print(f"{note.id:5}  {when(note.at)}  {plain(note.login):20} {plain(note.text)}")
        if not found:
            print(f"nothing is remembered of {repository}; `@quorum remember …` in a comment there keeps a note")

    asyncio.run(read())
