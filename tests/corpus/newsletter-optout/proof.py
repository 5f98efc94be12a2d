import sqlite3
from pathlib import Path

db = sqlite3.connect(":memory:")
db.executescript(Path("schema.sql").read_text())
db.executescript(Path("views/newsletter.sql").read_text())
db.executescript("INSERT INTO customers (email) VALUES ('a@example.com'), ('b@example.com');")
db.execute("INSERT INTO optouts (email, received) VALUES ('x@example.com', '2024-01-01')")
count = db.execute("SELECT count(*) FROM newsletter").fetchone()[0]
assert count == 2, f"{count} of 2 customers get it"
