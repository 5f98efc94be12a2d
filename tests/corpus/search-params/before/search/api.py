def search(index: list[str], query: dict[str, str]) -> dict:
    """GET /v2/search?q=TEXT&limit=N&offset=N. Without `limit`, everything is returned."""
    text = query.get("q", "").lower()
    found = [entry for entry in index if text in entry.lower()]
    offset = max(int(query.get("offset", 0)), 0)
    limit = max(int(query["limit"]), 0) if "limit" in query else None
    page = found[offset:] if limit is None else found[offset : offset + limit]
    return {"results": page, "count": len(page)}
