"""An agent that ended without handing in: what that means, and what a person can do about it. Pure."""

from collections.abc import Mapping

from app.agents.loop import AgentOutcome, Ended
from app.workflows.errors import NeedsPersonError
from app.workflows.task import Task

_SMALLER = "Split it into smaller issues, or say in it where to look and what is wanted; then {again}."
_ANOTHER_MODEL = (
    "Then {again}: models do not always do the same. If it happens again, whoever runs Quorum should try another "
    "model (`QUORUM_MODEL`)."
)
_TOLD: Mapping[Ended, tuple[str, str]] = {
    "turns": ("The agent used up its turns on {issue} without handing anything in", _SMALLER),
    "time": (
        "The time for {issue} is used up",
        "Raise `max_minutes` in `.github/quorum.yml`, or split it into smaller issues; then {again}.",
    ),
    "budget": (
        "The money for {issue} is used up",
        "Raise `budget_usd` in `.github/quorum.yml`, or split it into smaller issues; then {again}.",
    ),
    "stalled": ("The agent got nowhere with {issue}", _SMALLER),
    "loop": ("The agent went round in circles on {issue}", _SMALLER),
    "no_tool_call": ("The model stopped working on {issue} without handing anything in", _ANOTHER_MODEL),
    "malformed": ("The model did not manage to use its tools on {issue}", _ANOTHER_MODEL),
    "refused": (
        "The model refused to work on {issue}",
        "Say in the issue what it is for if it can be misunderstood, then {again}; or make the change by hand.",
    ),
    "model_error": (
        "The model could not be asked about {issue}",
        "Whoever runs Quorum should look at the provider's key, the model's name and its state; then {again}.",
    ),
}
_AGAIN = {
    "solve": "take the label `quorum` off issue #{number} and set it again",
    "part": "take the label `quorum` off the issue that #{number} is a part of and set it again",
    "amend": "say in a review of the pull request for issue #{number} what is to be done",
    "mend": "press *Fix it* again in the pull request for issue #{number}",
    "remedy": "press *Fix it* again in pull request #{number}",
}


def ended_without(outcome: AgentOutcome, task: Task, workflow: str, left: str | None = None) -> NeedsPersonError:
    """To be raised. `workflow`: which kind of run it is, as that says how it is begun again. `left`: what is there."""
    known = _TOLD.get(outcome.ended, _TOLD["no_tool_call"])
    number = task.issue.number
    again = _AGAIN.get(workflow, _AGAIN["solve"]).format(number=number)
    reason = f"{known[0].format(issue=f'issue #{number}')}: {outcome.reason.rstrip('.')}."
    return NeedsPersonError(f"{reason} {left}" if left else reason, known[1].format(again=again))
