"""Whether a command ran tests, told by how it ended and by what it printed. Pure."""

import re
from dataclasses import dataclass

_NOT_FOUND = 127
_NOT_RUNNABLE = 126
_COUNTS = tuple(
    re.compile(pattern, re.MULTILINE)
    for pattern in (
        r"\b(\d+) (?:tests? )?(?:passed|failed|passing|failing|xfailed|xpassed)\b",  # pytest, cargo, jest, mocha, deno
        r"^Ran (\d+) tests?\b",  # unittest, lein
        r"^(?:#|\N{INFORMATION SOURCE}) (?:pass|fail) (\d+)\b",  # node --test
        r"\b(\d+) examples?, \d+ failures?",  # rspec, hspec
        r"\b(\d+) (?:runs|tests), \d+ (?:assertions|failures?)",  # minitest, ExUnit
        r"^OK \((\d+) tests?\b",  # PHPUnit
        r"\bTests(?: run)?: +(\d+)\b",  # PHPUnit, surefire
        r"\b(\d+) tests? completed\b",  # gradle
        r"tests passed, \d+ tests failed out of (\d+)",  # ctest
        r"\b(?:Passed|Failed): +(\d+)\b",  # dotnet
        r"^Total tests: (\d+)\b",  # dotnet
        r"\bTests=(\d+)\b",  # prove
        r"\bExecuted (\d+) tests?\b",  # swift
        r"^Ok: +(\d+)\b",  # meson
        r"\b(\d+) successes /",  # busted
        r"succeeded (\d+), failed \d+",  # ScalaTest
        r"\bAll (\d+) tests passed",  # eunit, tasty
    )
)
_SIGNS = re.compile(
    r"^ok[ \t]+\S+[ \t]+(?:\d+\.\d+s|\(cached\))(?!.*no tests to run)|^--- (?:FAIL|PASS): "  # go
    r"|^(?:not )?ok \d+\b"  # TAP
    r"|^> Task \S*:?test$"  # gradle
    r"|^\d+:\d+ \+[1-9]\d*",  # dart
    re.MULTILINE,
)
_NONE = re.compile(
    r"no tests? (?:ran|found|files?|to run|were found|specified|collected)|collected 0 items|nothing to be done"
    r"|is up to date\b|\bNO-SOURCE\b|no test files",
    re.IGNORECASE,
)
_NETWORK = re.compile(
    r"could not resolve host|temporary failure in name resolution|name or service not known|getaddrinfo"
    r"|network is unreachable|EAI_AGAIN|\bENOTFOUND\b|dial tcp|failed to (?:download|fetch)|unable to access '"
    r"|in offline mode|--offline was specified|no matching package named|NewConnectionError|no network",
    re.IGNORECASE,
)
_MISSING = re.compile(
    r"No module named|Cannot find (?:module|package)|command not found|: not found|No rule to make target"
    r"|could not find gem|ModuleNotFoundError|ImportError|Missing script|bundler: ",
    re.IGNORECASE,
)
_NOT_LOADED = re.compile(r"^ERROR: \S+ \(unittest\.loader\._FailedTest", re.MULTILINE)
"""unittest counts a module that it cannot import as a test that it ran."""
_NO_PACKAGE = re.compile(r"Cannot find (?:module|package) '[^./']")
_OF_NODE = re.compile(r"^(?:#|\N{INFORMATION SOURCE}) (pass|fail) (\d{1,9})$", re.MULTILINE)
_COLOURS = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_LINE_CHARS = 160


@dataclass(frozen=True)
class Proof:
    """`ran`: tests were run, whether they passed or not. Else `why` says what came of it instead.

    `certain`: some line tells of tests; else it only ended well, as a command that checks other things does, too.
    """

    ran: bool
    why: str = ""
    certain: bool = True


def what_it_proves(output: str, exit_code: int, ended: str, seconds: float) -> Proof:
    """A result proves a command if tests ran; that it ended well with words of its own may mean it."""
    output = _COLOURS.sub("", output)
    never = why_it_cannot_run(output, exit_code, ended, seconds)
    if never:
        return Proof(False, never)
    count = _count(output)
    if (count or _SIGNS.search(output)) and not _nothing_loads(output):
        return Proof(True)
    why = _why_not(output, exit_code, count)
    return Proof(not why, why, certain=bool(why))


def why_it_cannot_run(output: str, exit_code: int, ended: str, seconds: float) -> str:
    """Why no change to the project's code can have this command tell something; empty where one might."""
    output = _COLOURS.sub("", output)
    if ended != "exit":
        return f"it did not end by itself ({ended} after {seconds:.0f} s)"
    if exit_code in {_NOT_FOUND, _NOT_RUNNABLE} and not _count(output):
        return "the program is not there"
    network = _NETWORK.search(output)
    if exit_code and network and not _count(output):
        return f"it needs the network, and there is none in the sandbox: {_line(output, network)}"
    return ""


def _why_not(output: str, exit_code: int, count: int | None) -> str:
    missing = _MISSING.search(output)
    if exit_code and missing:
        return f"what it needs is not installed: {_line(output, missing)}"
    if count == 0 or _NONE.search(output):
        return "it found no tests"
    if exit_code:
        return f"it failed (exit code {exit_code}) before any test ran"
    return "" if output.strip() else "it printed nothing, so that nothing shows that tests ran"


def _count(output: str) -> int | None:
    """The most tests that some line tells of; None where none tells of any."""
    most = max((int(number) for pattern in _COUNTS for number in pattern.findall(output)), default=None)
    return None if most is None else max(0, most - len(_NOT_LOADED.findall(output)))


def _nothing_loads(output: str) -> bool:
    """Node counts each file as a test: most of them fail where a package is missing, and those without tests pass."""
    told = {word: int(number) for word, number in _OF_NODE.findall(output)}
    return bool(_NO_PACKAGE.search(output)) and told.get("pass", 1) < told.get("fail", 0)


def _line(output: str, found: re.Match[str]) -> str:
    """The line in which it was found, around that place if it is long."""
    start = max(output.rfind("\n", 0, found.start()) + 1, found.start() - _LINE_CHARS)
    return output[start : found.end() + _LINE_CHARS].partition("\n")[0].strip()[:_LINE_CHARS]
