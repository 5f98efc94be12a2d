"""A Quorum in front of an organization's repository whose default branch has a merge queue."""

import asyncio
from pathlib import Path
from typing import Any

import yaml

from app.cli.demo.github import Person
from app.cli.demo.stage import run_git
from app.emulator.app import add_repository
from app.emulator.state import Repository
from tests.support.intruders import Intruder, script
from tests.support.stories import Theatre

GATE = "quorum/gate"
QUEUE = {
    "check_response_timeout_minutes": 60,
    "grouping_strategy": "ALLGREEN",
    "max_entries_to_build": 5,
    "max_entries_to_merge": 5,
    "merge_method": "MERGE",
    "min_entries_to_merge": 1,
    "min_entries_to_merge_wait_minutes": 0,
}


class Hall(Theatre):
    """A theatre of an organization's. Reviewers block what holds `EVIL` and approve all else."""

    def __init__(self, home: Path, **settings: str) -> None:
        path = home / "script.yml"
        path.write_text(yaml.safe_dump(script()))
        super().__init__(f"scripted:{path}", **settings)

    def new_repository(self, owner: Person, name: str) -> Repository:
        account = self.world.add_organization("acme", {owner.login: "admin"}).account
        return asyncio.run(add_repository(self.world, account, name, {owner.login: "admin"}))

    @property
    def repo(self) -> str:
        return f"/repos/{self.repository.full_name}"

    def require_queue(self, *contexts: str, **parameters: Any) -> None:
        """The queue beside the classic protection that requires the gate; `contexts` are required checks besides."""
        new = queue_rules(*contexts, **parameters)
        known = self.mona.call("GET", f"{self.repo}/rulesets")
        how = ("PUT", f"/{known[0]['id']}") if known else ("POST", "")
        self.mona.call(how[0], f"{self.repo}/rulesets{how[1]}", new)

    def put_policy(self, clone: Path, text: str) -> None:
        """Straight onto the branch on GitHub's disk: nobody is told, and nothing is asked of it."""
        run_git(clone, "fetch", "--quiet", str(self.repository.path), "main")
        run_git(clone, "checkout", "--quiet", "--detach", "FETCH_HEAD")
        (clone / ".github" / "quorum.yml").write_text(text)
        run_git(clone, "commit", "--quiet", "--all", "--message", "Policy")
        run_git(clone, "push", "--quiet", str(self.repository.path), "HEAD:refs/heads/main")

    def mutate(self, name: str, number: int, **told: str) -> dict[str, Any]:
        """GraphQL's answer to a mutation about a pull request."""
        values = {"pullRequestId": self.mona.get(f"{self.repo}/pulls/{number}")["node_id"], **told}
        given = ", ".join(f"{key}: ${key}" for key in values)
        query = f"mutation({', '.join(f'${key}: ID!' for key in values)}) {{ {name}(input: {{{given}}}) {{ id }} }}"
        api = f"{self.github_url}/api/graphql"
        return dict(self.mona.call("POST", api, {"query": query, "variables": values}))

    def groups(self) -> dict[int, str]:
        """The commit of each group in the queue, by the number in its branch's name."""
        found = self.mona.get(f"{self.repo}/git/matching-refs/heads/gh-readonly-queue/", per_page=100)
        return {int(each["ref"].rpartition("/pr-")[2].split("-")[0]): each["object"]["sha"] for each in found}

    def gate_of(self, head: str, number: int, kind: str = "group") -> dict[str, Any] | None:
        runs = self.mona.get(f"{self.repo}/commits/{head}/check-runs", per_page=100)["check_runs"]
        return next((each for each in runs if each["external_id"] == f"pull-{number}/{kind}"), None)

    def group_ended(self, head: str, number: int) -> dict[str, Any]:
        """The gate's check on a group, once it is completed."""
        done = lambda: (run := self.gate_of(head, number)) and run["status"] == "completed" and run  # noqa: E731
        return dict(self.until(f"the gate on the group of #{number}", done))

    def state(self, number: int) -> str:
        shown = self.mona.get(f"{self.repo}/pulls/{number}")
        return "merged" if shown["merged"] else str(shown["state"])

    def files(self) -> set[str]:
        return set(run_git(self.repository.path, "ls-tree", "-r", "--name-only", "main").split())


def queue_rules(*contexts: str, **parameters: Any) -> dict[str, Any]:
    """A ruleset: https://docs.github.com/en/rest/repos/rules#create-a-repository-ruleset."""
    conditions = {"ref_name": {"include": ["~DEFAULT_BRANCH"], "exclude": []}}
    rules: list[dict[str, Any]] = [{"type": "merge_queue", "parameters": {**QUEUE, **parameters}}]
    if contexts:
        checks = {"required_status_checks": [{"context": each} for each in contexts]}
        strict = {"strict_required_status_checks_policy": False}
        rules.append({"type": "required_status_checks", "parameters": {**checks, **strict}})
    return {"name": "queue", "enforcement": "active", "conditions": conditions, "rules": rules}


def approved(intruder: Intruder, branch: str, files: dict[str, str | bytes], start: str = "origin/main") -> int:
    """A pull request that the gate lets in."""
    head, number = intruder.push(branch, files, start), intruder.open(branch)
    assert intruder.conclusion(head, number) == "success"
    return number
