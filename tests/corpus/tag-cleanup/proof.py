import sqlite3
from pathlib import Path

db = sqlite3.connect(":memory:")
db.execute("PRAGMA foreign_keys = ON")
db.executescript(Path("migrations/0001_start.sql").read_text())
db.executescript("""
INSERT INTO articles (id, title) VALUES (1, 'One');
INSERT INTO tags (id, name) VALUES (1, 'Python'), (2, 'python');
INSERT INTO article_tags VALUES (1, 2);
""")
db.executescript(Path("migrations/0002_one_case.sql").read_text())
rows = db.execute("SELECT * FROM article_tags").fetchall()
assert rows == [(1, 1)], rows
