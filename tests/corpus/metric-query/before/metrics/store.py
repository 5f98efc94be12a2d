import sqlite3


def per_day(db: sqlite3.Connection, name: str) -> list[tuple[str, float]]:
    sql = "SELECT strftime('%Y-%m-%d', at), sum(value) FROM metrics WHERE name = ? GROUP BY 1 ORDER BY 1"
    return db.execute(sql, (name,)).fetchall()
