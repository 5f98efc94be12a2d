"""The life of one issue, played by people over REST and watched from GitHub's side."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.cli.demo.github import Person, wait_until

GATE = "quorum/gate"
WORK = "quorum/work"
"""It tells of the work and is no part of the council: it ends when the work does."""
_RED = frozenset({"failure", "action_required", "timed_out", "cancelled"})


@dataclass
class Seen:
    """What was seen on GitHub, for the closing table and `--json`."""

    issue: dict[str, Any] = field(default_factory=dict)
    pull: dict[str, Any] = field(default_factory=dict)
    heads: list[str] = field(default_factory=list)
    check_runs: list[dict[str, Any]] = field(default_factory=list)
    refused_merge: dict[str, Any] = field(default_factory=dict)
    merge: dict[str, Any] = field(default_factory=dict)
    explanation: str = ""


@dataclass
class Story:
    """Steps in the order in which they are played. `tell` prints; `alive` raises when Quorum has died."""

    repo: str
    maintainer: Person
    tell: Callable[[str, str], None]
    alive: Callable[[], None]
    patience_s: float
    seen: Seen = field(default_factory=Seen)

    def label(self, number: int) -> None:
        self.maintainer.call("POST", f"/repos/{self.repo}/issues/{number}/labels", {"labels": ["quorum"]})
        self.tell("label", f"@{self.maintainer.login} adds the label `quorum` to issue #{number}")

    def watch_pickup(self, number: int) -> None:
        reactions = self._until(
            "a reaction on the issue", lambda: self._get(f"issues/{number}/reactions") or self._given_up(number)
        )
        self.tell("quorum", f"{reactions[0]['user']['login']} reacts with {reactions[0]['content']}")
        self._until("a progress comment", lambda: self.own_comments(number))
        self.tell("quorum", f"opens the comment on #{number} that it will edit as it goes on")

    def watch_pull(self, number: int) -> dict[str, Any]:
        pull = self._until("a pull request", lambda: self._find_pull(number) or self._given_up(number))
        commit = self._get(f"commits/{pull['head']['sha']}")
        trailers = [line for line in commit["commit"]["message"].splitlines() if line.startswith("Quorum-Run:")]
        self.tell("quorum", f"pushes {pull['head']['ref']} ({pull['head']['sha'][:12]}, {', '.join(trailers)})")
        self.tell("quorum", f"opens {'draft ' if pull['draft'] else ''}pull request #{pull['number']}: {pull['title']}")
        return dict(pull)

    def watch_council(self, pull: dict[str, Any], round_: int) -> dict[str, str]:
        """Wait until the gate has decided on the pull request's newest head; return conclusions by check name."""
        number = pull["number"]
        head = self._until(
            "a new head", lambda: self._head_after(number, self.seen.heads) or self._given_up(self.seen.issue["number"])
        )
        self.seen.heads.append(head)
        runs = self._until(f"the gate's decision on {head[:12]}", lambda: self._decided(head))
        for run in sorted(runs, key=lambda run: (run["name"] == GATE, run["name"])):
            count = run["output"]["annotations_count"]
            notes = f", {count} annotation{'s' if count != 1 else ''}" if count else ""
            self.tell(
                "council", f"round {round_}: {run['name']}: {run['conclusion']}{notes} — {run['output']['title']}"
            )
        self._tell_review(number, head)
        return {run["name"]: run["conclusion"] for run in runs}

    def try_merge(self, pull: dict[str, Any]) -> None:
        response = self.maintainer.try_call("PUT", f"/repos/{self.repo}/pulls/{pull['number']}/merge", {})
        self.seen.refused_merge = {"status": response.status_code, "message": response.json().get("message", "")}
        self.tell(
            "merge", f"@{self.maintainer.login} presses merge: {response.status_code} {response.json()['message']}"
        )

    def merge(self, pull: dict[str, Any]) -> None:
        number = pull["number"]
        ready = self._until(
            "the pull request to leave draft",
            lambda: (found := self._get(f"pulls/{number}")) and not found["draft"] and found,
        )
        self.tell("quorum", f"marks pull request #{number} as ready for review")
        self._approve(number, ready["head"]["sha"])
        answer = self.maintainer.call("PUT", f"/repos/{self.repo}/pulls/{number}/merge", {"sha": ready["head"]["sha"]})
        self.seen.merge = {"sha": answer["sha"], "merged": answer["merged"], "message": answer["message"]}
        self.tell("merge", f"@{self.maintainer.login} merges: {answer['message']} ({answer['sha'][:12]})")

    def _approve(self, number: int, head: str) -> None:
        """What agents wrote takes a person's word as well, unless the policy gives them more autonomy."""
        said = {"event": "APPROVE", "commit_id": head, "body": "Reads well."}
        self.maintainer.call("POST", f"/repos/{self.repo}/pulls/{number}/reviews", said)
        self.tell("approve", f"@{self.maintainer.login} approves {head[:12]}")
        self._until("the gate to open", lambda: self._gate(head) == "success" or self._given_up(number))

    def _gate(self, head: str) -> str | None:
        return next((run["conclusion"] for run in self._runs(head) if run["name"] == GATE), None)

    def ask(self, pull: dict[str, Any], mention: str) -> None:
        number = pull["number"]
        known = {comment["id"] for comment in self.own_comments(number)}
        self.maintainer.call("POST", f"/repos/{self.repo}/issues/{number}/comments", {"body": f"{mention} explain"})
        self.tell("ask", f"@{self.maintainer.login} asks: {mention} explain")
        answer = self._until("an answer", lambda: [c for c in self.own_comments(number) if c["id"] not in known])[0]
        self.seen.explanation = answer["body"]
        for line in _visible(answer["body"]):
            self.tell("quorum", line)

    def collect(self, issue: int, pull: dict[str, Any] | None) -> Seen:
        """Read the end state back from GitHub."""
        self.seen.issue = self._get(f"issues/{issue}")
        if pull is not None:
            self.seen.pull = self._get(f"pulls/{pull['number']}")
            self.seen.check_runs = [run for head in self.seen.heads for run in self._runs(head)]
        return self.seen

    def _tell_review(self, number: int, head: str) -> None:
        for review in self._get(f"pulls/{number}/reviews"):
            if review["commit_id"] == head:
                comments = self._get(f"pulls/{number}/reviews/{review['id']}/comments")
                if any(comment.get("in_reply_to_id") for comment in comments):
                    self.tell("quorum", f"answers in the thread: {next(_visible(comments[0]['body']), '')}")
                    continue
                offered = sum("```suggestion" in comment["body"] for comment in comments)
                self.tell("council", f"review with {len(comments)} inline comments, {offered} with a suggestion")
                for comment in comments:
                    self.tell("council", f"  {comment['path']}:{comment['line']} {next(_visible(comment['body']), '')}")

    def _decided(self, head: str) -> list[dict[str, Any]]:
        """The gate may refuse before anybody has read; each perspective's check run is there when it has spoken."""
        runs = [run for run in self._runs(head) if run["name"] != WORK]
        done = all(run["status"] == "completed" for run in runs)
        return runs if done and {run["name"] == GATE for run in runs} == {True, False} else []

    def _runs(self, head: str) -> list[dict[str, Any]]:
        return list(self._get(f"commits/{head}/check-runs", per_page=100)["check_runs"])

    def _head_after(self, number: int, known: list[str]) -> str | None:
        head = str(self._get(f"pulls/{number}")["head"]["sha"])
        return None if head in known else head

    def _find_pull(self, issue: int) -> dict[str, Any] | None:
        pulls = self._get("pulls", state="all")
        return next((pull for pull in pulls if f"Closes #{issue}" in (pull["body"] or "")), None)

    def _given_up(self, issue: int) -> bool:
        """Stop waiting when the progress comment says that a person is needed."""
        for comment in self.own_comments(issue):
            if "needs a person" in comment["body"]:
                self.tell("quorum", "stopped:")
                raise StoppedError("\n".join(_visible(comment["body"])))
        return False

    def own_comments(self, number: int) -> list[dict[str, Any]]:
        return [c for c in self._get(f"issues/{number}/comments", per_page=100) if c["user"]["type"] == "Bot"]

    def _get(self, path: str, **params: Any) -> Any:
        return self.maintainer.get(f"/repos/{self.repo}/{path}", **params)

    def _until(self, what: str, look: Callable[[], Any]) -> Any:
        return wait_until(what, look, timeout_s=self.patience_s, alive=self.alive)


class StoppedError(Exception):
    """Quorum reported that it cannot go on; the text is its report."""


def _visible(body: str) -> Iterator[str]:
    """The lines of a comment without its hidden marker."""
    return (line for line in body.splitlines() if line.strip() and not line.lstrip().startswith(("<!--", "<sub>")))


def council_agrees(conclusions: Mapping[str, Any]) -> bool:
    """Whether every perspective approved; the gate may still wait for a person."""
    return all(how == "success" for name, how in conclusions.items() if name != GATE)
