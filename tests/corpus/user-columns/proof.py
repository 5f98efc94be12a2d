import sqlite3
from pathlib import Path

from store import migrate as migrations

db = sqlite3.connect(":memory:")
folder = migrations.FOLDER
first = Path(folder, "0001_users.sql").read_text()
db.executescript(first + "INSERT INTO users (email) VALUES ('ada@example.com');")
db.execute("CREATE TABLE migrations (name TEXT PRIMARY KEY)")
db.execute("INSERT INTO migrations VALUES ('0001_users.sql')")
try:
    migrations.migrate(db)
except sqlite3.OperationalError as error:
    raise AssertionError(f"the migration does not run: {error}") from None
