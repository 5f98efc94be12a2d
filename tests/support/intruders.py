"""A council that blocks whenever it is shown `EVIL`, and somebody who pushes branches and opens pull requests at it."""

from pathlib import Path

from app.cli.demo.stage import run_git, with_token
from app.policy.rules import PERSPECTIVES
from tests.support.stories import Theatre

FINDING = {
    "severity": "critical",
    "category": "backdoor",
    "claim": "Anybody may come in.",
    "start_line": 1,
    "end_line": 1,
}
MARKS = {
    "may_drop_database": {"path": "acl.py", "quote": "    return True"},
    "+EVIL": {"path": "tally/evil.py", "quote": "EVIL = 1"},
}


def reports(verdict: str, *findings: dict) -> list[dict]:
    told = {"verdict": verdict, "confidence": 0.95, "summary": "I read what I was shown.", "findings": list(findings)}
    return [{"tools": [{"name": "report", "input": told}]}] * 2


def script() -> dict:
    conversations = []
    for name in PERSPECTIVES:
        for mark, where in MARKS.items():
            replies = reports("block", {**FINDING, **where})
            conversations.append({"role": f"reviewer:{name}", "when": mark, "replies": replies})
        conversations.append({"role": f"reviewer:{name}", "replies": reports("approve")})
    judged = {"verdict": "upheld", "reason": "It stands there and it runs."}
    conversations.append({"role": "challenger", "replies": [{"tools": [{"name": "judge", "input": judged}]}]})
    return {"label": "reviewers who see EVIL", "conversations": conversations}


class Intruder:
    """Somebody who may push branches and open pull requests, and what becomes of these."""

    def __init__(self, theatre: Theatre, repo: str, clone: Path) -> None:
        self._theatre = theatre
        self._repo = repo
        self._clone = clone
        remote = with_token(f"{theatre.github_url}/{repo}.git", theatre.mona.token)
        run_git(clone.parent, "clone", "--quiet", remote, clone.name)

    def push(self, branch: str, files: dict[str, str | bytes], start: str = "origin/main") -> str:
        run_git(self._clone, "checkout", "--quiet", "-B", branch, start)
        for path, text in files.items():
            place = self._clone / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(text if isinstance(text, bytes) else text.encode())
        return self._commit(branch)

    def reword(self, branch: str) -> str:
        """Another commit with the same content."""
        run_git(self._clone, "commit", "--quiet", "--amend", "--message", f"{branch}, reworded")
        return self._send(branch)

    def _commit(self, branch: str) -> str:
        run_git(self._clone, "add", "--all")
        run_git(self._clone, "commit", "--quiet", "--message", branch)
        return self._send(branch)

    def _send(self, branch: str) -> str:
        run_git(self._clone, "push", "--quiet", "--force", "origin", branch)
        return run_git(self._clone, "rev-parse", "HEAD").strip()

    def protect(self, branch: str) -> None:
        self._theatre.protect(branch)

    def open(self, branch: str, base: str = "main") -> int:
        body = {"head": branch, "base": base, "title": f"Tidy {branch}"}
        return int(self._theatre.mona.call("POST", f"/repos/{self._repo}/pulls", body)["number"])

    def conclusion(self, head: str, number: int) -> str:
        """Of the gate, once it is there and everything has come to rest."""

        def decided() -> str | None:
            resting = not self._theatre.rows("SELECT 1 FROM runs WHERE finished_at IS NULL")
            runs = self._theatre.mona.call("GET", f"/repos/{self._repo}/commits/{head}/check-runs?per_page=100")
            found = [each for each in runs["check_runs"] if each["external_id"] == f"pull-{number}/gate"]
            return found[-1]["conclusion"] if found and resting else None

        return str(self._theatre.until("the gate's decision", decided))

    def merged(self, number: int) -> bool:
        answer = self._theatre.mona.try_call("PUT", f"/repos/{self._repo}/pulls/{number}/merge", {})
        return answer.status_code == 200
