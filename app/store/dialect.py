"""The one statement that SQLAlchemy spells differently for our two databases."""

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection


def insert_into(db: AsyncConnection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that can say what happens on conflict."""
    return postgresql.insert(table) if db.dialect.name == "postgresql" else sqlite.insert(table)
