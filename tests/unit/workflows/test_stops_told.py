"""Every stop says what happened, to which object, and what a person can do next."""

import ast
import importlib
import typing
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

import app.workflows
from app.agents.loop import AgentOutcome, Ended
from app.forge.answers import error_for
from app.forge.errors import NotFoundError, RateLimitedError, RefusedError, UnknownOutcomeError
from app.policy.config import parse_policy
from app.policy.errors import PolicyError
from app.policy.values import MicroUsd, Repo
from app.runs.errors import RunEndingError
from app.sandbox.errors import SandboxAwayError, SandboxUnavailableError, WorktreeError
from app.workflows.agent_endings import ended_without
from app.workflows.errors import NeedsPersonError, split_reason
from app.workflows.refusals import needs_person, told_to_people

REPO = Repo(1, 7, "mona", "sample")
AGAIN = "take the label `quorum` off and set it again"
GONE = "There is at least one repository that does not exist or is not accessible to the parent installation."
ASKED_AGAIN = [("solve", "set it again"), ("mend", "press *Fix it* again"), ("amend", "in a review")]
TASK = SimpleNamespace(issue=SimpleNamespace(number=12))
FOLDER = Path(app.workflows.__file__).parent
SHORTEST = 20
"""Characters: less is no advice."""


def raised() -> Iterator[tuple[str, ast.Call, object]]:
    """Every place in the workflows that stops for a person, with its module."""
    for path in sorted(FOLDER.glob("*.py")):
        source = path.read_text(encoding="utf-8")
        if "NeedsPersonError(" not in source:
            continue  # parsing takes most of the time
        module = importlib.import_module(f"app.workflows.{path.stem}")
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "NeedsPersonError":
                yield f"{path.name}:{node.lineno}", node, module


PLACES = list(raised())


def words(node: ast.expr, module: object) -> str | None:
    """What the argument says, with `…` where a value stands; None where only running it can tell."""
    if isinstance(node, ast.Name):
        found = getattr(module, node.id, None)
        return found if isinstance(found, str) else None
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in node.values)
    return None


def test_the_walk_sees_the_stops():
    assert len(PLACES) >= 10


@pytest.mark.parametrize(("node", "module"), [each[1:] for each in PLACES], ids=[each[0] for each in PLACES])
def test_a_stop_names_its_object_and_a_next_step(node, module):
    reason, remedy = node.args
    told, advice = words(reason, module), words(remedy, module)
    assert told is None or "…" in told, "it names nothing: of which issue, branch or file is it told?"
    if advice is not None and not advice.endswith("…"):
        assert advice.endswith((".", ".)"))
        assert len(advice) >= SHORTEST
        assert advice[0].isupper() or advice[0] == "…"


@pytest.mark.parametrize("ended", [each for each in typing.get_args(Ended) if each != "submitted"])
@pytest.mark.parametrize(("workflow", "again"), ASKED_AGAIN)
def test_an_agent_that_does_not_get_there_tells_what_to_do(ended, workflow, again):
    outcome = AgentOutcome(ended, None, 3, MicroUsd(0), "m", "it went so.")
    told, remedy = split_reason(str(ended_without(outcome, TASK, workflow)))
    assert "issue #12" in told
    assert told.endswith(": it went so.")
    assert again in remedy
    assert remedy.endswith(".")


def test_what_is_left_of_the_work_is_told_with_the_reason():
    outcome = AgentOutcome("budget", None, 3, MicroUsd(0), "m", "the budget of $5.00 is used up")
    told, remedy = split_reason(str(ended_without(outcome, TASK, "solve", "It is on the branch `b`.")))
    assert told.startswith("The money for issue #12 is used up: the budget of $5.00")
    assert told.endswith("It is on the branch `b`.")
    assert "`budget_usd`" in remedy


def policy_error() -> PolicyError:
    with pytest.raises(PolicyError) as caught:
        parse_policy("budget_usd: many")
    return caught.value


def answered(status: int, message: str = "") -> Exception:
    return error_for("POST pulls", status, {}, message)


