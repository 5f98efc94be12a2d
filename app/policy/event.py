"""A webhook's payload, read into the few facts that routing needs. What is absent is None; what is odd is an error.

Payloads: https://docs.github.com/en/webhooks/webhook-events-and-payloads
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from app.policy.errors import EventError
from app.policy.queue_refs import branch_of, parse_queue_ref
from app.policy.values import Repo, Sha

_SHA = re.compile(r"[0-9a-f]{40}\Z")
_ABOUT_CHECKS = frozenset({"check_run", "check_suite"})
_SPOKEN = {"issue_comment": "comment", "pull_request_review_comment": "comment", "pull_request_review": "review"}
"""Where a payload holds what somebody said."""
_ENDS_OF_CHECKS = _ABOUT_CHECKS | {"workflow_run"}
_NOTHING = "0" * 40
_CALLBACK = re.compile(r"/actions/runs/([1-9][0-9]{0,17})/deployment_protection_rule\Z")
"""Of the address to answer at only the run is taken: where our answers go is not for an event to say."""


@dataclass(frozen=True)
class Event:
    """Where to look, never what to believe: facts are read again from GitHub before anything is done.

    `pulls` are the pull requests of this repository that a check belongs to; GitHub leaves it empty for forks.
    `comment_body` is a first look only: the comment, or review, is read again when the run starts. `branch`: which one
    was pushed to, from `before_sha`. `context`: the name of a commit status. `workflow_run_id` waits to deploy
    `deployed_sha` to `environment`. Of a merge group, `number` is the last pull request in it, as the name of its
    branch, `head_ref`, tells; `head_sha` is the group's own commit. `branches`: those that a check's commit is the head
    of, and of a pull request its own one. `pull_author`: who opened it. `at`: when the issue was changed, in seconds
    since 1970.
    """

    delivery_id: str
    name: str
    action: str | None = None
    installation_id: int | None = None
    repo: Repo | None = None
    sender_login: str | None = None
    sender_type: str | None = None
    number: int | None = None
    is_pull: bool = False
    label: str | None = None
    comment_id: int | None = None
    comment_body: str | None = None
    head_sha: Sha | None = None
    base_ref: str | None = None
    base_changed: bool = False
    merged: bool = False
    check_app_id: int | None = None
    check_external_id: str | None = None
    check_name: str | None = None
    pulls: tuple[int, ...] = ()
    requested_action: str | None = None
    branch: str | None = None
    context: str | None = None
    before_sha: Sha | None = None
    default_branch: str | None = None
    environment: str | None = None
    deployed_sha: Sha | None = None
    deployment_state: str | None = None
    workflow_run_id: int | None = None
    head_ref: str | None = None
    branches: tuple[str, ...] = ()
    pull_author: str | None = None
    at: float | None = None


def parse_event(name: str, delivery_id: str, body: Mapping[str, object]) -> Event:
    """Raises `EventError` when a part that is needed for this event is there but of another kind; nothing else."""
    root = _Part(body, "")
    sender = root.part("sender")
    issue = root.part("issue") if name in {"issues", "issue_comment"} else root.none()
    pull = root.part("pull_request") if name.startswith("pull_request") else root.none()
    check = root.part(name) if name in _ENDS_OF_CHECKS else root.none()
    group = root.part("merge_group") if name == "merge_group" else root.none()
    queued = parse_queue_ref(group.text("head_ref"))
    comment = root.part(_SPOKEN[name]) if name in _SPOKEN else root.none()
    labels = name in {"issues", "pull_request"}
    pushed = root if name == "push" else root.none()
    deployment = root.part("deployment") if name.startswith("deployment") else root.none()
    asked = root if name == "deployment_protection_rule" else root.none()
    callback = _CALLBACK.search(asked.text("deployment_callback_url") or "")
    repo = _repo(root)
    pulls = tuple(_pulls(check, repo))
    return Event(
        delivery_id=delivery_id,
        name=name,
        action=root.text("action"),
        installation_id=root.part("installation").number("id"),
        repo=repo,
        sender_login=sender.text("login"),
        sender_type=sender.text("type"),
        number=issue.number("number")
        or pull.number("number")
        or (pulls[0] if pulls else None)
        or (queued.number if queued else None),
        is_pull=pull.there or issue.part("pull_request").there or bool(pulls),
        label=root.part("label").text("name") if labels else None,
        comment_id=comment.number("id"),
        comment_body=comment.text("body"),
        head_sha=pull.part("head").sha("sha")
        or check.sha("head_sha")
        or group.sha("head_sha")
        or (root.sha("sha") if name == "status" else None),
        base_ref=pull.part("base").text("ref") or branch_of(group.text("base_ref")),
        base_changed=pull.there and root.part("changes").part("base").there,
        merged=pull.truth("merged"),
        check_app_id=check.part("app").number("id"),
        check_external_id=check.text("external_id"),
        check_name=check.text("name"),
        pulls=pulls,
        branch=branch_of(root.text("ref")) if name == "push" else None,
        context=root.text("context") if name == "status" else None,
        requested_action=root.part("requested_action").text("identifier") if name in _ABOUT_CHECKS else None,
        before_sha=_commit(pushed.sha("before")),
        default_branch=root.part("repository").text("default_branch"),
        environment=asked.text("environment") or deployment.text("environment"),
        deployed_sha=deployment.sha("sha") or asked.sha("sha"),
        deployment_state=root.part("deployment_status").text("state") if name == "deployment_status" else None,
        workflow_run_id=int(callback[1]) if callback else None,
        head_ref=queued.name if queued else None,
        branches=tuple(_branches(root, check, pull)),
        pull_author=pull.part("user").text("login"),
        at=issue.moment("updated_at"),
    )


def _branches(root: "_Part", check: "_Part", pull: "_Part") -> Iterator[str]:
    """A check run names the branch of its suite, a status each that has its commit, if only the first ten."""
    of_status = root.parts("branches") if root.text("context") is not None else []
    found = (check.part("check_suite").text("head_branch"), check.text("head_branch"), pull.part("head").text("ref"))
    yield from (each for each in (*found, *(part.text("name") for part in of_status)) if each)


def _repo(root: "_Part") -> Repo | None:
    """A repository can be acted on only with every part of it, the installation among them."""
    repository = root.part("repository")
    installation_id, repo_id = root.part("installation").number("id"), repository.number("id")
    owner, name = repository.part("owner").text("login"), repository.text("name")
    if installation_id is None or repo_id is None or not owner or not name:
        return None
    return Repo(installation_id, repo_id, owner, name)


def _commit(sha: Sha | None) -> Sha | None:
    """A row of zeros stands for no commit."""
    return None if sha == _NOTHING else sha


def _pulls(check: "_Part", repo: Repo | None) -> Iterator[int]:
    """`pull_requests` can name those of another repository, of which ours is the head: they are left out."""
    for pull in check.parts("pull_requests"):
        number = pull.number("number")
        base_repo_id = pull.part("base").part("repo").number("id")
        if number is not None and repo is not None and base_repo_id in {None, repo.id}:
            yield number


class _Part:
    """A place in the payload that knows its path. A part of what is absent is absent."""

    def __init__(self, value: object, path: str) -> None:
        if value is not None and not isinstance(value, Mapping):
            raise EventError(path, "an object", value)
        self._value: Mapping[str, object] = value or {}
        self._path = path
        self.there = value is not None

    def none(self) -> "_Part":
        return _Part(None, self._path)

    def part(self, key: str) -> "_Part":
        return _Part(self._value.get(key), self._at(key))

    def parts(self, key: str) -> list["_Part"]:
        value = self._value.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            raise EventError(self._at(key), "a list", value)
        return [_Part(item, f"{self._at(key)}[{index}]") for index, item in enumerate(value)]

    def text(self, key: str) -> str | None:
        value = self._value.get(key)
        if value is not None and not isinstance(value, str):
            raise EventError(self._at(key), "text", value)
        return value

    def number(self, key: str) -> int | None:
        value = self._value.get(key)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 0):
            raise EventError(self._at(key), "a number from 0", value)
        return value

    def truth(self, key: str) -> bool:
        value = self._value.get(key)
        if value is not None and not isinstance(value, bool):
            raise EventError(self._at(key), "true or false", value)
        return bool(value)

    def moment(self, key: str) -> float | None:
        """None for what is no time: nothing depends on it but the order of things."""
        try:
            return datetime.fromisoformat(self.text(key) or "").timestamp()
        except (ValueError, OverflowError):
            return None

    def sha(self, key: str) -> Sha | None:
        value = self.text(key)
        if value is not None and not _SHA.match(value):
            raise EventError(self._at(key), "a commit id of 40 hexadecimal digits", value)
        return None if value is None else Sha(value)

    def _at(self, key: str) -> str:
        return f"{self._path}.{key}" if self._path else key
