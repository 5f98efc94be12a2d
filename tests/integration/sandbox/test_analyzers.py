"""Real analyzers in the real sandbox, on files before and after a change."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from app.policy.analyzers import ANALYZERS, OwnAnalyzer
from app.sandbox.analyzers.alarm import Analysis
from app.sandbox.analyzers.catalog import configured, installed
from app.sandbox.analyzers.run import analyze
from app.sandbox.box import Limits, Result
from app.sandbox.bubblewrap import Bubblewrap
from app.sandbox.diffs import FileDiff
from app.sandbox.errors import SandboxAwayError, SandboxUnavailableError

CLEAN = "def f(x):\n    return x\n"
EVIL = "def f(x):\n    return eval(x)\n"
SARIF = '{"version": "2.1.0", "runs": [{"results": [%s]}]}'
FOUND = SARIF % (
    '{"ruleId": "R", "message": {"text": "Bad."}, "locations": [{"physicalLocation": '
    '{"artifactLocation": {"uri": "a.py"}, "region": {"startLine": 1}}}]}'
)
AWAY = SandboxAwayError("no socket", "Start it.")


@pytest.fixture(scope="session")
def furnished() -> Bubblewrap:
    return Bubblewrap(packages=Path(sys.prefix))


class Trees:
    """The files before and after a change, and the change."""

    def __init__(self, folder: Path) -> None:
        self.head, self.base = folder / "head", folder / "base"
        self.files: list[FileDiff] = []
        for tree in (self.head, self.base):
            tree.mkdir()

    def change(self, path: str, now: str, before: str | None = None, was: str | None = None, **more: Any) -> None:
        """What `git diff` would say of it, where whole lines are new or were there."""
        self.write(self.head, path, now)
        if before is not None:
            self.write(self.base, was or path, before)
        known = (before or "").split("\n")
        added = frozenset(n for n, line in enumerate(now.split("\n"), start=1) if line not in known)
        told = {"old_mode": "100644", "new_mode": "100644", "binary": False, "added_text": b"", **more}
        old = None if before is None else was or path
        empty: frozenset[int] = frozenset()
        self.files.append(FileDiff(old, path, added=added, shown=added, beside_removed=empty, **told))

    @staticmethod
    def write(tree: Path, path: str, text: str) -> None:
        (tree / path).parent.mkdir(parents=True, exist_ok=True)
        (tree / path).write_text(text)

    async def look(self, box: Any, *wanted: str | OwnAnalyzer, base: bool = True) -> Analysis:
        return await analyze(box, self.head, self.base if base else None, self.files, configured(wanted, ()))


@pytest.fixture
def trees(tmp_path: Path) -> Trees:
    return Trees(tmp_path)


def told(analysis: Analysis) -> list[tuple[str, str, str, int]]:
    return [(each.tool, each.rule, each.path, each.line) for each in analysis.alarms]


FAULTY = {
    "ruff": ("src/a b.py", "import os\n", "F401"),
    "bandit": ("-a.py", EVIL, "B307"),
    "detect-secrets": ("notes.txt", 'key = "AKIAIOSFODNN7EXAMPLF"\n', "AWS Access Key"),
    "zizmor": (".github/workflows/ci.yml", "on: pull_request_target\njobs: {}\n", "zizmor/dangerous-triggers"),
    "yamllint": ("a.yml", "a: 1\na: 2\n", "key-duplicates"),
    "shellcheck": ("é.sh", "#!/bin/sh\ncd $1\n", "SC2164"),
    "hadolint": ("Dockerfile", "FROM debian:12\nRUN sudo true\n", "DL3004"),
}


def test_every_analyzer_that_comes_with_quorum_is_tried_and_is_there():
    assert set(FAULTY) == set(ANALYZERS) - {"actionlint", "eslint"}
    assert set(installed()) >= set(FAULTY)


@pytest.mark.parametrize("tool", FAULTY)
async def test_each_tells_of_a_fault_in_a_new_file(furnished: Bubblewrap, trees: Trees, tool: str):
    path, text, rule = FAULTY[tool]
    trees.change(path, text)
    found = await trees.look(furnished, tool)
    assert found.missing == ()
    assert (tool, rule, path) in {(each.tool, each.rule, each.path) for each in found.alarms}
    assert all(each.quote in text for each in found.alarms)


async def test_only_what_the_change_introduced_is_told(furnished: Bubblewrap, trees: Trees):
    trees.change("old.py", f"# A line more.\n{EVIL}", EVIL)
    trees.change("moved/new.py", EVIL, EVIL, was="name.py")
    trees.change("more.py", f"{EVIL}y = eval(input())\n", EVIL)
    found = await trees.look(furnished, "bandit")
    assert [(each.path, each.line, each.quote) for each in found.alarms] == [("more.py", 3, "y = eval(input())")]


async def test_the_projects_configuration_is_followed(furnished: Bubblewrap, trees: Trees):
    trees.write(trees.head, "api/pyproject.toml", '[tool.ruff.lint]\nselect = ["D100"]\n')
    trees.change("api/src/a.py", "import os\n")
    assert {rule for _, rule, _, _ in told(await trees.look(furnished, "ruff"))} == {"D100"}


async def test_a_configuration_that_cannot_be_used_is_told_of(furnished: Bubblewrap, trees: Trees):
    trees.write(trees.head, "ruff.toml", "select = nothing\n")
    trees.change("a.py", "import os\n")
    found = await trees.look(furnished, "ruff")
    assert found.alarms == ()
    assert found.missing[0].startswith("ruff: it failed (exit code 2: ")


async def test_the_projects_own_modules_take_no_analyzers_place(furnished: Bubblewrap, trees: Trees):
    for name in ("bandit", "yaml", "sitecustomize"):
        trees.change(f"{name}.py", "raise SystemExit(0)\n")
    trees.change("a.py", EVIL)
    assert told(await trees.look(furnished, "bandit")) == [("bandit", "B307", "a.py", 2)]


async def test_without_a_base_only_added_lines_are_told(furnished: Bubblewrap, trees: Trees):
    trees.change("a.py", f"{EVIL}y = eval(input())\n", EVIL)
    assert told(await trees.look(furnished, "bandit", base=False)) == [("bandit", "B307", "a.py", 3)]


async def test_an_analyzer_that_is_not_there_is_missing_and_the_others_look(box: Bubblewrap, trees: Trees):
    trees.change("a.py", EVIL)
    own = OwnAnalyzer(name="own", command=f"echo '{FOUND}'")
    found = await trees.look(box, "ruff", own)
    assert told(found) == [("own", "R", "a.py", 1)]
    (missing,) = found.missing
    assert missing.startswith("ruff: it is not there; install")


async def test_a_command_may_write_its_report_and_is_given_the_files(box: Bubblewrap, trees: Trees):
    trees.change("a.py", EVIL)
    trees.change("b.js", "1\n")
    command = f"[ \"$*\" = ./a.py ] && mkdir -p out && echo '{FOUND}' > out/r.sarif; echo chatter; exit 9"
    own = OwnAnalyzer(name="own", command=command, files=("*.py",), sarif="out/r.sarif")
    assert told(await trees.look(box, own)) == [("own", "R", "a.py", 1)]


@pytest.mark.parametrize("planted", ["file", "link"])
async def test_a_report_that_the_change_brings_along_is_not_taken(box: Bubblewrap, trees: Trees, planted: str):
    trees.change("a.py", EVIL)
    trees.write(trees.head, "other", SARIF % "")
    if planted == "file":
        trees.write(trees.head, "r.sarif", SARIF % "")
    else:
        (trees.head / "r.sarif").symlink_to("other")
    found = await trees.look(box, OwnAnalyzer(name="own", command="echo crashed >&2; exit 3", sarif="r.sarif"))
    assert found.missing == (
        "own: it printed no SARIF 2.1.0: Invalid JSON: expected value at line 1 column 1 (exit code 3: crashed)",
    )


async def test_a_report_that_leads_out_of_the_tree_tells_nothing_of_the_host(
    box: Bubblewrap, trees: Trees, tmp_path: Path
):
    secret = tmp_path / "secret.sarif"
    secret.write_text(FOUND)
    trees.change("a.py", EVIL)
    own = OwnAnalyzer(name="own", command=f"ln -s {secret} r.sarif", sarif="r.sarif")
    found = await trees.look(box, own)
    assert found.alarms == ()
    assert found.missing


async def test_a_link_in_the_place_of_a_file_is_not_followed_for_a_quote(box: Bubblewrap, trees: Trees, tmp_path: Path):
    (tmp_path / "secret").write_text("hunter2\n")
    trees.change("a.py", EVIL)
    command = f"ln -sf {tmp_path}/secret a.py; echo '{FOUND}'"
    found = await trees.look(box, OwnAnalyzer(name="own", command=command))
    assert [each.quote for each in found.alarms] == [""]


async def test_links_submodules_binaries_and_what_is_gone_are_not_looked_at(box: Bubblewrap, trees: Trees):
    trees.change("a.py", "x", new_mode="120000")
    trees.change("sub", "x", new_mode="160000")
    trees.change("b.py", "x", binary=True)
    trees.files.append(FileDiff("c.py", None, "100644", None, False, *[frozenset()] * 3, b""))
    assert await trees.look(box, OwnAnalyzer(name="own", command="exit 1")) == Analysis()


async def test_a_name_that_cannot_be_told_is_counted(box: Bubblewrap, trees: Trees):
    trees.change("a\n.py", EVIL)
    found = await trees.look(box, OwnAnalyzer(name="own", command="exit 1"))
    assert found == Analysis((), ("1 files with unprintable names were not looked at",))


class Puppet:
    """A box that answers what it is told, call by call."""

    def __init__(self, *answers: Result | Exception) -> None:
        self._answers = list(answers)
        self.calls: list[Sequence[str]] = []

    async def run(
        self,
        argv: Sequence[str],
        *,
        worktree: Path,
        limits: Limits,
        stdin: bytes = b"",
        env: Mapping[str, str] | None = None,
        writable: bool = True,
    ) -> Result:
        self.calls.append(argv)
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (Result(-9, "", "timeout", seconds=90.0), "it was ended (timeout after 90 s)"),
        (Result(0, "{", "memory"), "it was ended (memory after 0 s)"),
        (Result(0, SARIF % "", omitted_bytes=9), "it printed more than 4194304 bytes"),
        (Result(2, "Traceback\nBoom\x1b[31m\n"), "it failed (exit code 2: Boom [31m)"),
        (Result(1, "rubbish"), "it printed no SARIF 2.1.0: Invalid JSON: expected value at line 1 column 1"),
        (SandboxUnavailableError("no bwrap", "Install it."), "the sandbox cannot be used: no bwrap. Install it."),
    ],
)
async def test_a_tool_that_fails_is_missing_and_says_why(trees: Trees, answer: Result | Exception, reason: str):
    trees.change("a.py", EVIL)
    found = await trees.look(Puppet(answer), "ruff")
    assert found.alarms == ()
    (missing,) = found.missing
    assert missing.startswith(f"ruff: {reason}")


@pytest.mark.parametrize("answers", [[AWAY], [Result(0, FOUND), AWAY]])
async def test_a_sandbox_that_may_come_back_is_waited_for(trees: Trees, answers: list[Result | Exception]):
    trees.change("a.py", f"x = 1\n{EVIL}", "y = 2\n" + EVIL)
    with pytest.raises(SandboxAwayError):
        await trees.look(Puppet(*answers), "ruff")


async def test_where_the_code_before_could_not_be_looked_at_only_added_lines_are_told(trees: Trees):
    trees.change("a.py", f"x = 1\n{EVIL}", "y = 2\n" + EVIL)
    box = Puppet(Result(0, FOUND), Result(-9, "", "timeout", seconds=90.0))
    found = await trees.look(box, "ruff")
    assert told(found) == [("ruff", "R", "a.py", 1)]
    assert "on the code before the change: it was ended (timeout after 90 s). Only" in found.missing[0]


async def test_the_code_before_is_looked_at_only_where_there_are_alarms(trees: Trees):
    trees.change("a.py", CLEAN, EVIL)
    trees.change("b.py", EVIL)
    box = Puppet(Result(0, SARIF % ""))
    assert await trees.look(box, "ruff") == Analysis()


async def test_many_files_are_looked_at_in_portions_and_too_many_are_counted(trees: Trees):
    for number in range(1001):
        trees.change(f"{number}.py", "")
    box = Puppet(*[Result(0, SARIF % "")] * 5)
    found = await trees.look(box, "ruff")
    assert found.missing == ("ruff: it looked at 1000 of 1001 files",)
    assert [sum(part.endswith(".py") for part in call) for call in box.calls] == [200] * 5


async def test_more_alarms_than_anybody_reads_are_counted(trees: Trees):
    trees.change("a.py", "x = 1\n" * 300)
    one = FOUND.removeprefix(SARIF[: SARIF.index("%s")]).removesuffix("]}]}")
    found = await trees.look(Puppet(Result(0, SARIF % ",".join([one] * 300))), "ruff")
    assert len(found.alarms) == 200
    assert found.missing == ("ruff: 200 of its 300 alarms are told",)


async def test_what_is_said_of_a_file_that_nobody_asked_of_is_not_heard(trees: Trees):
    trees.change("b.py", EVIL)
    assert await trees.look(Puppet(Result(0, FOUND)), "ruff") == Analysis()


ESLINT = """
const fs = require("fs");
const files = process.argv.filter((each) => each.startsWith("./"));
const one = (file) => ({ filePath: fs.realpathSync(file), messages: [
  { ruleId: "no-eval", severity: 2, message: "Evil.", line: 1, endLine: 1 },
  { ruleId: null, severity: 1, message: "File ignored." },
] });
console.log(JSON.stringify(files.map(one)));
process.exit(1);
"""
"""Stands in for the project's own: that it is called and read is what is tried."""


