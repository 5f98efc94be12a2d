"""pytest and unittest (Django's runner prints as unittest does).

https://docs.pytest.org/en/stable/how-to/output.html#producing-a-detailed-summary-report
https://docs.python.org/3/library/unittest.html#command-line-interface
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from app.policy.testlogs.unit import Unit

_COUNT = r"\d+ (?:failed|passed|skipped|deselected|xfailed|xpassed|warnings?|errors?|rerun|subtests passed)"
_PYTEST_END = re.compile(rf"^(?:=+ )?(?P<told>{_COUNT}(?:, {_COUNT})*) in [\d.]+ ?s(?: \([\d:]+\))?(?: =+)?$")
_PYTEST_LINE = re.compile(
    r"^(?P<word>FAILED|ERROR|SUBFAIL(?:ED)?(?P<part>(?:\[.*?\])?(?: ?\(.*?\))?)) "
    r"(?P<name>(?:\S.*?\.py(?:::[^\[\s]+(?:\[.*?\])?)?)|\S+?)(?= - |$)(?: - .*)?$"
)
_CUT_SHORT = re.compile(r"^!+ (?:stopping after|Interrupted: (?!\d+ errors? during collection)|KeyboardInterrupt)")
_RULE = "=" * 70
_UNITTEST_HEAD = re.compile(r"^(FAIL|ERROR): (.+)$")
_UNITTEST_RAN = re.compile(r"^Ran (\d+) tests? in [\d.]+s$")
_UNITTEST_END = re.compile(r"^(?:OK|FAILED|NO TESTS RAN)(?: \((.*)\))?$")
_NOT_LOADED = re.compile(r"^(\S+) \(unittest\.loader\._FailedTest(?:\.\S+)?\)$")
_OF_CLASS = re.compile(r"^(?:setUpClass|setUpModule) \((.+)\)$")


def read_pytest(lines: Sequence[str]) -> list[Unit] | None:
    """None where it cannot be told: nothing of it was printed, or the names are not as many as it counted."""
    ends = [found for line in lines if (found := _PYTEST_END.match(line))]
    if not ends:
        return None
    counts: dict[str, int] = {}
    for end in ends:
        for each in end["told"].split(", "):
            number, _, word = each.partition(" ")
            counts[word.rstrip("s")] = counts.get(word.rstrip("s"), 0) + int(number)
    named = [found for line in lines if (found := _PYTEST_LINE.match(line))]
    if len(named) != counts.get("failed", 0) + counts.get("error", 0) or any(_CUT_SHORT.match(each) for each in lines):
        return None
    broken = tuple(each["name"] for each in named if each["word"] == "ERROR" and "::" not in each["name"])
    ran = sum(counts.get(word, 0) for word in ("passed", "failed", "xfailed", "xpassed"))
    ran -= sum(each["word"].startswith("SUBFAIL") for each in named)  # counted as failed, beside the test itself
    if any("during collection" in line and line.startswith("!") for line in lines):
        broken = (*broken, "")  # nothing else was run either
    failing = tuple(f"{each['name']}{each['part'] or ''}" for each in named if each["name"] not in broken)
    return [Unit("pytest", failing, ran, broken)]


def read_unittest(lines: Sequence[str]) -> list[Unit] | None:
    ran = [int(found[1]) for line in lines if (found := _UNITTEST_RAN.match(line))]
    ends = [found[1] or "" for line in lines if (found := _UNITTEST_END.match(line))]
    if not ran or len(ends) != len(ran) or any("unexpected" in end for end in ends):
        return None
    heads = [found[2] for before, line in pairwise(lines) if before == _RULE and (found := _UNITTEST_HEAD.match(line))]
    counted = sum(int(number) for end in ends for number in re.findall(r"(?:failures|errors)=(\d+)", end))
    if len(heads) != counted:
        return None
    whole = {head: found[1] for head in heads if (found := _NOT_LOADED.match(head) or _OF_CLASS.match(head))}
    failing = tuple(head for head in heads if head not in whole)
    not_run = sum(_NOT_LOADED.match(head) is not None for head in heads)
    return [Unit("unittest", failing, sum(ran) - not_run, tuple(whole.values()))]
