from feed.store import Feed


def get_feed(feed: Feed, query: dict[str, str]) -> dict:
    """GET /feed?cursor=AT: `next` is the cursor of the next page."""
    cursor = query.get("cursor")
    entries = feed.page(int(cursor) if cursor else None)
    following = str(entries[-1][1]) if entries else None
    return {"entries": [{"id": id_, "at": at, "text": text} for id_, at, text in entries], "next": following}