async def test_eslint_is_the_projects_own(furnished: Bubblewrap, trees: Trees):
    trees.write(trees.head, "eslint.config.js", "")
    trees.write(trees.head, "node_modules/.bin/eslint", ESLINT)
    trees.change("-a.js", "eval(x)\n")
    found = await trees.look(furnished, "eslint")
    assert found.missing == ()
    assert told(found) == [("eslint", "no-eval", "-a.js", 1)]


async def test_where_eslint_is_wanted_and_not_there_it_is_told(furnished: Bubblewrap, trees: Trees):
    trees.write(trees.head, "package.json", '{"eslintConfig": {}}')
    trees.change("web/a.ts", "eval(x)\n")
    found = await trees.look(furnished, "eslint")
    assert found == Analysis(
        missing=(
            "eslint: the project is set up for it, but its tree has no node_modules/.bin/eslint, or there is no node",
        )
    )


async def test_a_project_without_eslint_is_left_alone(trees: Trees):
    trees.write(trees.head, "package.json", "{}")
    trees.change("web/a.ts", "eval(x)\n")
    assert await trees.look(None, "eslint") == Analysis()


async def test_a_rule_of_style_that_the_file_has_broken_all_along_is_left_out(furnished: Bubblewrap, trees: Trees):
    """Ruff is as new as Quorum: its defaults may be none of the project's. Holes are told however many there are."""
    old = "".join(f"def f{n}(x):\n    import os\n    return eval(x)\n" for n in range(3))
    trees.change("a.py", old + "def g(x):\n    import os\n    import re\n    return eval(x)\n", before=old)
    analysis = await trees.look(furnished, "ruff", "bandit")
    assert {rule for _, rule, _, line in told(analysis) if line > 9} == {"B307"}
    assert analysis.missing == ("ruff: F401 in files that break it again and again before the change",)

    few = "def f(x):\n    import os\n    return x\n"
    (trees.base / "a.py").write_text(few)
    assert "F401" in {rule for _, rule, _, _ in told(await trees.look(furnished, "ruff"))}
