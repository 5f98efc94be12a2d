import sqlite3

FORMATS = {"day": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y"}


def per_period(db: sqlite3.Connection, name: str, period: str = "day") -> list[tuple[str, float]]:
    """Sums by period. Raises KeyError for one that there is not."""
    form = FORMATS[period]
    sql = f"SELECT strftime('{form}', at), sum(value) FROM metrics WHERE name = ? GROUP BY 1 ORDER BY 1"
    return db.execute(sql, (name,)).fetchall()
