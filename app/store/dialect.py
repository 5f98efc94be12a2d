"""The one statement that SQLAlchemy spells differently for our two databases."""

from functools import cache

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection


def insert_into(db: AsyncConnection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that can say what happens on conflict."""
    return insert_for(db.dialect.name, table)


@cache
def insert_for(dialect: str, table: Table) -> postgresql.Insert | sqlite.Insert:
    """The same for a database that is named by SQLAlchemy's word for it."""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def put_into(db: AsyncConnection, table: Table, *key: str) -> postgresql.Insert | sqlite.Insert:
    """An INSERT for a whole row, handed over beside it, which takes the place of the one with its key."""
    return _put_for(db.dialect.name, table, key)


@cache
def _put_for(dialect: str, table: Table, key: tuple[str, ...]) -> postgresql.Insert | sqlite.Insert:
    """Put together once: that takes longer than the database takes."""
    row = insert_for(dialect, table)
    return row.on_conflict_do_update(index_elements=key, set_={each.name: row.excluded[each.name] for each in table.c})
