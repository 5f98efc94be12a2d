"""A runner of composite actions: the steps of an `action.yml` in their order, each as GitHub's runner starts it.

https://docs.github.com/en/actions/reference/workflows-and-actions/metadata-syntax#runs-for-composite-actions,
https://github.com/actions/runner/blob/main/src/Runner.Worker/ActionCommandManager.cs for what of a log is a command.
"""

import os
import re
import subprocess
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from tests.support.expressions import filled, is_met

_COMMAND = re.compile(r"^\s*::([\w-]+)(?: [^:]*(?::(?!:)[^:]*)*)?::")
_OLD_COMMAND = re.compile(r"##\[([\w-]+)[^\]]*\]")
_RESULT = re.compile(r"^([\w-]+)=(.*)$")
Use = Callable[[dict[str, str]], Mapping[str, str]]
"""Somebody else's action: what it is given, and its outputs."""


@dataclass
class Outcome:
    """How it ended. `log` is of all steps, `commands` what the runner would have carried out of it, by name."""

    failed: bool = False
    done: list[str] = field(default_factory=list)
    log: list[str] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    summary: str = ""
    outputs: dict[str, str] = field(default_factory=dict)


@dataclass
class Machine:
    """One job. `uses` stands for actions of others, by name; `environ` is what the runner gives to every step."""

    temp: Path
    workspace: Path
    github: Mapping[str, Any]
    environ: Mapping[str, str]
    uses: Mapping[str, Use]
    os: str = "Linux"

    def run(self, action: Path, inputs: Mapping[str, str]) -> Outcome:
        """The action whose `action.yml` lies in this folder, with what stands under `with:`."""
        told = yaml.safe_load((action / "action.yml").read_text("utf-8"))
        assert inputs.keys() <= told["inputs"].keys(), "an input that there is not is only warned of"
        contexts: dict[str, Any] = {
            "github": {**self.github, "action_path": str(action)},
            "runner": {"temp": str(self.temp), "os": self.os},
            "steps": {},
        }
        defaults = {name: filled(about.get("default", ""), contexts) for name, about in told["inputs"].items()}
        contexts["inputs"] = {**defaults, **inputs}
        outcome = Outcome()
        kept: dict[str, str] = {}
        for number, step in enumerate(told["runs"]["steps"]):
            if is_met(step.get("if", ""), contexts, failed=outcome.failed):
                outcome.done.append(step["name"])
                results = self._step(step, contexts, outcome, kept, self.temp / f"files-{number}")
                contexts["steps"][step.get("id", "")] = {"outputs": results}
        outcome.outputs = {name: filled(about["value"], contexts) for name, about in told["outputs"].items()}
        return outcome

    def _step(
        self, step: dict[str, Any], contexts: dict[str, Any], outcome: Outcome, kept: dict[str, str], files: Path
    ) -> dict[str, str]:
        if "uses" in step:
            given = {name: filled(str(value), contexts) for name, value in step.get("with", {}).items()}
            return dict(self.uses[step["uses"].partition("@")[0]](given))
        assert step["shell"] == "bash"
        files.mkdir()
        env = {**self.environ, **kept, **{name: filled(str(it), contexts) for name, it in step.get("env", {}).items()}}
        for variable in ("GITHUB_OUTPUT", "GITHUB_ENV", "GITHUB_PATH", "GITHUB_STEP_SUMMARY", "GITHUB_STATE"):
            env[variable] = str(files / variable)
            (files / variable).touch()
        script = files / "script.sh"
        script.write_text(filled(step["run"], contexts))
        # https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsshell
        command = ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", str(script)]
        done = subprocess.run(command, cwd=self.workspace, env=env, capture_output=True, text=True, check=False)
        outcome.failed = outcome.failed or done.returncode != 0
        # Of two streams the runner takes lines as they come: here the worst order, all of the one after the other.
        lines = [*done.stdout.splitlines(), *done.stderr.splitlines()]
        outcome.log += lines
        outcome.commands += commands_in(lines)
        outcome.summary += (files / "GITHUB_STEP_SUMMARY").read_text()
        kept |= pairs_in((files / "GITHUB_ENV").read_text())
        added = (files / "GITHUB_PATH").read_text().split()
        kept |= {"PATH": os.pathsep.join([*reversed(added), env["PATH"]])} if added else {}
        return pairs_in((files / "GITHUB_OUTPUT").read_text())


def commands_in(lines: Iterable[str]) -> list[str]:
    """The names of those that the runner carries out, in order; none while it is told to stop."""
    found, mark = [], ""
    for line in lines:
        new, old = _COMMAND.match(line), _OLD_COMMAND.search(line)
        name = new[1] if new else old[1] if old else ""
        if mark:
            mark = "" if line.strip() == f"::{mark}::" else mark
        elif name == "stop-commands":
            mark = line.strip().rpartition("::")[2]
        elif name:
            found.append(name)
    return found


def pairs_in(text: str) -> dict[str, str]:
    """Of an environment file: `NAME=VALUE`, or lines between marks."""
    found: dict[str, str] = {}
    lines = iter(text.splitlines())
    for line in lines:
        if simple := _RESULT.match(line):
            found[simple[1]] = simple[2]
            continue
        name, parted, mark = line.partition("<<")
        assert parted, f"the runner takes no such line: {line!r}"
        held: list[str] = []
        for each in lines:
            if each == mark:
                break
            held.append(each)
        found[name] = "\n".join(held)
    return found
