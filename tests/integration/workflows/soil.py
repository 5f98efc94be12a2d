"""A repository on an embedded GitHub, and the record of what lands on it, without a worker and without a council."""

import time
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from app.cli.demo.github import Person
from app.cli.demo.stage import Stage, run_git, with_token
from app.policy.config import Policy
from app.policy.values import Repo, Sha
from app.store.decisions import StoredDecision, keep_decision, new_id
from app.store.work import work
from app.workflows.deciding import policy_hash
from app.workflows.land import record_landings
from app.workflows.tracing import Trace, trace


@dataclass
class Soil:
    """`services` has what landing and tracing ask for."""

    stage: Stage
    mona: Person
    repo: Repo
    services: Any
    clone: Path

    @property
    def _there(self) -> Path:
        return self.stage.world.repositories[self.repo.id].path

    def call(self, method: str, path: str, body: Any = None) -> Any:
        return self.mona.call(method, f"/repos/{self.repo.full_name}/{path}", body)

    def begin(self) -> str:
        """A first commit on main. Pushes go over HTTP and are told of; fetches read GitHub's own files."""
        remote = with_token(f"{self.stage.github_url}/{self.repo.full_name}.git", self.mona.token)
        run_git(self.clone.parent, "clone", "--quiet", str(self._there), self.clone.name)
        run_git(self.clone, "remote", "set-url", "--push", "origin", remote)
        run_git(self.clone, "checkout", "--quiet", "-B", "main")
        return self.commit({"a.txt": "".join(f"line {number}\n" for number in range(20))}, "main")

    def start(self, branch: str, at: str = "origin/main") -> None:
        run_git(self.clone, "fetch", "--quiet", "origin")
        run_git(self.clone, "checkout", "--quiet", "-B", branch, at)

    def commit(self, files: dict[str, str], branch: str) -> str:
        """A commit on what is checked out, pushed."""
        for path, text in files.items():
            (self.clone / path).write_text(text)
        run_git(self.clone, "add", "--all")
        run_git(self.clone, "commit", "--quiet", "--allow-empty", "--message", f"Write {', '.join(files)}")
        return self.push(branch)

    def push(self, branch: str) -> str:
        run_git(self.clone, "push", "--quiet", "--force", "origin", f"HEAD:refs/heads/{branch}")
        return run_git(self.clone, "rev-parse", "HEAD").strip()

    async def pull(self, branch: str, files: dict[str, str], base: str = "main", status: str = "approved") -> int:
        """A pull request of which the gate has decided this."""
        self.start(branch, f"origin/{base}")
        head = self.commit(files, branch)
        number = int(self.call("POST", "pulls", {"head": branch, "base": base, "title": branch})["number"])
        await self.decide(number, head, base, status)
        return number

    async def decide(self, number: int, head: str, base: str = "main", status: Any = "approved") -> None:
        made = StoredDecision(
            id=new_id(),
            repo_id=self.repo.id,
            pull=number,
            head_sha=Sha(head),
            base_ref=base,
            base_sha=Sha(run_git(self._there, "rev-parse", f"refs/heads/{base}").strip()),
            fingerprint="f",
            policy_hash=policy_hash([Policy(), None]),
            status=status,
            title=f"It is {status}",
            tree={},
            security=True,
            at=time.time(),
        )
        async with work(self.services.database) as db:
            await keep_decision(db, self.repo.subject(number), made)

    def merge(self, number: int, method: str = "squash") -> str:
        return str(self.call("PUT", f"pulls/{number}/merge", {"merge_method": method})["sha"])

    async def record(self, branch: str = "main", began: str | None = None) -> int:
        return await record_landings(self.services, self.repo, branch, None if began is None else Sha(began))

    async def trace(self, sha: str, *let_in: str, branches: tuple[str, ...] = ("main",)) -> Trace:
        policy = Policy()
        return await trace(self.services, self.repo, branches, Sha(sha), [Sha(each) for each in let_in], policy)


def services_of(database: Any, forge: Any, mirrors: Any) -> Any:
    return SimpleNamespace(database=database, forge=forge, mirrors=mirrors)
