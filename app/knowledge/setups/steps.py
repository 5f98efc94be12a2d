"""The `run:` steps of `copilot-setup-steps.yml` as commands, where they mean the same outside of GitHub Actions.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idsteps
"""

import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.knowledge.suites.ci import SETUP, setup_job, setup_workflow
from app.knowledge.tables import table_at

MOST_STEPS = 20
_MOST_CHARS = 4000
_SHOWN_CHARS = 60
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,60}")
_FOLDER = re.compile(r"(?:\./)?[A-Za-z0-9_][A-Za-z0-9._-]*(?:/[A-Za-z0-9_][A-Za-z0-9._-]*)*/?")
_ROOT = re.compile(r"\bsudo\b|\bapt(?:-get)?\s+(?:-\S+\s+)*(?:install|update)\b")
_SHELLS = frozenset({"bash", "sh"})
_USUAL = ("actions/checkout@", "actions/cache@")
"""What they do is done here in another way."""


@dataclass(frozen=True)
class Steps:
    """`left_out`: what is not run, each with its reason."""

    commands: tuple[str, ...]
    left_out: tuple[str, ...]
    file: str


def of_steps(files: Mapping[str, str]) -> Steps | None:
    """The project's own way, word for word; None where there is no such file, or it has no step to run."""
    workflow = setup_workflow(files)
    job, commands, left_out = setup_job(workflow), [], []
    steps = job.get("steps")
    outer = [table_at(workflow, "env"), table_at(job, "env")]
    defaults = {**table_at(workflow, "defaults", "run"), **table_at(job, "defaults", "run")}
    for step in steps if isinstance(steps, list) else []:
        if not isinstance(step, dict) or str(step.get("uses", "")).startswith(_USUAL):
            continue
        env = {name: value for each in [*outer, table_at(step, "env")] for name, value in each.items()}
        reason = _reason({**defaults, **step}, env)
        if reason:
            left_out.append(f"{_shown(step)}: {reason}")
        else:
            commands.append(_command({**defaults, **step}, env))
    left_out += [f"{_cut(each)}: there are more than {MOST_STEPS}" for each in commands[MOST_STEPS:]]
    file = next((path for path in SETUP if path in files), "")
    return Steps(tuple(commands[:MOST_STEPS]), tuple(left_out), file) if commands or left_out else None


def _reason(step: Mapping[str, Any], env: Mapping[str, Any]) -> str:
    """Why it cannot be run here; empty if it can."""
    run, folder = step.get("run"), step.get("working-directory", ".")
    if not isinstance(run, str) or not run.strip():
        return "an action of GitHub's runs on GitHub alone"
    faults = (
        ("if" in step, "it has a condition"),
        ("${{" in run or "GITHUB_" in run or "RUNNER_" in run, "it needs what only GitHub Actions knows"),
        (_ROOT.search(run) is not None, "it needs root's rights"),
        (step.get("shell", "bash") not in _SHELLS, "it is for another shell"),
        (folder != "." and not _is_folder(folder), "its folder cannot be told"),
        (any(not _is_plain(name, value) for name, value in env.items()), "its `env` has more than plain values"),
        (len(run) > _MOST_CHARS or "\0" in run, f"it is longer than {_MOST_CHARS} characters"),
    )
    return next((why for holds, why in faults if holds), "")


def _command(step: Mapping[str, Any], env: Mapping[str, Any]) -> str:
    """As GitHub runs it: `bash -e`, so that the first line that fails ends it."""
    run = step["run"].strip()
    folder = str(step.get("working-directory", ".")).rstrip("/")
    lines = [f"export {name}={shlex.quote(_text(value))}" for name, value in env.items()]
    lines += [f"cd {folder}"] if folder != "." else []
    return "\n".join(["set -e", *lines, run]) if lines or "\n" in run else run


def _is_folder(value: object) -> bool:
    return isinstance(value, str) and _FOLDER.fullmatch(value) is not None


def _is_plain(name: object, value: object) -> bool:
    told = isinstance(value, str | int | float) and "${{" not in str(value) and str(value).isprintable()
    return told and isinstance(name, str) and _NAME.fullmatch(name) is not None


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _shown(step: Mapping[str, Any]) -> str:
    return _cut(next((str(step[key]) for key in ("run", "uses", "name") if step.get(key)), "a step"))


def _cut(text: str) -> str:
    line = " ".join(text.replace("`", "'").split())
    return f"`{line}`" if len(line) <= _SHOWN_CHARS else f"`{line[:_SHOWN_CHARS]}…`"
