from leases.registry import Registry

now = [0.0]
registry = Registry(clock=lambda: now[0])
registry.acquire("a", "x", 1)
registry.acquire("b", "x", 100)
now[0] = 10.0
try:
    gone = registry.sweep()
except RuntimeError as error:
    raise AssertionError(str(error)) from None
assert (gone, len(registry)) == (1, 1)
