"""The one statement that SQLAlchemy spells differently for our two databases."""

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection


def insert_into(db: AsyncConnection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that can say what happens on conflict."""
    return insert_for(db.dialect.name, table)


def insert_for(dialect: str, table: Table) -> postgresql.Insert | sqlite.Insert:
    """The same for a database that is named by SQLAlchemy's word for it."""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
