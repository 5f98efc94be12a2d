import sqlite3
from pathlib import Path

FOLDER = Path(__file__).parent / "migrations"


def migrate(db: sqlite3.Connection) -> list[str]:
    """Run what was not run yet, in order of the names. Production has about two million users."""
    db.execute("CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY)")
    done = {name for (name,) in db.execute("SELECT name FROM migrations")}
    new = [file for file in sorted(FOLDER.glob("*.sql")) if file.name not in done]
    for file in new:
        db.executescript(file.read_text())
        db.execute("INSERT INTO migrations VALUES (?)", (file.name,))
        db.commit()
    return [file.name for file in new]
