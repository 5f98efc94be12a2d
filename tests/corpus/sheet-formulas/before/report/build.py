from report.columns import margin, rate


def build(rows: list[dict[str, float]]) -> list[dict[str, float]]:
    """The rows with their derived columns. Rows come from our own database: `revenue` and `cost` are numbers."""
    return [{**row, "margin": margin(row), "rate": rate(row)} for row in rows]
