"""Real databases for tests: SQLite in a file, and PostgreSQL from a wheel."""

import fcntl
import os
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, make_url

from app.store.engine import _upgrade

_START_S = 200


def migrated_sqlite(place: Path) -> str:
    """The URL of a database of its own with the newest schema. The migrations ran once; what they made is copied."""
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(_migrated())
    return f"sqlite+aiosqlite:///{place}"


@cache
def _migrated() -> bytes:
    with tempfile.TemporaryDirectory(prefix="quorum-sqlite-") as folder:
        place = Path(folder) / "quorum.db"
        _migrate(f"sqlite:///{place}")
        return place.read_bytes()


def _migrate(url: str) -> None:
    """Without a loop, so that fixtures of both kinds can ask for it."""
    engine = create_engine(url)
    with engine.begin() as connection:
        _upgrade(connection)
    engine.dispose()


@contextmanager
def postgres_server() -> Iterator[str]:
    """A PostgreSQL of our own, and its URL in SQLAlchemy's form."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pgserver looks for a runtime folder that a bare machine lacks
        import pgserver

        with tempfile.TemporaryDirectory(prefix="quorum-pg-", ignore_cleanup_errors=True) as folder:
            with _patience():
                server = pgserver.get_server(folder)
            try:
                yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
            finally:
                server.cleanup()


@contextmanager
def _patience() -> Iterator[None]:
    """The wheel gives a server ten seconds to start, which a busy machine does not always make.

    As root it makes a user first, which two processes cannot do at once.
    """
    from pgserver import postgres_server as wheel

    pg_ctl = wheel.pg_ctl
    place = Path(tempfile.gettempdir()) / f"quorum-tests-pg-{os.getuid()}.lock"
    with place.open("w") as lock, pytest.MonkeyPatch.context() as patch:
        fcntl.flock(lock, fcntl.LOCK_EX)
        patch.setenv("PGCTLTIMEOUT", str(_START_S))
        patch.setattr(wheel, "pg_ctl", lambda *args, **more: pg_ctl(*args, **{**more, "timeout": _START_S + 10}))
        yield


@contextmanager
def fresh_database(server_url: str, template: str = "template1") -> Iterator[str]:
    """A database of its own on that server, with what the template holds."""
    name = f"t{uuid.uuid4().hex}"
    with psycopg.connect(_plain(server_url), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    yield _named(server_url, name)
    with psycopg.connect(_plain(server_url), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@cache
def migrated_template(server_url: str) -> str:
    """A database with the newest schema to make others from: copying it is quicker than each migration again.

    https://www.postgresql.org/docs/current/manage-ag-templatedbs.html
    """
    with psycopg.connect(_plain(server_url), autocommit=True) as connection:
        connection.execute("CREATE DATABASE migrated")
    _migrate(_named(server_url, "migrated"))
    return "migrated"


def _plain(server_url: str) -> str:
    return server_url.replace("postgresql+psycopg://", "postgresql://", 1)


def _named(server_url: str, name: str) -> str:
    return make_url(server_url).set(database=name).render_as_string(hide_password=False)
