"""Models that answer rubbish: the run ends in a report that a person can act on, in its budget, with nothing half done.

All of it goes on at once in one Quorum: an issue for each kind of rubbish that a writer can answer, and one for each
kind that reviewers can answer to a change that an able writer has made.
"""

import asyncio
import itertools
from pathlib import Path
from typing import Any

import pytest
from starlette.responses import Response

from tests.support.models import MessagesServer, call, message, role_of, say, text_of
from tests.support.stories import Theatre

KINDS = (
    "no-tool-call", "unknown-tool", "wrong-schema", "input-no-object", "empty", "refusal", "same-again", "ever-new",
    "overload", "not-json", "silence", "spendthrift",
)  # fmt: skip
REVIEWED = ("no-tool-call", "wrong-schema", "overload", "spendthrift")
"""What reviewers answer; five ask at once, so every kind costs five times as much."""
_NUMBERS = itertools.count()


async def rubbish(kind: str, body: dict[str, Any]) -> Response:
    """In answer to any request. `silence` outlasts every timeout."""
    if kind == "silence":
        await asyncio.sleep(3600)
    if kind == "overload":
        error = b'{"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}'
        return Response(error, 529, {"retry-after": "0", "content-type": "application/json"})
    if kind == "not-json":
        return Response(b"<html>it works</html>", 200, {"content-type": "text/html"})
    first_tool, new = body["tools"][0]["name"], {"pattern": f"split{next(_NUMBERS)}"}
    calls = {
        "unknown-tool": call("launch", {"what": "missiles"}),
        "wrong-schema": call(first_tool, {"nonsense": 1}),
        "input-no-object": call(first_tool, "ls"),
        "same-again": call("search", {"pattern": "split"}),
        "ever-new": call("search", new),
        "spendthrift": call("search", new),
    }
    if kind in calls:
        usage = {"input_tokens": 10_000_000} if kind == "spendthrift" else None
        return message(calls[kind], stop="tool_use", usage=usage)
    content = {"no-tool-call": [say("I think that all is well.")], "empty": [], "refusal": [say("I would rather not.")]}
    return message(*content[kind], stop="refusal" if kind == "refusal" else "end_turn")


async def able_writer(kind: str, body: dict[str, Any]) -> Response:
    turn = sum(each["role"] == "assistant" for each in body["messages"])
    if turn == 0:
        return message(call("edit", {"path": f"NOTES-{kind}.md", "old": "", "new": "Cents.\n"}), stop="tool_use")
    title, summary = f"Write down review-{kind}.", "A note on what the issue says, and no more than that."
    return message(call("submit", {"title": title, "summary": summary}), stop="tool_use")


async def behave(body: dict[str, Any]) -> Response:
    """The kind of rubbish is named in the issue's title, `write-KIND.` or `review-KIND.`."""
    told = text_of(body)
    kind = next((each for each in KINDS if f"write-{each}." in told), None)
    if kind is not None:
        return await rubbish(kind, body)
    kind = next(each for each in KINDS if f"review-{each}." in told)
    return await (able_writer if role_of(body) == "writer" else rubbish)(kind, body)


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory):
    """The issue of each title, with what GitHub shows once every run has ended."""
    home = tmp_path_factory.mktemp("rubbish")
    with pytest.MonkeyPatch.context() as patch, MessagesServer(behave) as server:
        patch.setenv("QUORUM_DATA_DIR", str(home))
        settings = {
            "ANTHROPIC_BASE_URL": server.url,
            "ANTHROPIC_API_KEY": "sk-ant-test",
            "QUORUM_MODEL": "anthropic:claude-sonnet-5",
            "QUORUM_MODEL_TIMEOUT_S": "2",
        }
        with Theatre("anthropic:claude-sonnet-5", **settings) as theatre:
            story = theatre.set_up()
            theatre.start()
            numbers = {}
            for title in [f"write-{kind}." for kind in KINDS] + [f"review-{kind}." for kind in REVIEWED]:
                made = theatre.mona.call("POST", f"/repos/{story.repo}/issues", {"title": title, "body": "Cents."})
                numbers[title] = made["number"]
                story.label(numbers[title])
            going_on = "SELECT 1 FROM runs WHERE finished_at IS NULL"
            begun = "SELECT 1 FROM runs WHERE workflow = 'solve'"
            theatre.until("every run's beginning", lambda: len(theatre.rows(begun)) == len(numbers))
            theatre.until("every run's end", lambda: not theatre.rows(going_on), 400)
            yield theatre, numbers


def report_on(theatre: Theatre, number: int) -> str:
    return "\n".join(each["body"] for each in theatre.repository.comments.values() if each["issue"] == number)


@pytest.mark.parametrize("kind", KINDS)
def test_a_writer_that_answers_rubbish_leaves_a_report_and_nothing_else(ended, kind):
    theatre, numbers = ended
    number = numbers[f"write-{kind}."]

    assert "Quorum stopped and needs a person" in report_on(theatre, number), theatre.report()
    assert "What to do next" in report_on(theatre, number)
    assert not [name for name in branches(theatre) if f"issue-{number}-" in name]
    assert not [pull for pull in pulls(theatre) if f"issue-{number}-" in pull["pull"]["head_ref"]]


@pytest.mark.parametrize("kind", REVIEWED)
def test_reviewers_that_answer_rubbish_approve_nothing_and_leave_nothing_going_on(ended, kind):
    theatre, numbers = ended
    number = numbers[f"review-{kind}."]
    (pull,) = [pull for pull in pulls(theatre) if f"issue-{number}-" in pull["pull"]["head_ref"]]
    runs = [run for run in theatre.repository.check_runs.values() if run["head_sha"] == pull["pull"]["head_sha"]]

    assert "Quorum stopped and needs a person" in report_on(theatre, number), theatre.report()
    assert {run["status"] for run in runs} == {"completed"}
    assert "success" not in {run["conclusion"] for run in runs}
    assert len(runs) == 7  # five perspectives, the gate, and the work itself
    assert pull["pull"]["draft"]


def test_no_run_spends_more_than_its_budget_and_the_call_that_used_it_up(ended):
    theatre, _ = ended
    budget, call_cost = 5_000_000, 30_000_000 + 1000
    spent = theatre.rows("SELECT max(total) FROM (SELECT sum(cost) AS total FROM usage GROUP BY run_id)")

    # Five reviewers ask side by side, so five calls can be under way when the budget is used up.
    assert spent[0][0] <= budget + 5 * call_cost
    written = theatre.rows(
        "SELECT max(total) FROM (SELECT sum(cost) AS total FROM usage WHERE role = 'writer' GROUP BY run_id)"
    )
    assert written[0][0] <= budget + call_cost


def branches(theatre: Theatre) -> list[str]:
    return [path.name for path in Path(theatre.repository.path).glob("refs/heads/quorum/*")]


def pulls(theatre: Theatre) -> list[dict[str, Any]]:
    return [issue for issue in theatre.repository.issues.values() if issue["pull"]]
