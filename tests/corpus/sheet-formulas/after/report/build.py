from report.columns import derive


def build(rows: list[dict[str, float]]) -> list[dict[str, float]]:
    """The rows with their derived columns. Rows come from our own database: `revenue` and `cost` are numbers."""
    return [{**row, **derive(row)} for row in rows]
