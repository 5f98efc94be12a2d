import sqlite3


def add_user(db: sqlite3.Connection, email: str) -> int:
    return db.execute("INSERT INTO users (email) VALUES (?)", (email,)).lastrowid
