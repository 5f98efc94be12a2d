from reports.store import ReportStore


def list_reports(store: ReportStore, user: str, query: dict[str, str]) -> dict:
    """GET /reports: those of the user who is logged in."""
    limit = min(int(query.get("limit", 50)), 200)
    rows = store.of_owner(user, limit, query.get("sort", "created"), query.get("direction", "desc"))
    return {"reports": [dict(zip(("id", "title", "created", "pages"), row)) for row in rows]}
