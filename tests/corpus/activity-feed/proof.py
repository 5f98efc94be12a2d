import sqlite3

from feed.api import get_feed
from feed.store import SCHEMA, Feed

db = sqlite3.connect(":memory:")
db.execute(SCHEMA)
feed = Feed(db)
for number in range(30):
    feed.add(1000, f"entry {number}")
seen, query = [], {}
while True:
    page = get_feed(feed, query)
    seen += [entry["id"] for entry in page["entries"]]
    if page["next"] is None:
        break
    query = {"cursor": page["next"]}
assert len(seen) == 30, f"{len(seen)} of 30 entries were shown"
