"""One repository, the people in it, and Quorum beside it. What somebody does is noted in the model."""

import re
import uuid
from typing import Any

import httpx
from diffs_seen import Seen, seen
from gate_stage import GateStage
from history import Git
from model import Diff, Pull
from worker import Worker

from app.emulator.rules import Change, violations
from app.emulator.state import Actor
from app.emulator.state import App as GitHubApp

Json = dict[str, Any]
GATE = "quorum/gate"
BASES = ("main", "release", "scratch")
_REPLY = re.compile(r"<!-- quorum:reply-(\d+):")
_TELL_WHO_PUSHED = frozenset({("pull_request", "opened"), ("pull_request", "synchronize")})
_OWN_NOISE = frozenset({"created", "completed", "requested"})


class World:
    """`outbox`: webhooks that GitHub has sent and nobody has heard yet."""

    def __init__(self, stage: GateStage) -> None:
        self.stage = stage
        self.repository = stage.new_repository()
        self.git = Git(self.repository.path)
        self.roles = self.repository.permissions
        self.pulls: dict[int, Pull] = {}
        self.outbox: list[tuple[str, str, Json]] = []
        self.deaths = 0
        self._services = stage.new_services()
        self.worker = Worker(stage, self._services)
        stage.github.emit = self._emit
        stage.reviewer.told = self._shown

    def close(self) -> None:
        self.stage.run(self.worker.die())
        self.stage.forget(self._services, self.repository)

    def call(self, login: str, method: str, path: str, body: Any = None) -> httpx.Response:
        """What GitHub answers to somebody; `helper[bot]` is another App."""
        self.stage.tick()
        repository = f"{self.stage.github.base_url}/api/v3/repos/{self.repository.full_name}/{path}"
        url = repository if not path.startswith("/") else f"{self.stage.github.base_url}{path}"
        token = self.stage.tokens.get(login) or self._token_of_helper()
        headers = {"Authorization": f"Bearer {token}"}
        return self.stage.run(self.stage.client.request(method, url, json=body, headers=headers))

    def must(self, login: str, method: str, path: str, body: Any = None) -> Any:
        response = self.call(login, method, path, body)
        assert response.is_success, f"{login}: {method} {path}: {response.status_code} {response.text}"
        return response.json() if response.content else None

    # What everybody can see.

    def diff(self, pull: Pull) -> Seen:
        return seen(self.git, self.git.tip(pull.base), pull.head)

    def name_of_diff(self, pull: Pull) -> Diff:
        return pull.base, self.diff(pull).identity

    def is_green(self, commit: str) -> bool:
        """Whether the newest check of the gate on the commit is a success."""
        runs = [
            each for each in self.repository.check_runs.values() if each["head_sha"] == commit and each["name"] == GATE
        ]
        own = [each for each in runs if each["app_id"] == self.stage.app.id]
        return bool(own) and max(own, key=lambda run: run["id"])["conclusion"] == "success"

    def can_be_merged(self, pull: Pull) -> bool:
        """Whether GitHub would merge it for somebody who bypasses nothing."""
        issue = self.repository.issues[pull.number]
        change = Change("update", pull.base, pull.head, pull=issue, queued=True)
        refused = violations(self.repository, Actor(self.stage.github.users["rita"]), change)
        return pull.open and not pull.draft and refused is None and self.merges(pull)

    def title_of_gate(self, commit: str) -> list[str]:
        """What its checks on the commit say."""
        runs = [
            each for each in self.repository.check_runs.values() if each["head_sha"] == commit and each["name"] == GATE
        ]
        return [f"{each['status']} {each['conclusion']}: {each['output'].get('title')}" for each in runs]

    def asks_for_changes(self, pull: Pull) -> bool:
        """Whether GitHub itself holds it up for a review."""
        newest = {each.login: each.state for each in sorted(pull.reviews, key=lambda each: each.id)}
        return any(
            state == "changes_requested" and self.roles[login] not in {"read", "triage"}
            for login, state in newest.items()
        )

    def merges(self, pull: Pull) -> bool:
        """Without conflicts."""
        return self.git.merged(self.git.tip(pull.base), pull.head) is not None

    def read_answers(self) -> None:
        """Note how Quorum answered each word."""
        answers = {
            int(found[1]): comment["body"].partition("\n")[2]
            for comment in self.repository.comments.values()
            if comment["user"].login == "quorum[bot]" and (found := _REPLY.match(comment["body"]))
        }
        for pull in self.pulls.values():
            for word in pull.words:
                if word.answer is None and word.id in answers:
                    word.answer = answers[word.id]

    # What Quorum hears and does.

    def _emit(self, app: GitHubApp, event: str, payload: Json) -> None:
        if app.id == self.stage.app.id and not (event.startswith("check_") and payload["action"] in _OWN_NOISE):
            self.outbox.append((str(uuid.uuid4()), event, payload))

    def hear(self, position: int, *, again: bool = False) -> None:
        guid, event, payload = self.outbox[position] if again else self.outbox.pop(position)
        self.stage.run(self.worker.hear(guid, event, payload))

    def lose(self, position: int) -> None:
        """It never comes. Who pushed is told by the event alone, so that those of pushes only come late."""
        _, event, payload = self.outbox[position]
        if (event, payload.get("action")) not in _TELL_WHO_PUSHED:
            self.outbox.pop(position)

    def _shown(self, title: str, perspective: str, identity: str) -> None:
        pull = next(each for each in self.pulls.values() if each.title == title)
        pull.shown += 1
        pull.heard |= {(perspective, (base, identity)) for base in pull.bases_since(self.worker.since())}

    def go_on(self, moments: float, newest: bool) -> None:
        self.stage.tick()
        self.stage.run(self.worker.go_on(moments, newest))

    def hear_and_finish(self) -> None:
        while self.outbox:
            self.hear(0)
        self.stage.tick()
        self.stage.run(self.worker.finish())

    def sweep(self) -> None:
        self.stage.tick()
        self.stage.run(self.worker.sweep())

    def die(self) -> None:
        self.deaths += 1
        self.stage.run(self.worker.die())

    def settle(self) -> None:
        """All events have come, a sweep has run, and everything is worked out."""
        for _ in range(6):
            self.hear_and_finish()
            self.sweep()
            self.hear_and_finish()
            if not self.outbox:
                break
        self.read_answers()
        for pull in self.pulls.values():
            pull.settled.add(pull.head)
            for review in pull.reviews:
                review.seen = True

    def _token_of_helper(self) -> str:
        installation = self.stage.helping
        return self.stage.github.mint(installation, installation.app.permissions, [self.repository.id])[0]
