from clients.sync import fetch_all
from search.api import search

index = [f"entry {number}" for number in range(250)]
answer = search(index, {"q": ""})
whole = len(fetch_all(lambda query: search(index, query))) == 250
assert whole, "the copy lacks entries"
assert any(name in answer for name in ("more", "next", "total")), "nothing tells other clients that there is more"
