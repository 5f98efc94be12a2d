"""go test, cargo test, Maven's Surefire and Gradle.

https://pkg.go.dev/cmd/go#hdr-Test_packages
https://doc.rust-lang.org/rustc/tests/index.html
https://maven.apache.org/surefire/maven-surefire-plugin/
https://docs.gradle.org/current/userguide/java_testing.html
"""

import re
from collections.abc import Sequence

from app.policy.testlogs.unit import Unit

_GO_FAIL = re.compile(r"^\s*--- FAIL: (\S+) \([\d.]+s\)$")
_GO_PACKAGE = re.compile(r"^(ok  |FAIL)\t(\S+)(?:[\t ](?:\(cached\)|[\d.]+s|\[(.+)\]).*)?$")
_CARGO_UNIT = re.compile(
    r"^\s+(?:Running (?:unittests )?(?P<file>\S+) \((?:\S*[/\\])?(?P<of>[\w-]+?)-[0-9a-f]{8,}(?:\.exe)?\)"
    r"|(?P<doc>Doc-tests \S+))$"
)
_CARGO_FAIL = re.compile(r"^test (.+?)(?: \(line \d+\))?(?: - (?:should panic|compile.*?))? \.\.\. FAILED$")
_CARGO_END = re.compile(r"^test result: \S+\. (\d+) passed; (\d+) failed; ")
_MODULE = re.compile(r"^\[INFO\] Building (.+?)(?: \d\S*)?(?:\s+\[\d+/\d+\])?$")
_SUREFIRE_FAIL = re.compile(r"^\[ERROR\]\s+(?!Tests run:)(\S.*?)\s+(?:-- )?Time elapsed: .*<<< (?:FAILURE|ERROR)!")
_SUREFIRE_END = re.compile(r"^\[\w+\]\s+Tests run: (\d+), Failures: (\d+), Errors: (\d+), Skipped: (\d+)$")
_GRADLE_TASK = re.compile(r"^> Task (:\S*[tT]est\S*)(?: (\S+))?$")
_GRADLE_FAIL = re.compile(r"^(\S.* > .*) FAILED$")
_GRADLE_END = re.compile(r"^(\d+) tests? completed, (\d+) failed")


def read_go(lines: Sequence[str]) -> list[Unit] | None:
    """A unit for each package. One that does not build, or ends without saying which test failed, is broken."""
    units: list[Unit] = []
    failing: list[str] = []
    for line in lines:
        if found := _GO_FAIL.match(line):
            failing.append(found[1])
        elif found := _GO_PACKAGE.match(line):
            broken = found[1] == "FAIL" and not failing
            units.append(Unit(f"go {found[2]}", tuple(failing), None, (found[2],) if broken else ()))
            failing = []
    return units if units and not failing else None


def read_cargo(lines: Sequence[str]) -> list[Unit] | None:
    """A unit for each test binary: cargo leaves out those behind the first that fails."""
    units: list[Unit] = []
    name = ""
    failing: list[str] = []
    for line in lines:
        if found := _CARGO_UNIT.match(line):
            name, failing = found["doc"] or f"{found['of']} {found['file']}", []
        elif found := _CARGO_FAIL.match(line):
            failing.append(found[1])
        elif found := _CARGO_END.match(line):
            if len(failing) != int(found[2]):
                return None
            units.append(Unit(f"cargo {name}".rstrip(), tuple(failing), int(found[1]) + int(found[2])))
            failing = []
    return units if units and not failing else None


def read_maven(lines: Sequence[str]) -> list[Unit] | None:
    """A unit for each module. The last count of a module is that of all its tests."""
    units: dict[str, Unit] = {}
    module = ""
    failing: list[str] = []
    for line in lines:
        if found := _MODULE.match(line):
            module, failing = found[1], []
        elif found := _SUREFIRE_FAIL.match(line):
            failing.append(found[1])
        elif found := _SUREFIRE_END.match(line):
            ran, failures, errors, skipped = (int(each) for each in found.groups())
            if len(failing) != failures + errors:
                return None
            units[module] = Unit(f"maven {module}".rstrip(), tuple(failing), ran - skipped)
    return list(units.values()) or None


def read_gradle(lines: Sequence[str]) -> list[Unit] | None:
    """A unit for each task. Gradle counts where something failed only."""
    failing: dict[str, list[str]] = {}
    ran: dict[str, int] = {}
    task = ""
    for line in lines:
        if found := _GRADLE_TASK.match(line):
            task = found[1]
            if found[2] not in {"NO-SOURCE", "SKIPPED"}:
                failing.setdefault(task, [])
        elif task in failing and (found := _GRADLE_FAIL.match(line)):
            failing[task].append(found[1])
        elif task in failing and (found := _GRADLE_END.match(line)):
            if len(failing[task]) != int(found[2]):
                return None
            ran[task] = int(found[1])
    uncounted = any(names and each not in ran for each, names in failing.items())
    units = [Unit(f"gradle {each}", tuple(names), ran.get(each)) for each, names in failing.items()]
    return units if units and not uncounted else None
