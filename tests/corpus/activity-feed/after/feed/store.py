import sqlite3

SCHEMA = "CREATE TABLE entries (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, text TEXT NOT NULL)"


class Feed:
    """Entries, newest first. `at` is in seconds; imports write many entries in one second."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def add(self, at: int, text: str) -> None:
        self._db.execute("INSERT INTO entries (at, text) VALUES (?, ?)", (at, text))

    def page(self, before: int | None = None, size: int = 20) -> list[tuple[int, int, str]]:
        """The newest entries, or those before a time."""
        if before is None:
            sql = "SELECT id, at, text FROM entries ORDER BY at DESC, id DESC LIMIT ?"
            return self._db.execute(sql, (size,)).fetchall()
        sql = "SELECT id, at, text FROM entries WHERE at < ? ORDER BY at DESC, id DESC LIMIT ?"
        return self._db.execute(sql, (before, size)).fetchall()
