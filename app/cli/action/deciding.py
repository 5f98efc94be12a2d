"""What is to be done for an event, and what may be. Pure.

Who opens a pull request from a fork is a stranger. Either the job holds no secret and may write nowhere
(`pull_request`), or it does and nothing of theirs may be executed in it (`pull_request_target`):
https://docs.github.com/en/actions/reference/security/securely-using-pull_request_target
"""

from collections.abc import Collection
from dataclasses import dataclass

from app.cli.action.event import Pull
from app.cli.action.inputs import Inputs

_DEPENDABOT = "dependabot[bot]"
_REVIEWED = frozenset({"pull_request", "pull_request_target"})


@dataclass(frozen=True)
class Look:
    """Review it. `executes`: whether programs may look at its files, in the sandbox.

    `unjudged`: why no model is asked; then analyzers alone look, and the job fails for nothing that they say.
    """

    executes: bool
    unjudged: str = ""


@dataclass(frozen=True)
class Nothing:
    """There is nothing to do, and `why`."""

    why: str


@dataclass(frozen=True)
class Refusal:
    """It is not done; `remedy` says what to do."""

    why: str
    remedy: str


Decision = Look | Nothing | Refusal


def unfit(event_name: str) -> Nothing | Refusal | None:
    """What is to be said of an event that tells of no pull request; None for one that does."""
    if event_name in _REVIEWED:
        return None
    if event_name == "merge_group":
        return Nothing(
            "A group of a merge queue is not reviewed again: each pull request in it was, before it was queued."
        )
    told = "Start the workflow on `pull_request`, or on `pull_request_target` to review forks as well."
    return Refusal(f"a pull request cannot be reviewed on `{event_name}`", told)


def decide(event_name: str, pull: Pull, actor: str, *, missing: str) -> Decision:
    """`actor`: who started the workflow, as the runner tells. `missing`: the variable that a model lacks, if any."""
    if pull.closed:
        return Nothing("The pull request is closed.")
    if not missing:
        # Whoever sends secrets to workflows of forks wants them read: nothing of a fork is executed beside a secret.
        return Look(executes=event_name == "pull_request" and not pull.from_fork)
    return _without_model(event_name, pull, actor, missing)


def _without_model(event_name: str, pull: Pull, actor: str, missing: str) -> Decision:
    if event_name == "pull_request_target":
        return no_model(missing)
    if pull.from_fork:
        return Look(executes=True, unjudged=_WITHOUT_SECRETS.format("a pull request from a fork"))
    if actor == _DEPENDABOT:
        return Look(executes=True, unjudged=_WITHOUT_SECRETS.format("Dependabot") + _ITS_OWN)
    return no_model(missing)


def no_model(missing: str) -> Refusal:
    """For a job that should have had what its model needs."""
    why = f"no model can be asked, as {missing} is not there"
    if missing.lower() not in Inputs.model_fields:
        return Refusal(why, f"Set {missing} under `env:` of the step.")
    given = f"{missing.lower().replace('_', '-')}: ${{{{ secrets.{missing} }}}}"
    known = "see that there is a secret of this name: one that is not there is an empty text"
    return Refusal(why, f"Hand it over under `with:`, such as `{given}`, and {known}.")


_WITHOUT_SECRETS = (
    "GitHub gives a workflow for {} no secrets, so that no model could be asked and **nobody judged this change**: "
    "only analyzers looked at it. A person who may write here can review it, or the workflow can start on "
    "`pull_request_target` (docs/action.md says what to mind then)."
)
_ITS_OWN = " Dependabot has secrets of its own, in the repository's settings; put the key there as well."


def refuse_checkout(pull: Pull, commits: Collection[str]) -> Refusal | None:
    """Of `pull_request_target`: `commits` lie checked out, or are what a checked out merge was made of.

    A job with secrets that holds a stranger's files is one step away from executing them.
    """
    if not pull.from_fork or pull.head not in commits:
        return None
    return Refusal(
        f"this job holds secrets (`pull_request_target`), and the fork's commit {pull.head[:12]} is checked out in it",
        "Take the `ref:` out of the checkout, or the checkout as a whole: Quorum fetches what it reads by itself, and "
        "executes none of it.",
    )
