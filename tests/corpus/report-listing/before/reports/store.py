import sqlite3

SCHEMA = """
CREATE TABLE reports (id INTEGER PRIMARY KEY, owner TEXT, title TEXT, created TEXT, pages INTEGER);
CREATE TABLE accounts (name TEXT, api_key TEXT);
"""


class ReportStore:
    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def of_owner(self, owner: str, limit: int = 50) -> list[tuple]:
        """The newest reports of somebody."""
        sql = "SELECT id, title, created, pages FROM reports WHERE owner = ? ORDER BY created DESC LIMIT ?"
        return self._db.execute(sql, (owner, limit)).fetchall()
