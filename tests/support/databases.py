"""Real databases for tests: SQLite in a file, and PostgreSQL from a wheel."""

import tempfile
import uuid
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from sqlalchemy import make_url


@contextmanager
def postgres_server() -> Iterator[str]:
    """A PostgreSQL of our own, and its URL in SQLAlchemy's form."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pgserver looks for a runtime folder that a bare machine lacks
        import pgserver

        with tempfile.TemporaryDirectory(prefix="quorum-pg-", ignore_cleanup_errors=True) as folder:
            server = pgserver.get_server(folder)
            try:
                yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
            finally:
                server.cleanup()


@contextmanager
def fresh_database(server_url: str) -> Iterator[str]:
    """A database of its own on that server."""
    name = f"t{uuid.uuid4().hex}"
    plain = server_url.replace("postgresql+psycopg://", "postgresql://", 1)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield make_url(server_url).set(database=name).render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
