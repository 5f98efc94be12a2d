import sqlite3


def add_user(db: sqlite3.Connection, email: str, locale: str = "en") -> int:
    return db.execute("INSERT INTO users (email, locale) VALUES (?, ?)", (email, locale)).lastrowid
