"""A repository whose workflows deploy: changes land on it with or without an approval, and environments are asked for.

Its reviewers block whatever says `EVIL`, and approve all else.
"""

from pathlib import Path
from typing import Any

import yaml

from app.cli.demo.stage import run_git, with_token
from app.policy.rules import PERSPECTIVES
from tests.support.stories import Theatre

FINDING = {"severity": "critical", "category": "backdoor", "claim": "Anybody may come in.", "path": "evil.py"}
FINDING |= {"quote": "EVIL = 1", "start_line": 1, "end_line": 1}
UPHELD = {"verdict": "upheld", "reason": "It stands there and it runs."}
GATE = "quorum/gate"


def write_script(path: Path) -> None:
    conversations = []
    for name in PERSPECTIVES:
        conversations += [
            {"role": f"reviewer:{name}", "when": "+EVIL", "replies": _reports("block", FINDING)},
            {"role": f"reviewer:{name}", "replies": _reports("approve")},
        ]
    conversations.append({"role": "challenger", "replies": [{"tools": [{"name": "judge", "input": UPHELD}]}]})
    path.write_text(yaml.safe_dump({"label": "reviewers who see EVIL", "conversations": conversations}))


def _reports(verdict: str, *findings: dict[str, Any]) -> list[dict[str, Any]]:
    told = {"verdict": verdict, "confidence": 0.95, "summary": "I read what I was shown.", "findings": list(findings)}
    return [{"tools": [{"name": "report", "input": told}]}] * 2


class Yard:
    """What a person with every permission does to it. Nothing protects the branch: the rule stands at the end."""

    def __init__(self, theatre: Theatre, policy: str) -> None:
        self.theatre = theatre
        story = theatre.set_up()
        self._repo = f"/repos/{story.repo}"
        self.call("DELETE", "branches/main/protection")
        self._clone = theatre.home / "clone"
        remote = with_token(f"{theatre.github_url}/{story.repo}.git", theatre.mona.token)
        run_git(theatre.home, "clone", "--quiet", remote, self._clone.name)
        self.push({".github/quorum.yml": policy})

    def start(self) -> None:
        """Quorum comes, and sees where the branch stands."""
        self.theatre.start()
        self.theatre.until("the beginning of the record", lambda: self.theatre.rows("SELECT 1 FROM landings"))

    def call(self, method: str, path: str, body: Any = None) -> Any:
        return self.theatre.mona.call(method, f"{self._repo}/{path}", body)

    def push(self, files: dict[str, str], branch: str = "main") -> str:
        """One commit onto main, or as a new branch beside it; its id."""
        run_git(self._clone, "fetch", "--quiet", "origin")
        run_git(self._clone, "checkout", "--quiet", "-B", branch, "origin/main")
        for path, text in files.items():
            place = self._clone / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text)
        run_git(self._clone, "add", "--all")
        run_git(self._clone, "commit", "--quiet", "--message", f"Write {', '.join(files)}")
        return self._send(branch)

    def revert(self, sha: str, branch: str) -> str:
        run_git(self._clone, "fetch", "--quiet", "origin")
        run_git(self._clone, "checkout", "--quiet", "-B", branch, "origin/main")
        run_git(self._clone, "revert", "--no-edit", sha)
        return self._send(branch)

    def _send(self, branch: str) -> str:
        run_git(self._clone, "push", "--quiet", "--force", "origin", f"HEAD:refs/heads/{branch}")
        return run_git(self._clone, "rev-parse", "HEAD").strip()

    def open(self, branch: str) -> int:
        return int(self.call("POST", "pulls", {"head": branch, "base": "main", "title": f"Land {branch}"})["number"])

    def merge(self, number: int, method: str = "squash") -> str:
        return str(self.call("PUT", f"pulls/{number}/merge", {"merge_method": method})["sha"])

    def gate(self, head: str) -> str:
        """How the gate stands, once it has decided."""

        def decided() -> str | None:
            runs = self.call("GET", f"commits/{head}/check-runs?per_page=100")["check_runs"]
            return next((each["conclusion"] for each in runs if each["name"] == GATE), None)

        return str(self.theatre.until("the gate's decision", decided))

    def land(self, branch: str, files: dict[str, str], method: str = "squash", *, by_hand: bool = False) -> str:
        """A change that the council approves, and with `by_hand` a person as well; the commit that it lands as."""
        head = self.push(files, branch)
        number = self.open(branch)
        if by_hand:
            self.approve(number)
            self.theatre.until("the open gate", lambda: self.gate(head) == "success")
        assert self.gate(head) == "success", self.theatre.report()
        return self.merge(number, method)

    def approve(self, number: int) -> None:
        self.theatre.repository.permissions["ada"] = "write"
        ada = self.theatre.person("ada")
        ada.call("POST", f"{self._repo}/pulls/{number}/reviews", {"event": "APPROVE", "body": "Well."})

    def guard(self, environment: str) -> None:
        self.call("PUT", f"environments/{environment}", {})
        rule = {"integration_id": self.theatre.app_id}
        self.call("POST", f"environments/{environment}/deployment_protection_rules", rule)

    def ask(self, environment: str, ref: str = "main", **more: Any) -> int:
        """A workflow asks to deploy; its run."""
        wish = {"login": "mona", "repository": self._repo.removeprefix("/repos/"), "environment": environment}
        return int(self.theatre.control("deploys", {**wish, "ref": ref, **more})["run"])

    def end(self, environment: str, run: int, state: str = "success") -> None:
        self.ask(environment, run=run, state=state)

    def answers(self, run: int) -> list[dict[str, Any]]:
        return list(self.theatre.repository.workflow_runs[run]["answers"])

    def answer(self, run: int) -> tuple[str, str]:
        """State and comment, once there is an answer and everything has come to rest."""

        def answered() -> bool:
            resting = not self.theatre.rows("SELECT 1 FROM runs WHERE workflow = 'deploy' AND finished_at IS NULL")
            return bool(self.answers(run)) and resting

        self.theatre.until("the answer", answered)
        (given,) = self.answers(run)
        return given["state"], given["comment"]

    def deploy(self, environment: str, ref: str = "main") -> tuple[str, str]:
        """Ask, and if it may go, let it go well."""
        run = self.ask(environment, ref)
        state, comment = self.answer(run)
        if state == "approved":
            self.end(environment, run)
        return state, comment
