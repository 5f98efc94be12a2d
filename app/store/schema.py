"""How the schema that is there stands to the one that this code wants. Nothing is changed."""

from typing import Literal

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import AsyncEngine

from app.store.engine import MIGRATIONS

Schema = Literal["newest", "older", "unknown"]


async def read_schema(engine: AsyncEngine) -> Schema:
    """`older`: migrations are still to be made, all of them for an empty database. `unknown`: none of ours made it."""
    async with engine.connect() as connection:
        current = await connection.run_sync(_revisions)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    scripts = ScriptDirectory.from_config(config)
    if current == set(scripts.get_heads()):
        return "newest"
    known = {each.revision for each in scripts.walk_revisions()}
    return "older" if current <= known else "unknown"


def _revisions(connection: Connection) -> set[str]:
    return set(MigrationContext.configure(connection).get_current_heads())
