import io
import sqlite3

from shop.export import export_month
from shop.store import SCHEMA, Shop

db = sqlite3.connect(":memory:")
db.executescript(SCHEMA)
db.executemany("INSERT INTO customers (name) VALUES (?)", [("Ada",), ("Bob",), ("Cy",)])
db.executemany("INSERT INTO orders (customer_id, cents, day) VALUES (?, 100, '2024-05-01')", [(1 + n % 3,) for n in range(50)])
db.commit()
asked = []
db.set_trace_callback(asked.append)
out = io.StringIO()
assert export_month(Shop(db), "2024-05", out) == 50
assert "Ada" in out.getvalue()
assert len(asked) < 10, f"{len(asked)} statements for 50 orders"
