import sqlite3
from collections.abc import Iterator

SCHEMA = """
CREATE TABLE customers (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL, cents INTEGER NOT NULL, day TEXT NOT NULL);
"""


class Shop:
    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def orders_of_month(self, month: str) -> Iterator[tuple[int, int, int, str]]:
        sql = "SELECT id, customer_id, cents, day FROM orders WHERE day LIKE ? || '-%' ORDER BY id"
        yield from self._db.execute(sql, (month,))

    def customer_name(self, customer_id: int) -> str:
        row = self._db.execute("SELECT name FROM customers WHERE id = ?", (customer_id,)).fetchone()
        return row[0] if row else "(deleted)"
