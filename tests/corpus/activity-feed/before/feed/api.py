from feed.store import Feed


def get_feed(feed: Feed, query: dict[str, str]) -> dict:
    """GET /feed?offset=N"""
    offset = int(query.get("offset", 0))
    entries = feed.page(offset)
    following = offset + len(entries) if entries else None
    return {"entries": [{"id": id_, "at": at, "text": text} for id_, at, text in entries], "next": following}
