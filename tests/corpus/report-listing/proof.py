import sqlite3

from reports.store import SCHEMA, ReportStore
from reports.views import list_reports

db = sqlite3.connect(":memory:")
db.executescript(SCHEMA)
db.executemany("INSERT INTO reports (owner, title, created, pages) VALUES ('ada', ?, ?, 1)", [("A", "1"), ("B", "2")])
db.execute("INSERT INTO accounts VALUES ('bob', 'k-123')")


def order(letter):
    sort = f"(CASE WHEN (SELECT substr(api_key,1,1) FROM accounts)='{letter}' THEN id ELSE -id END)"
    try:
        return [row["id"] for row in list_reports(ReportStore(db), "ada", {"sort": sort})["reports"]]
    except ValueError:
        return None


assert order("k") == order("z"), "the order tells what stands in another table"
