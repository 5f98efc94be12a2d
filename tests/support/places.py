"""One repository of a story: commits, branches, pull requests, what people say there, and what the gate shows."""

import itertools
import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from app.cli.demo.github import Person
from app.emulator.state import Organization, Repository
from app.policy.checks import GATE_CHECK
from app.policy.config import POLICY_PATH
from tests.support.git_files import holds, link_objects, move_ref
from tests.support.house import House

ROLES = {"mona": "admin", "dora": "maintain", "ada": "write", "bob": "write", "tom": "triage", "rita": "read"}
"""Who may do what: mona owns it, ada opens pull requests, bob is another writer."""
QUICK = "perspectives: [security, testing]\n"
_NUMBERS = itertools.count(1)
_made: dict[bytes, tuple[Path, str]] = {}
"""Commits by what git was told, which is all that their names tell; each with a repository that has it."""

Content = str | bytes | tuple[str, bytes] | None
"""Of a file: its text, or its mode and content; None takes it away."""


@dataclass(frozen=True)
class Gate:
    """The newest check run of the gate on a commit."""

    id: int
    status: str
    conclusion: str | None
    title: str
    summary: str


class Place:
    """A repository whose `main` requires the gate of everybody but administrators."""

    def __init__(
        self, house: House, policy: str | None = QUICK, organization: Organization | None = None, name: str = ""
    ) -> None:
        self.house = house
        self._changes = itertools.count(1)
        for login in ROLES:
            house.person(login)
        owner = organization.account if organization else house.stage.world.users["mona"]
        self.repository: Repository = house.repository(owner, name or f"place-{next(_NUMBERS)}", dict(ROLES))
        files: dict[str, Content] = {"a.txt": "a\n" * 20, "b.txt": "b\n" * 20}
        self.main = self.commit(files if policy is None else {**files, POLICY_PATH: policy})
        assert move_ref(self.repository.path, "refs/heads/main", self.main)
        self.protect("main")

    def protect(self, branch: str, *, strict: bool = False) -> None:
        checks = {"strict": strict, "checks": [{"context": GATE_CHECK, "app_id": self.house.stage.app_id}]}
        body = {"required_status_checks": checks, "enforce_admins": False}
        self.call("mona", "PUT", f"branches/{branch}/protection", _nothing_else(body))

    def call(self, who: str, method: str, path: str, body: Any = None) -> Any:
        return self._person(who).call(method, f"/repos/{self.repository.full_name}/{path}".rstrip("/"), body)

    def _person(self, login: str) -> Person:
        return self.house.person(login)

    def git(self, *args: str, stdin: bytes = b"") -> str:
        """On GitHub's own copy: nobody is told."""
        env = {**os.environ, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"}
        command = ["git", "-C", str(self.repository.path), *args]
        done = subprocess.run(command, env=env, input=stdin, capture_output=True, check=True)
        return done.stdout.decode().strip()

    def commit(self, files: dict[str, Content], *parents: str, message: str = "Change") -> str:
        """On top of the first parent's files; the other parents are merged. Nobody is told.

        The same in two places is one commit, as it is in a repository and its copies: git's answers are the same then.
        https://git-scm.com/docs/git-fast-import#_input_format
        """
        said = f"{message} {next(self._changes)}".encode() if message == "Change" else message.encode()
        lines = [b"commit refs/stories/newest\nmark :1\ncommitter Ada <ada@example.com> 1790000000 +0000\n"]
        lines += [b"data %d\n%s\n" % (len(said), said)]
        lines += [b"%s %s\n" % (b"merge" if number else b"from", sha.encode()) for number, sha in enumerate(parents)]
        for path, content in files.items():
            lines.append(_line(path.encode(), content))
        lines.append(b"\nget-mark :1\n")
        return self._take_over(b"".join(lines), parents)

    def _take_over(self, told: bytes, parents: tuple[str, ...]) -> str:
        """Make a commit as git is told, or take it from another place that made it."""
        start, sha = _made.get(told, (self.repository.path, ""))
        new = _new_objects(start, sha, parents) if sha and start.exists() else ()
        if new and holds(start, new):
            link_objects(new, start, self.repository.path)
            return sha
        _made[told] = self.repository.path, self.git("fast-import", "--quiet", "--force", stdin=told)
        return _made[told][1]

    def push(self, branch: str, sha: str, by: str = "ada") -> str:
        """Forced, as people do with branches of their own."""
        if (self.repository.path / "refs" / "heads" / branch).is_file():
            self.call(by, "PATCH", f"git/refs/heads/{branch}", {"sha": sha, "force": True})
        else:
            self.call(by, "POST", "git/refs", {"ref": f"refs/heads/{branch}", "sha": sha})
        return sha

    def open(self, branch: str, base: str = "main", by: str = "ada", **more: Any) -> int:
        body = {"head": branch, "base": base, "title": f"Change {branch}", **more}
        return int(self.call(by, "POST", "pulls", body)["number"])

    def pull(self, files: dict[str, Content], branch: str = "topic", by: str = "ada") -> tuple[str, int]:
        """A pull request with one commit, judged; its head and number."""
        head = self.push(branch, self.commit(files, self.main), by)
        number = self.open(branch, by=by)
        self.house.settle()
        return head, number

    def set_policy(self, policy: str | None) -> None:
        """On main, by an administrator's push."""
        self.main = self.push("main", self.commit({POLICY_PATH: policy}, self.main), "mona")

    def say(self, who: str, number: int, text: str) -> int:
        return int(self.call(who, "POST", f"issues/{number}/comments", {"body": text})["id"])

    def review(self, who: str, number: int, event: str, head: str) -> int:
        body = {"event": event, "commit_id": head, "body": "Read."}
        return int(self.call(who, "POST", f"pulls/{number}/reviews", body)["id"])

    def answers(self, number: int) -> list[str]:
        """Quorum's own comments, oldest first."""
        found = [each for each in self.repository.comments.values() if each["issue"] == number]
        return [each["body"] for each in found if each["user"] is self.house.app.bot]

    def gates(self, head: str) -> list[Gate]:
        """Of every pull request that has this head; Quorum's own, the newest of each."""
        found = {}
        for run in self.repository.check_runs.values():
            if (run["head_sha"], run["name"], run["app_id"]) == (head, GATE_CHECK, self.house.stage.app_id):
                output = (run["output"].get("title") or "", run["output"].get("summary") or "")
                found[run["external_id"]] = Gate(run["id"], run["status"], run["conclusion"], *output)
        return list(found.values())

    def gate(self, head: str) -> Gate:
        (gate,) = self.gates(head)
        return gate

    def merged(self, number: int, who: str = "ada") -> bool:
        """Whether GitHub lets a writer merge it; then it is merged."""
        path = f"/repos/{self.repository.full_name}/pulls/{number}/merge"
        return self._person(who).try_call("PUT", path, {}).status_code == 200


@cache
def _new_objects(repository: Path, sha: str, parents: tuple[str, ...]) -> tuple[str, ...]:
    command = ("git", "rev-list", "--objects", sha, *(f"^{each}" for each in parents))
    listed = subprocess.run(command, cwd=repository, capture_output=True, check=True).stdout.decode()
    return tuple(line[:40] for line in listed.splitlines())


@contextmanager
def another_app(place: Place) -> Iterator[Callable[[str, str, Any], Any]]:
    """With every permission that the gate's own App has, installed beside it; asks as a bot."""
    world = place.house.stage.world
    app = world.add_app("other", "no key", dict(place.house.app.permissions), frozenset(), ("http://127.0.0.1:9", ""))
    installation = world.install(app, [place.repository])
    token = world.mint(installation, app.permissions, [place.repository.id])[0]
    bot = Person(f"{place.house.stage.github_url}/api/v3", app.bot.login, token)
    yield lambda method, path, body: bot.call(method, f"/repos/{place.repository.full_name}/{path}", body)
    bot.close()
    del world.apps[app.id], world.installations[installation.id]


def _line(path: bytes, content: Content) -> bytes:
    if content is None:
        return b"D %s\n" % path
    mode, data = content if isinstance(content, tuple) else ("100644", content)
    raw = data.encode() if isinstance(data, str) else data
    if mode == "160000":
        return b"M 160000 %s %s\n" % (raw, path)
    return b"M %s inline %s\ndata %d\n%s\n" % (mode.encode(), path, len(raw), raw)


def _nothing_else(body: dict[str, Any]) -> dict[str, Any]:
    return {**body, "required_pull_request_reviews": None, "restrictions": None}
