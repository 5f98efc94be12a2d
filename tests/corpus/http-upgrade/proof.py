import sys
import types

asked = []
fetchlib = types.ModuleType("fetchlib")
fetchlib.FetchError = type("FetchError", (Exception,), {})


def get(url, timeout=None):
    """As version 2 has it."""
    asked.append(timeout)
    return types.SimpleNamespace(status=200)


fetchlib.get = get
sys.modules["fetchlib"] = fetchlib

from status.check import is_up

assert is_up("https://example.com")
assert asked[0] is not None, "it waits for ever"
