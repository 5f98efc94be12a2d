"""The report that the tests leave behind, read from a tree that a stranger's code has just worked in."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from app.cli.demo.stage import run_git
from app.policy.config import Policy
from app.policy.coverage import Coverage, FileCoverage
from app.sandbox.bubblewrap import Bubblewrap
from app.workflows import testing
from app.workflows.change import Change
from app.workflows.covering import measuring
from app.workflows.workshop import Workshop
from tests.support.agents import Journal
from tests.support.commits import Commits

WRITTEN = "SF:m.py\nDA:1,1\nDA:2,0\nend_of_record\n"
NONE = "the tests left no file `cover.info` of at most 32 MiB"


async def measured(folder: Path, command: str, report: str = "cover.info") -> tuple[testing.Tests, dict[str, str]]:
    """What is told, and the tree as it is afterwards."""
    run_git(folder, "init", "--quiet", "--bare", "mirror")
    commits = Commits(folder / "mirror")
    base = commits.make({"m.py": "a = 1\n", "gen.py": ""})
    head = commits.make({"m.py": "a = 1\nb = 2\n", "gen.py": "c = 3\n", "cover.info": "SF:m.py\nDA:2,1\n"}, base)
    change = Change(head, base, "f", ("m.py", "gen.py", "cover.info"), ("gen.py",), ())
    workshop = Workshop(commits.path, folder / "trees" / "1", head)
    policy = Policy(test=command, coverage=report)
    services = SimpleNamespace(box=Bubblewrap())
    measure = measuring(policy, change)
    tests = await testing.run_tests(Journal(), services, "tests", policy.test, workshop, measure=measure)  # type: ignore[arg-type]
    return tests, {path.name: path.read_text() for path in workshop.directory.iterdir()}


async def test_it_is_read_before_the_tree_is_put_back(tmp_path: Path):
    tests, left = await measured(
        tmp_path, f"printf '{WRITTEN}' > cover.info; echo x > left.txt; exit 3".replace("\n", "\\n")
    )
    assert tests.line == "failed (exit code 3)"
    assert tests.coverage == Coverage(0, 1, (FileCoverage("m.py", ((2, 2),)),))
    assert left == {"m.py": "a = 1\nb = 2\n", "gen.py": "c = 3\n", "cover.info": "SF:m.py\nDA:2,1\n"}


@pytest.mark.parametrize(
    ("command", "problem"),
    [
        ("true", NONE),  # the change brought one along, which tells of no tests
        ("ln -s m.py cover.info", NONE),
        ("mkdir cover.info", NONE),
        ("truncate -s 33M cover.info", NONE),
        ("mkfifo cover.info", NONE),
        ("echo words > cover.info", "the report cannot be used: it is none of"),
    ],
)
async def test_what_is_no_report_is_told_and_nothing_else(tmp_path: Path, command: str, problem: str):
    tests, _ = await measured(tmp_path, command)
    assert tests.result == "passed"
    assert tests.coverage is not None
    assert tests.coverage.problem.startswith(problem)


async def test_without_the_key_nothing_is_read(tmp_path: Path):
    assert measuring(Policy(test="true"), SimpleNamespace()) is None  # type: ignore[arg-type]
