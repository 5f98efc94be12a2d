"""RSpec and PHPUnit.

https://rspec.info/features/3-13/rspec-core/command-line/format-option/
https://docs.phpunit.de/en/11.5/textui.html
"""

import re
from collections.abc import Sequence

from app.policy.testlogs.unit import Unit

_RSPEC_END = re.compile(
    r"^(\d+) examples?, (\d+) failures?(?:, \d+ pending)?(?:, (\d+) errors? occurred outside of examples)?$"
)
_RSPEC_FAIL = re.compile(r"^rspec (?:\./)?'?(?:\./)?(.+?)(?::\d+|\[[\d:]+\])'? # (.+)$")
_RSPEC_BROKEN = re.compile(r"^rspec (?:\./)?'?(?:\./)?([^:\[# ]+?)'?(?: # .*)?$")
_PHP_SECTION = re.compile(r"^There (?:was|were) \d+ (.+?)s?:$")
_PHP_ITEM = re.compile(r"^\d+\) (\S+::.+|\S+)$")
_PHP_FINE = re.compile(r"^OK \((\d+) tests?, \d+ assertions?\)$")
_PHP_END = re.compile(r"^Tests: (\d+), Assertions: \d+(.*)\.$")


def read_rspec(lines: Sequence[str]) -> list[Unit] | None:
    ends = [found for line in lines if (found := _RSPEC_END.match(line))]
    if not ends:
        return None
    failing = tuple(f"{found[1]} # {found[2]}" for line in lines if (found := _RSPEC_FAIL.match(line)))
    broken = [found[1] for line in lines if (found := _RSPEC_BROKEN.match(line))]
    outside = sum(int(end[3] or 0) for end in ends)
    if len(failing) != sum(int(end[2]) for end in ends):
        return None
    # After an error outside of the examples RSpec runs none of them.
    return [Unit("rspec", failing, sum(int(end[1]) for end in ends), (*broken, *([""] if outside else [])))]


def read_phpunit(lines: Sequence[str]) -> list[Unit] | None:
    fine = [int(found[1]) for line in lines if (found := _PHP_FINE.match(line))]
    ends = [found for line in lines if (found := _PHP_END.match(line))]
    if not fine and not ends:
        return None
    section, failing = "", []
    for line in lines:
        if found := _PHP_SECTION.match(line):
            section = found[1]
        elif section in {"failure", "error"} and (found := _PHP_ITEM.match(line)):
            failing.append(found[1])
    counted = sum(int(each) for end in ends for each in re.findall(r"(?:Failures|Errors): (\d+)", end[2]))
    if len(failing) != counted:
        return None
    return [Unit("phpunit", tuple(failing), sum(fine) + sum(int(end[1]) for end in ends))]