@pytest.mark.parametrize(
    ("error", "told", "todo"),
    [
        (
            NotFoundError("the App is not installed as 12; install it"),
            "may no longer enter mona/sample",
            "install the App",
        ),
        (answered(422, GONE), "may no longer enter mona/sample", "If the repository was deleted"),
        (answered(404), "is gone: POST pulls: not found", "renamed"),
        (answered(410), "is gone", "renamed"),
        (answered(301), "it was moved to another place", "deleted or moved"),
        (NotFoundError("main of mona/sample could not be fetched: it is not there"), "main of mona/sample", "renamed"),
        (answered(403, "Resource not accessible by integration"), "does not let Quorum", "grant the permissions"),
        (answered(403, "Resource not accessible by integration"), "does not let Quorum", "the `permissions` that docs"),
        (
            answered(403, "GitHub Actions is not permitted to create or approve pull requests."),
            "may open no pull request",
            "*Settings → Actions → General → Workflow permissions*",
        ),
        (answered(422, "The permissions requested are not granted to this installation."), "does not let", "grant"),
        (RefusedError("b could not be pushed: declined", 403), "does not let Quorum do this", "ruleset"),
        (RefusedError("b could not be pushed: somebody else has pushed", 409), "Somebody else", "Look at the branch"),
        (answered(422, "Validation Failed: base is invalid"), "refused what Quorum asked for", "the same name"),
        (answered(451), "GitHub has closed mona/sample", "support"),
        (policy_error(), "The policy of mona/sample cannot be used: line 1", "Mend `.github/quorum.yml`"),
        (SandboxUnavailableError("no bwrap", "Install it."), "Nothing can be run for mona/sample", "quorum doctor"),
        (WorktreeError("big.bin is larger than 50 bytes; remove it"), "big.bin is larger", "make this part by hand"),
    ],
)
def test_what_github_or_the_machine_refuses_is_told_with_what_to_do(error, told, todo):
    needed = needs_person(error, REPO, AGAIN)
    assert needed is not None
    assert told in needed.reason
    assert "mona/sample" in needed.reason
    assert todo in needed.remedy
    assert ".." not in needed.reason


@pytest.mark.parametrize(
    "error",
    [
        UnknownOutcomeError("502"),
        answered(502),
        answered(403, "This installation has been suspended"),
        RateLimitedError("wait", 1.0),
        answered(429),
        SandboxAwayError("no socket", "Start it."),
        ZeroDivisionError("x"),
    ],
)
def test_what_passes_by_itself_or_is_not_known_is_left_to_the_run(error):
    assert needs_person(error, REPO, AGAIN) is None
    with pytest.raises(type(error)) as caught, told_to_people(SimpleNamespace(repo=REPO, workflow="solve")):  # type: ignore[arg-type]
        raise error
    assert caught.value is error


@pytest.mark.parametrize(("workflow", "again"), ASKED_AGAIN)
def test_the_way_to_ask_again_is_that_of_the_work(workflow, again):
    with (
        pytest.raises(NeedsPersonError, match=r"POST pulls") as caught,
        told_to_people(
            SimpleNamespace(repo=REPO, workflow=workflow)  # type: ignore[arg-type]
        ),
    ):
        raise answered(404)
    assert again in caught.value.remedy


def test_a_run_that_is_told_to_end_ends_as_it_was_told():
    with pytest.raises(RunEndingError), told_to_people(SimpleNamespace(repo=REPO, workflow="solve")):  # type: ignore[arg-type]
        raise RunEndingError("cancelled", "the issue was closed")


def test_what_one_of_several_agents_met_is_told_as_well_unless_another_met_something_else():
    missing, run = SandboxUnavailableError("no user namespaces", "Do it."), SimpleNamespace(repo=REPO, workflow="solve")
    with pytest.raises(NeedsPersonError, match="no user namespaces"), told_to_people(run):  # type: ignore[arg-type]
        raise ExceptionGroup("side by side", [ExceptionGroup("within", [missing])])
    with pytest.raises(ExceptionGroup), told_to_people(run):  # type: ignore[arg-type]
        raise ExceptionGroup("side by side", [missing, RunEndingError("cancelled", "the issue was closed")])
