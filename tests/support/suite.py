"""The whole suite. A few tests that fail in it are run once more, alone.

A fault of the code fails there too. What holds alone failed by its neighbours or by the load of the machine; it is
named at the end as unstable, for somebody to mend: one such test in ten thousand must not have every change refused.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

_FEW = 3
_CACHE = Path(".pytest_cache/v/cache/lastfailed")
_UNSTABLE = "UNSTABLE: failed among all tests, and held when run alone. Mend it, or what it tests:"


def main(arguments: Sequence[str]) -> int:
    """`arguments` are pytest's for the whole. Returns what the process ends with."""
    _CACHE.unlink(missing_ok=True)
    code = _pytest(*arguments)
    failed = sorted(json.loads(_CACHE.read_text())) if _CACHE.exists() else []
    if code != pytest.ExitCode.TESTS_FAILED or not 0 < len(failed) <= _FEW:
        return code
    print(f"\n{len(failed)} failed; once more, alone:", flush=True)
    code = _pytest("-q", *failed)
    if code == pytest.ExitCode.OK:
        print("\n".join([_UNSTABLE, *(f"  {each}" for each in failed)]), flush=True)
    return code


def _pytest(*arguments: str) -> int:
    return subprocess.run([sys.executable, "-m", "pytest", *arguments], check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
