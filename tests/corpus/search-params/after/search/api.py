MOST = 100


def search(index: list[str], query: dict[str, str]) -> dict:
    """GET /v2/search?q=TEXT&limit=N&offset=N. At most 100 results, which is the default of `limit`."""
    text = query.get("q", "").lower()
    found = [entry for entry in index if text in entry.lower()]
    offset = max(int(query.get("offset", 0)), 0)
    limit = min(max(int(query.get("limit", MOST)), 0), MOST)
    page = found[offset : offset + limit]
    return {"results": page, "count": len(page)}
