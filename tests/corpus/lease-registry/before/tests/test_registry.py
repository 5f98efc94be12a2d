from leases.registry import Registry


def test_a_lease_is_held_by_one():
    registry = Registry(clock=lambda: 0.0)
    assert registry.acquire("db", "a", 10)
    assert not registry.acquire("db", "b", 10)
