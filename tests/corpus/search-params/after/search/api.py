MOST = 100


def search(index: list[str], query: dict[str, str]) -> dict:
    """GET /v2/search?q=TEXT&limit=N&offset=N. At most 100 results, which is the default of `limit`."""
    text = query.get("q", "").lower()
    found = [entry for entry in index if text in entry.lower()]
    offset = int(query.get("offset", 0))
    limit = min(int(query.get("limit", MOST)), MOST)
    page = found[offset : offset + limit]
    return {"results": page, "count": len(page)}
