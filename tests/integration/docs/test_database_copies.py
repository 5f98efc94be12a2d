"""The copy of a database is made and brought back by the lines of docs/operating.md, with PostgreSQL's own programs."""

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from tests.support.databases import migrated_template
from tests.support.shell import Shell
from tests.support.written import ROOT, SHELL, shown

(LINES,) = [
    each.text for each in shown(ROOT / "docs/operating.md") if each.language == SHELL and "pg_dump" in each.text
]
PROGRAMS = Path(str(getattr(find_spec("pgserver"), "origin", ""))).parent / "pginstall" / "bin"
IN_THE_CONTAINER = 'case "$*" in *"exec -T postgres"*) shift 6; exec "$@";; esac\n'
"""`docker compose -f FILE exec -T postgres PROGRAM ...` is the program, on a server of the tests."""


@pytest.fixture
def database(postgres: str) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """One that is called as in the containers."""
    server, template = postgres.replace("+psycopg", ""), migrated_template(postgres)
    with psycopg.connect(server, autocommit=True) as plain:
        plain.execute("DROP DATABASE IF EXISTS quorum WITH (FORCE)")
        plain.execute(f"CREATE DATABASE quorum TEMPLATE {template}")  # type: ignore[arg-type]
        url = make_url(server).set(database="quorum").render_as_string(hide_password=False)
        with psycopg.connect(url, autocommit=True) as database:
            yield database
        plain.execute("DROP DATABASE quorum WITH (FORCE)")


def test_what_was_in_it_is_in_it_again(postgres: str, database: psycopg.Connection[tuple[object, ...]], tmp_path: Path):
    database.execute("INSERT INTO deliveries (id, event, body, received_at) VALUES ('kept', 'push', '', 1)")
    (tmp_path / "shell").mkdir()
    programs = {name: PROGRAMS / name for name in ("pg_dump", "pg_restore")}
    shell = Shell(tmp_path / "shell", programs, {"docker": IN_THE_CONTAINER})
    copy, bring_back = LINES.split("\n\n")
    env = {"PGHOST": str(make_url(postgres).query["host"])}
    shell.run(copy, tmp_path, env)
    database.execute("DELETE FROM deliveries")
    calls = shell.run(bring_back, tmp_path, env)
    assert database.execute("SELECT id FROM deliveries").fetchall() == [("kept",)]
    assert [call.words[3] for call in calls] == ["stop", "exec", "up"]
