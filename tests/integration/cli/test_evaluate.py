"""`quorum evaluate` with a scripted model: the figures, and that nobody is asked twice."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner, Result

from app.cli import app
from app.sandbox.box import Box

PERSPECTIVES = ("security", "performance", "architecture", "testing", "documentation")
OLD = "def share(total, parts):\n    return total // parts\n"
NEW = "def share(total, parts):\n    if parts == 0:\n        return total\n    return total // parts\n"
CLEAN = {"title": "Share it", "description": "So be it.", "language": "python", "note": "It is right."}
DEFECT = {
    "path": "share.py",
    "quote": "        return total",
    "perspective": "testing",
    "category": "wrong result",
    "wrong": "Nobody gets anything.",
    "input": "share(6, 0)",
    "expected": "an error",
    "instead": "6",
}
PLANTED = {**{key: CLEAN[key] for key in ("title", "description", "language")}, "defects": [DEFECT]}

Run = Callable[..., Result]


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    for name, about in (("plain", CLEAN), ("shares", {**PLANTED, "title": "Share nothing"})):
        for side, text in (("before", OLD), ("after", NEW)):
            (tmp_path / "corpus" / name / side).mkdir(parents=True)
            (tmp_path / "corpus" / name / side / "share.py").write_text(text)
        (tmp_path / "corpus" / name / "case.yaml").write_text(yaml.safe_dump(about))
    return tmp_path / "corpus"


def finding(severity: str, quote: str) -> dict[str, Any]:
    where = {"path": "share.py", "start_line": 1, "end_line": 1, "quote": quote}
    return {"severity": severity, "category": "wrong result", "claim": "Nobody gets it.", **where}


def report(*found: dict[str, Any]) -> list[dict[str, Any]]:
    blocks = any(each["severity"] == "major" for each in found)
    told = {"verdict": "block" if blocks else "approve", "confidence": 0.9, "summary": "Read.", "findings": list(found)}
    return [{"tools": [{"name": "report", "input": told}]}]


def conversations(*special: tuple[str, str, list[dict[str, Any]]]) -> list[dict[str, Any]]:
    """`special`: role, a text of the opening, replies; everybody else has nothing to say."""
    quiet = [{"role": f"reviewer:{name}", "replies": report()} for name in PERSPECTIVES]
    judge = [{"tools": [{"name": "judge", "input": {"verdict": "upheld", "reason": "I ran it and saw it."}}]}]
    told = [{"role": role, "when": when, "replies": replies} for role, when, replies in special]
    return [*told, *quiet, {"role": "challenger", "replies": judge}]


@pytest.fixture
def run(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    async def shown_elsewhere(box: Box) -> None:
        """That the sandbox holds takes seconds to show, and has tests of its own."""

    monkeypatch.setenv("QUORUM_DATA_DIR", str(corpus.parent / "data"))
    monkeypatch.setattr("app.wiring.require", shown_elsewhere)
    script = corpus.parent / "script.yaml"

    def call(*args: str, says: list[dict[str, Any]] | None = None) -> Result:
        script.unlink(missing_ok=True)
        if says is not None:
            script.write_text(yaml.safe_dump({"label": "evaluation", "conversations": says}))
        return CliRunner().invoke(app, ["evaluate", str(corpus), "--model", f"scripted:{script}", *args])

    return call


SEEN = conversations(
    ("reviewer:testing", "Share nothing", report(finding("major", "        return total"))),
    ("reviewer:security", "Share it", report(finding("minor", "    if parts == 0:"))),
)


def figures(result: Result) -> dict[str, Any]:
    assert result.exit_code == 0, (result.output, result.exception)
    return json.loads(result.stdout)


def test_what_was_found_missed_and_a_false_alarm_is_counted(run: Run):
    told = figures(run("--format", "json", says=SEEN))
    everything = told["in_all"]
    counted = [everything[name] for name in ("found", "missed", "false_alarms", "precision", "recall")]
    assert counted == [1, 0, 1, 0.5, 1.0]
    assert told["perspectives"]["testing"]["recall"] == 1.0
    assert told["perspectives"]["security"]["precision"] == 0.0
    assert told["clean"] == {"cases": 1, "quiet": 0}
    assert told["false_alarms"] == ["plain: share.py:2: security, minor: Nobody gets it."]


def test_each_is_asked_once_a_case_and_what_would_block_is_challenged(run: Run):
    told = figures(run("--format", "json", says=SEEN))["perspectives"]
    assert {name: told[name]["calls"] for name in PERSPECTIVES} == dict.fromkeys(PERSPECTIVES, 2)
    assert told["challenger"]["calls"] == 1
    assert all(told[name]["tokens"]["input"] > 0 for name in PERSPECTIVES)


def test_a_finding_that_the_challenge_refutes_is_not_published(run: Run):
    judge = [{"tools": [{"name": "judge", "input": {"verdict": "refuted", "reason": "It cannot be zero."}}]}]
    told = figures(run("--format", "json", says=[{"role": "challenger", "replies": judge}, *SEEN]))
    assert (told["in_all"]["found"], told["in_all"]["missed"]) == (0, 1)
    assert told["missed"] == ["shares: share.py:3: testing, wrong result"]


PROOF = {"command": "python3 -c 'from share import share; print(\"got\", share(6, 0))'", "expect": "got 6"}


def test_a_proof_and_what_came_of_it_are_kept(run: Run, tmp_path: Path):
    out = tmp_path / "results.json"
    upheld = {"verdict": "upheld", "reason": "It is given everything.", "proof": PROOF}
    judge = [{"tools": [{"name": "judge", "input": upheld}]}]
    figures(run("--format", "json", "--out", str(out), says=[{"role": "challenger", "replies": judge}, *SEEN]))
    said = {each["name"]: each["published"] for each in json.loads(out.read_text())["results"]}
    (shown,) = said["shares"]
    assert shown["proof"]["command"] == PROOF["command"]
    assert shown["ran"] == {"shown": True, "why": "", "exit_code": 0, "output": "got 6"}
    assert said["plain"][0]["proof"] is None


def test_what_is_said_again_as_another_kind_is_told_to_be_looked_at(run: Run):
    """What stands beside a planted fault may be one that nobody planted."""
    more = [finding("minor", "    if parts == 0:") | {"category": name} for name in ("slow code", "off by one")]
    told = conversations(
        ("reviewer:testing", "Share nothing", report(finding("major", "        return total"))),
        ("reviewer:documentation", "Share nothing", report(*more)),
    )
    kinds = figures(run("--format", "json", says=told))["other_kinds"]
    assert kinds == ["shares: share.py:2: documentation, slow code, beside wrong result: Nobody gets it."]
    assert "of another kind than what was found there" in run(says=told).stdout


def test_who_reviews_reads_the_tree_in_the_sandbox_and_nothing_else_of_the_case(run: Run):
    reads = {"tools": [{"name": "read_file", "input": {"path": "share.py"}}]}
    looks = {"tools": [{"name": "bash", "input": {"command": "ls -a; ls .."}}]}
    judge = {"tools": [{"name": "judge", "input": {"verdict": "refuted", "reason": "There is no case here."}}]}
    reviewer = [reads, {**report(finding("major", "        return total"))[0], "expect": ["    return total // parts"]}]
    challenger = [looks, {**judge, "expect": [".\n..\nshare.py\n"]}]
    told = conversations(("challenger", "", challenger), ("reviewer:testing", "Share nothing", reviewer))
    result = figures(run("--format", "json", says=told))
    assert result["silent"] == []
    assert result["perspectives"]["challenger"]["calls"] == 2
    assert result["missed"] == ["shares: share.py:3: testing, wrong result"], "the challenge saw what it expected"


def test_cases_that_are_kept_are_not_heard_again(run: Run, tmp_path: Path):
    out = tmp_path / "results.json"
    first = figures(run("--format", "json", "--out", str(out), says=SEEN))
    assert figures(run("--format", "json", "--out", str(out))) == first, "there is nobody left to ask"


def test_a_case_that_was_changed_is_heard_again_and_no_other(run: Run, corpus: Path, tmp_path: Path):
    out = tmp_path / "results.json"
    run("--out", str(out), says=SEEN)
    (corpus / "plain" / "after" / "share.py").write_text(NEW.replace("== 0", "< 1"))
    again = run("--format", "json", "--out", str(out), says=conversations())
    assert again.stderr == "1/1 plain\n"
    assert figures(again)["in_all"]["false_alarms"] == 0
    assert figures(again)["in_all"]["found"] == 1


def test_who_gives_no_answer_is_told_and_asked_again(run: Run, tmp_path: Path):
    out = tmp_path / "results.json"
    mute = conversations(("reviewer:testing", "Share nothing", [{"text": "No.", "stop": "refusal"}]))
    first = figures(run("--format", "json", "--out", str(out), says=mute))
    assert first["silent"] == ["shares: testing: refused: the model refused: No."]
    second = figures(run("--format", "json", "--out", str(out), says=SEEN))
    assert (second["silent"], second["in_all"]["found"]) == ([], 1)


def test_of_one_perspective_only_its_own_defects_can_be_missed(run: Run):
    told = figures(run("--format", "json", "--perspective", "performance", says=conversations()))
    assert set(told["perspectives"]) == {"performance"}
    assert told["in_all"]["missed"] == 0
    missed = figures(run("--format", "json", "--perspective", "testing", says=conversations()))
    assert missed["in_all"]["missed"] == 1


def test_cases_can_be_named_from_the_folder_where_one_is(run: Run, corpus: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(corpus.parent)
    script = corpus.parent / "script.yaml"
    run(says=SEEN)
    told = CliRunner().invoke(app, ["evaluate", "corpus/shares", "--model", f"scripted:{script}", "--format", "json"])
    assert figures(told)["cases"] == 1


def test_people_get_a_table_and_what_to_look_at(run: Run):
    told = run(says=SEEN).stdout
    assert "in all" in told
    assert "cases: 2, in " in told
    assert "clean ones: 1, of which 0 passed without a word." in told
    assert "plain: share.py:2: security, minor: Nobody gets it." in told


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["--perspective", "colour"], "there is no perspective 'colour'"),
        (["/nowhere"], "there is no case here"),
    ],
)
def test_mistakes_are_told_before_anybody_is_asked(run: Run, args: list[str], told: str):
    result = run(*args)
    assert result.exit_code == 1
    assert told in f"{result.output}{result.exception}"
