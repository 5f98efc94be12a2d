from leases.registry import Registry


def test_nothing_is_dropped_that_is_held():
    registry = Registry(clock=lambda: 0.0)
    registry.acquire("db", "a", 10)
    assert registry.sweep() == 0


def test_a_lease_is_held_by_one():
    registry = Registry(clock=lambda: 0.0)
    assert registry.acquire("db", "a", 10)
    assert not registry.acquire("db", "b", 10)
