"""Jest, Vitest and Node's own runner (as a list with marks, or as TAP, which others print too).

https://jestjs.io/docs/cli
https://vitest.dev/guide/reporters
https://nodejs.org/api/test.html#test-reporters
https://testanything.org/tap-version-14-specification.html
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from app.policy.testlogs.unit import Unit

_JEST_FILE = re.compile(r"^(?:PASS|FAIL) (?:\S+ )?(\S+\.[cm]?[jt]sx?)(?: \([\d.]+ m?s\))?$")
_JEST_FAIL = re.compile(r"^  ● (?!Console$)(.+)$")
_JEST_BROKEN = "Test suite failed to run"
_JEST_END = re.compile(r"^Tests:\s+(.*?)(\d+) total$")
_VITEST_FAIL = re.compile(r"^ ?(?:FAIL|×) {1,2}(?:\|[^|]+\| )?(\S+\.[cm]?[jt]sx?)(?: > (.+)| \[ .+ \])$")  # noqa: RUF001 - the runner's own sign
_VITEST_END = re.compile(r"^ +Tests  (.*)\((\d+)\)$")
_VITEST_FILES = re.compile(r"^ +Test Files  ")
_NODE_COUNT = re.compile(r"^(?:ℹ|#) (tests|pass|fail|cancelled) (\d+)$")  # noqa: RUF001 - the runner's own sign
_NODE_PLACE = re.compile(r"^test at (.+?):\d+:\d+$")
_NODE_FAIL = re.compile(r"^✖ (.+?)(?: \([\d.]+ms\))?$")
_TAP_TEST = re.compile(r"^(?P<in> *)(?P<not>not )?ok \d+(?: - | |$)(?P<name>.*?)(?: # .*)?$")
_TAP_TODO = re.compile(r"# (?:TODO|SKIP)\b", re.IGNORECASE)
_TITLE_CHARS = 200
"""Of a name that may get a number behind it."""
_MOST_INNER = 1000
"""More failing tests than anybody compares."""
_TAP_PLAN = re.compile(r"^1\.\.(\d+)(?: #.*)?$")


def read_jest(lines: Sequence[str]) -> list[Unit] | None:
    """It tells of a failure twice where there are many files."""
    ends = [found for line in lines if (found := _JEST_END.match(line))]
    if not ends:
        return None
    file = ""
    failing: dict[str, None] = {}
    broken: dict[str, None] = {}
    for line in lines:
        if found := _JEST_FILE.match(line):
            file = found[1]
        elif found := _JEST_FAIL.match(line):
            if found[1].strip() == _JEST_BROKEN:
                broken[file] = None
            else:
                failing[f"{file} › {found[1].strip()}"] = None  # noqa: RUF001 - the runner's own sign
    if len(failing) != sum(_counted("failed", end[1]) for end in ends):
        return None
    ran = sum(_counted(word, end[1]) for end in ends for word in ("failed", "passed"))
    return [Unit("jest", tuple(failing), ran, tuple(broken))]


def read_vitest(lines: Sequence[str]) -> list[Unit] | None:
    ends = [found for line in lines if (found := _VITEST_END.match(line))]
    if not ends or not any(_VITEST_FILES.match(line) for line in lines):
        return None
    found_ = [found for line in lines if (found := _VITEST_FAIL.match(line))]
    failing = tuple(dict.fromkeys(f"{found[1]} > {found[2]}" for found in found_ if found[2]))
    broken = tuple(dict.fromkeys(found[1] for found in found_ if not found[2]))
    if len(failing) != sum(_counted("failed", end[1]) for end in ends):
        return None
    ran = sum(_counted(word, end[1]) for end in ends for word in ("failed", "passed"))
    return [Unit("vitest", failing, ran, broken)]


def read_node(lines: Sequence[str]) -> list[Unit] | None:
    """The list with marks; at its end it names each failing test again, with its place."""
    counts = {found[1]: int(found[2]) for line in lines if (found := _NODE_COUNT.match(line))}
    if "fail" not in counts or "✖ failing tests:" not in lines:
        passed = counts.get("fail") == 0 and not counts.get("cancelled")
        return [Unit("node", (), counts.get("tests"))] if passed else None
    told = lines[lines.index("✖ failing tests:") + 1 :]
    failing = tuple(
        f"{place[1]}: {found[1]}"
        for before, line in pairwise(told)
        if (place := _NODE_PLACE.match(before)) and (found := _NODE_FAIL.match(line)) and not _TAP_TODO.search(line)
    )
    # Counted is also what failed only since a part of it did; that is not named.
    if not 0 < len(failing) <= counts["fail"] + counts.get("cancelled", 0):
        return None
    return [Unit("node", failing, counts.get("tests"))]


def read_tap(lines: Sequence[str]) -> list[Unit] | None:
    """Tests within others come before them, set in by more: a failing test is named by its innermost ones."""
    plans = [int(found[1]) for line in lines if (found := _TAP_PLAN.match(line))]
    seen: list[tuple[int, list[str]]] = []
    for found in filter(None, map(_TAP_TEST.match, lines)):
        depth, name = len(found["in"]), found["name"].strip()
        inner: list[str] = []
        while seen and seen[-1][0] > depth:
            inner = [*(f"{name} > {each}" for each in seen.pop()[1][:_MOST_INNER]), *inner][:_MOST_INNER]
        failed = found["not"] and not _TAP_TODO.search(found[0])
        seen.append((depth, (inner or [name]) if failed else []))
    if not plans or sum(plans) != len(seen) or any(depth for depth, _ in seen):
        return None
    return [Unit("tap", tuple(_numbered(name for _, names in seen for name in names)), len(seen))]


def _numbered(names: Iterable[str]) -> Iterator[str]:
    """TAP names no file, and two files may have a test of one name: they are two."""
    seen: Counter[str] = Counter()
    for name in (name[:_TITLE_CHARS] for name in names):
        seen[name] += 1
        yield f"{name} ({seen[name]})" if seen[name] > 1 else name


def _counted(word: str, told: str) -> int:
    return sum(int(number) for number in re.findall(rf"(\d+) {word}\b", told))
