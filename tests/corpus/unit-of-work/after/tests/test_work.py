import sqlite3

import pytest

from db.work import work


@pytest.mark.parametrize("kind", [ValueError, KeyboardInterrupt, SystemExit])
def test_nothing_is_kept_of_what_was_broken_off(kind):
    db = sqlite3.connect(":memory:", isolation_level=None)
    db.execute("CREATE TABLE t (x)")
    with pytest.raises(kind), work(db):
        db.execute("INSERT INTO t VALUES (1)")
        raise kind
    assert not db.in_transaction
    assert db.execute("SELECT count(*) FROM t").fetchone() == (0,)
