import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def work(db: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    """One transaction: kept together when the block ends, else not at all."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield db
    except:
        # KeyboardInterrupt and GeneratorExit are no Exceptions, and leave the transaction open as well.
        db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")
