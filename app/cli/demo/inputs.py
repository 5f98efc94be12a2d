"""Looking at what the demo was given before anything is set up, and before any money is spent."""

import subprocess
from pathlib import Path

from app.llm.errors import ScriptError
from app.llm.providers import open_model
from app.settings import Settings


def check_inputs(repo: str, issue: Path | None, model: str) -> None:
    """Raises `ValueError` that names the option and says what is wrong with it."""
    settings = Settings()
    if missing := settings.missing_for(model):
        raise ValueError(f"--model {model} needs {missing}, which is not set")
    try:
        open_model(model, "--model", settings)  # nothing is asked
    except ScriptError as error:
        raise ValueError(f"--model: {error}") from error
    if issue is not None and not (issue.is_file() and issue.read_text(encoding="utf-8").strip("# \n\t")):
        raise ValueError(f"--issue: {issue} is no file with a text; its first line becomes the issue's title")
    if repo:
        _check_repository(repo)


def _check_repository(repo: str) -> None:
    command = ["git", "ls-remote", "--exit-code", "--", repo, "HEAD"]
    found = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    if found.returncode:
        raise ValueError(f"--repo: {repo} is no git repository that can be read, or has no commit yet")
