"""Words that all of a project's names have: told by the base, and never by the change."""

import pytest

from app.cli.demo.stage import run_git
from app.forge.changed import changed_files
from app.policy.risk import risk_of
from tests.support.commits import Commits


@pytest.fixture
def commits(tmp_path):
    run_git(tmp_path, "init", "--quiet", "--bare", "mirror")
    return Commits(tmp_path / "mirror")


async def test_what_the_project_is_called_is_no_risk(commits):
    project = {f"jwt_{name}.py": "x = 1\n" for name in "abcdef"}
    base = commits.make(project)
    head = commits.make({**project, "jwt_a.py": "x = 2\n"}, base)
    risk = risk_of(await changed_files(commits.path, base, head))
    assert (risk.level, risk.reasons) == ("medium", ("changes 1 file of code",))


async def test_a_change_does_not_make_its_own_words_usual(commits):
    project = {f"{name}.py": "x = 1\n" for name in "ab"}
    base = commits.make(project)
    head = commits.make({**project, **{f"jwt_{name}.py": "x = 1\n" for name in "abcdefghijk"}}, base)
    risk = risk_of(await changed_files(commits.path, base, head))
    assert risk.reasons[0] == "has names that speak of jwt"
