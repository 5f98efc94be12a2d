"""Ways to get past the council, each tried on a real Quorum: the gate stays closed and GitHub refuses the merge.

Its reviewers block whenever they are shown `EVIL`, or the change of `may_drop_database`, and approve all else. So an
attack that works keeps it from them, or makes an approval count for something that it was not given for.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

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
CALLS = ("log", "note", "count", "check", "audit", "trace")
DOOR = "def {}(user):\n" + "".join(f"    {name}(user)\n" for name in CALLS) + "\n\n"
DOORS = DOOR.format("may_see_help") + "x = 0\n" * 10 + DOOR.format("may_drop_database")
CHECK = "    check(user)\n"
CLOSED = {"failure", "action_required"}


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


@pytest.fixture(scope="module")
def intruder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intruder]:
    home = tmp_path_factory.mktemp("intruders")
    path = home / "script.yml"
    path.write_text(yaml.safe_dump(script()))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QUORUM_DATA_DIR", str(home))
        with Theatre(f"scripted:{path}") as theatre:
            story = theatre.set_up()
            theatre.start()
            yield Intruder(theatre, story.repo, home / "clone")


@pytest.mark.parametrize(
    ("branch", "files"),
    [
        ("nul", {"tally/evil.js": b"/*\0*/\nEVIL = 1\n"}),
        ("vendored", {"tally/third_party/evil.py": "EVIL = 1\n", "NOTES.md": "Notes.\n"}),
        ("generated", {"tally/evil_pb2.py": "EVIL = 1\n", "NOTES.md": "Notes.\n"}),
        ("locked", {"uv.lock": "EVIL = 1\n"}),
        ("large", {"tally/evil.py": "# padding\n" * 26_000 + "EVIL = 1\n"}),
    ],
)
def test_nothing_is_hidden_from_the_reviewers(intruder: Intruder, branch: str, files: dict[str, str | bytes]):
    head, number = intruder.push(branch, files), intruder.open(branch)
    assert intruder.conclusion(head, number) in CLOSED
    assert not intruder.merged(number)


@pytest.mark.parametrize("files", [{"tally/evil.py": "EVIL = 2\n"}, {"tally/big.py": "# padding\n" * 26_000}])
def test_a_refusal_does_not_go_away_with_another_commit_message(intruder: Intruder, files: dict[str, str | bytes]):
    branch = f"again-{len(str(files))}"
    head, number = intruder.push(branch, files), intruder.open(branch)
    assert intruder.conclusion(head, number) in CLOSED
    head = intruder.reword(branch)
    assert intruder.conclusion(head, number) in CLOSED
    assert not intruder.merged(number)


def test_an_approval_does_not_go_along_to_another_place(intruder: Intruder):
    """The hunk and what stands around it are the same in both places."""
    intruder.push("doors", {"acl.py": DOORS})
    intruder.protect("doors")
    first, last = DOORS.index(CHECK), DOORS.rindex(CHECK)
    opened = CHECK + "    return True\n"
    head = intruder.push("hole", {"acl.py": DOORS[:first] + opened + DOORS[first + len(CHECK) :]}, "doors")
    number = intruder.open("hole", "doors")
    assert intruder.conclusion(head, number) == "success"
    head = intruder.push("hole", {"acl.py": DOORS[:last] + opened + DOORS[last + len(CHECK) :]}, "doors")
    assert intruder.conclusion(head, number) in CLOSED


def test_one_commit_in_two_pull_requests_gets_the_worse_of_both_decisions(intruder: Intruder):
    """GitHub keeps checks by commit: the harmless pull request would open the way for the other."""
    intruder.push("aside", {"tally/evil.py": "EVIL = 3\n"})
    head = intruder.push("double", {"NOTES.md": "Notes.\n"}, "aside")
    evil = intruder.open("double")
    assert intruder.conclusion(head, evil) in CLOSED
    harmless = intruder.open("double", "aside")
    assert intruder.conclusion(head, harmless) in CLOSED
    assert not intruder.merged(evil)


def test_a_change_of_the_same_text_is_let_in_once_it_is_harmless(intruder: Intruder):
    """So that the tests above do not hold because nothing is ever let in."""
    head, number = intruder.push("mended", {"tally/evil.py": "EVIL = 4\n"}), intruder.open("mended")
    assert intruder.conclusion(head, number) in CLOSED
    head = intruder.push("mended", {"tally/evil.py": "GOOD = 4\n"})
    assert intruder.conclusion(head, number) == "success"
    assert intruder.merged(number)
