"""What `quorum review` shows as a suggestion applies to the files as they are."""

import subprocess
from pathlib import Path

import pytest

from app.agents.council import Opinion
from app.agents.panel import Heard
from app.cli.reviewing.suggesting import only_fitting
from app.policy.finding import Finding, Outcome, Severity
from app.policy.values import Sha


@pytest.fixture
def head(tmp_path: Path) -> Sha:
    (tmp_path / "a.py").write_bytes(b"def f():\r\n    return 1\r\n")
    (tmp_path / "latin.py").write_bytes(b"# \xe9\nx = 1\n")
    (tmp_path / "link.py").symlink_to("a.py")
    who = ("-c", "user.name=mona", "-c", "user.email=mona@example.com")
    for command in (("init", "--quiet"), ("add", "--all"), (*who, "commit", "--quiet", "-m", "Start")):
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    return Sha(
        subprocess.run(["git", "rev-parse", "HEAD"], cwd=tmp_path, check=True, capture_output=True)
        .stdout.decode()
        .strip()
    )


@pytest.mark.parametrize(
    ("path", "line", "quote", "suggestion", "shown"),
    [
        ("a.py", 2, "    return 1", "    return 2\r\n", "    return 2"),
        ("a.py", 2, "return 1", "return 2", "    return 2"),
        ("a.py", 2, "    return 1", "    return 1", None),
        ("a.py", 1, "    return 1", "    return 2", None),
        ("a.py", 2, "    return 1", "    return 2\u200b", None),
        ("latin.py", 2, "x = 1", "x = 2", None),
        ("link.py", 1, "a.py", "b.py", None),
        ("gone.py", 1, "x", "y", None),
        ("a.py", 2, "    return 1", None, None),
    ],
)
async def test_what_does_not_fit_is_left_out_and_the_finding_stays(
    tmp_path: Path, head: Sha, path: str, line: int, quote: str, suggestion: str | None, shown: str | None
):
    told = {"severity": Severity.MINOR, "category": "c", "claim": "c", "quote": quote, "suggestion": suggestion}
    finding = Finding(path=path, start_line=line, end_line=line, **told)
    heard = {"testing": Heard(Opinion(None, "m"), Outcome.APPROVED, (finding,), (), ())}

    held = await only_fitting(tmp_path / ".git", head, heard)

    assert held["testing"].kept == (finding.model_copy(update={"suggestion": shown}),)
