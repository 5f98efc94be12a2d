"""What continuous integration runs: read as data, to learn which runner the project uses and how it is set up.

https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsrun
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from app.knowledge.tables import table_at
from app.policy.errors import PolicyError
from app.policy.yaml_tree import read_tree

SETUP = (".github/workflows/copilot-setup-steps.yml", ".github/workflows/copilot-setup-steps.yaml")
"""Its one job of this name prepares an agent's environment.

https://docs.github.com/en/copilot/how-tos/use-copilot-agents/coding-agent/customize-the-agent-environment
"""
_JOB = "copilot-setup-steps"
_WORKFLOW = re.compile(r"\.github/workflows/[^/]+\.ya?ml")
_OTHERS = frozenset({".gitlab-ci.yml", ".circleci/config.yml", ".travis.yml", "azure-pipelines.yml"})
_MOST_STEPS = 20
_STEP_CHARS = 500
_RUNNERS: tuple[tuple[str, str], ...] = (
    ("pytest", r"(?:^|[\s;&|/])(?:pytest|py\.test)(?=\s|$)"),
    ("unittest", r"-m unittest\b"),
    ("manage.py", r"manage\.py test\b"),
    ("tox", r"(?:^|[\s;&|/])tox(?=\s|$)"),
    ("nox", r"(?:^|[\s;&|/])nox(?=\s|$)"),
    ("hatch", r"\bhatch (?:run\b.*\b)?test"),
    ("make", r"\bmake\b.*\b(?:test|check|spec|unit)"),
    ("just", r"\bjust (?:test|check)"),
    ("npm", r"\bnpm (?:t|test|run test\S*)\b"),
    ("pnpm", r"\bpnpm (?:run )?test"),
    ("yarn", r"\byarn (?:run )?test"),
    ("bun", r"\bbun (?:run )?test"),
    ("node", r"\bnode\b.*--test\b"),
    ("deno", r"\bdeno (?:task )?test\b"),
    ("go", r"\bgo test\b"),
    ("cargo", r"\bcargo (?:\S+ )?(?:test|nextest)\b"),
    ("mvn", r"\bmvnw?\b.*\b(?:test|verify|install)\b"),
    ("gradle", r"\bgradlew?\b.*\b(?:test|check|build)\b"),
    ("rspec", r"\brspec\b"),
    ("rake", r"\brake\b"),
    ("phpunit", r"\bphpunit\b"),
    ("composer", r"\bcomposer (?:run(?:-script)? )?test"),
    ("mix", r"\bmix test\b"),
    ("dotnet", r"\bdotnet test\b"),
    ("prove", r"\bprove\b"),
    ("bats", r"\bbats\b"),
    ("ctest", r"\bctest\b"),
    ("meson", r"\bmeson test\b"),
)
_COMPILED = tuple((name, re.compile(pattern)) for name, pattern in _RUNNERS)


def is_of_ci(path: str) -> bool:
    return bool(_WORKFLOW.fullmatch(path)) or path in _OTHERS


def runners_of_ci(files: Mapping[str, str]) -> frozenset[str]:
    """Names of runners that a line of some workflow calls. The line itself goes nowhere."""
    lines = [line.split("#")[0] for path, text in files.items() if is_of_ci(path) for line in text.splitlines()]
    return frozenset(name for name, pattern in _COMPILED if any(pattern.search(line[:_STEP_CHARS]) for line in lines))


def setup_steps(files: Mapping[str, str]) -> tuple[str, ...]:
    """The `run:` steps by which the project prepares an agent's environment, for an agent to read; cut."""
    return tuple(step[:_STEP_CHARS] for step in _runs(setup_job(setup_workflow(files))))[:_MOST_STEPS]


def setup_workflow(files: Mapping[str, str]) -> Any:
    """What stands in the workflow that prepares an agent's environment; None where nothing can be read."""
    text = next((files[path] for path in SETUP if path in files), "")
    try:
        return read_tree(text).value
    except PolicyError:
        return None


def setup_job(workflow: Any) -> dict[str, Any]:
    """Its one job."""
    return table_at(workflow, "jobs", _JOB)


def _runs(job: Mapping[str, Any]) -> Iterator[str]:
    steps = job.get("steps")
    for step in steps if isinstance(steps, list) else ():
        run = step.get("run") if isinstance(step, dict) else None
        if isinstance(run, str) and run.strip():
            yield run.strip()
