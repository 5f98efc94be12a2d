"""What GitHub's refusals mean for the work on an issue, and what a person can do about each. Pure.

Trouble that passes (limits, 5xx, a suspended installation) is none of these: the run waits and tries again.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from app.forge.errors import ForgeError, NotFoundError, RefusedError
from app.policy.config import POLICY_PATH
from app.policy.errors import PolicyError
from app.policy.values import Repo
from app.runs.run import Run
from app.sandbox.errors import SandboxAwayError, SandboxUnavailableError, WorktreeError
from app.workflows.errors import NeedsPersonError

_FORBIDDEN, _CONFLICT, _LEGAL, _UNPROCESSABLE = 403, 409, 451, 422
WHERE_IT_MAY = suppress(NotFoundError, RefusedError)
"""For the last words of a run: where GitHub takes none any more, it ends all the same, with its reason on record."""

_KEPT_OUT = "repository that does not exist or is not accessible"
"""Of a repository that was deleted, or is no longer among those that the installation was given:
https://docs.github.com/en/rest/apps/apps#create-an-installation-access-token-for-an-app
"""
_NO_PULLS = "GitHub Actions is not permitted to create or approve pull requests"
"""https://github.blog/changelog/2022-05-03-github-actions-prevent-github-actions-from-creating-and-approving-pull-requests/."""
_TOLD = (ForgeError, PolicyError, SandboxUnavailableError, WorktreeError)
_ASK_AGAIN = {
    "amend": "say in a review what is to be done",
    "part": "take the label `quorum` off the large issue and set it again",
    **dict.fromkeys(("mend", "remedy"), "press *Fix it* again"),
}
_LABEL_AGAIN = "take the label `quorum` off and set it again"


@contextmanager
def told_to_people(run: Run) -> Iterator[None]:
    """Let errors that only a person can do something about leave as `NeedsPersonError`, and others as they are."""
    try:
        yield
    except (*_TOLD, ExceptionGroup) as broken:
        error = _of_group(broken) if isinstance(broken, ExceptionGroup) else broken
        if error is None:
            raise
        needed = needs_person(error, run.repo, _ASK_AGAIN.get(run.workflow, _LABEL_AGAIN))
        if needed is None:
            raise
        raise needed from error


def leaves_its_branch(reason: str) -> bool:
    """Whether a person opens the pull request that GitHub will not let us open."""
    return _NO_PULLS in reason


def _of_group(group: ExceptionGroup[Exception]) -> Exception | None:
    """Of agents that work side by side: what one of them met; None where another's news comes first, or is unknown."""
    known, rest = group.split(_TOLD)
    if known is None or rest is not None:
        return None
    found: Exception = known
    while isinstance(found, ExceptionGroup):
        found = found.exceptions[0]
    return found


def needs_person(error: Exception, repo: Repo, again: str) -> NeedsPersonError | None:
    """None for what passes by itself or is not known. `again`: how the work is asked for anew."""
    told = str(error).rstrip(".")
    if isinstance(error, NotFoundError) or _KEPT_OUT in told:
        return _not_there(told, repo, again)
    if isinstance(error, RefusedError):
        return _refused(told, error.status, repo, again)
    return _not_usable(error, told, repo, again)


def _not_usable(error: Exception, told: str, repo: Repo, again: str) -> NeedsPersonError | None:
    """What is wrong on our side of the wire."""
    if isinstance(error, SandboxAwayError):
        return None
    if isinstance(error, PolicyError):
        return NeedsPersonError(
            f"The policy of {repo.full_name} cannot be used: {told}.",
            f"Mend `{POLICY_PATH}` on the base branch (`quorum config check` tells where it is wrong); then {again}.",
        )
    if isinstance(error, SandboxUnavailableError):
        return NeedsPersonError(
            f"Nothing can be run for {repo.full_name}: {told}.",
            f"Whoever runs Quorum should run `quorum doctor` on the worker and do what it says; then {again}.",
        )
    if isinstance(error, WorktreeError):
        return NeedsPersonError(
            f"The files of the change to {repo.full_name} cannot be kept: {told}.",
            f"Say in the issue that such files are not wanted, or make this part by hand; then {again}.",
        )
    return None


def _not_there(told: str, repo: Repo, again: str) -> NeedsPersonError:
    if "not installed" in told or _KEPT_OUT in told:
        return NeedsPersonError(
            f"Quorum may no longer enter {repo.full_name}: {told}.",
            "If the repository was deleted, nothing is to be done. Else install the App there again, or select the "
            f"repository in its settings; then {again}.",
        )
    return NeedsPersonError(
        f"Something that the work on {repo.full_name} needs is gone: {told}.",
        "If the repository or the issue was deleted or moved, nothing is to be done. If a branch was renamed or "
        f"deleted, make sure that the default branch is the one that is meant; then {again}.",
    )


def _refused(told: str, status: int, repo: Repo, again: str) -> NeedsPersonError:
    """https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api."""
    if status == _LEGAL:
        return NeedsPersonError(f"GitHub has closed {repo.full_name}: {told}.", "Talk to GitHub's support.")
    if status == _CONFLICT:
        return NeedsPersonError(
            f"Somebody else has changed what Quorum works on in {repo.full_name}: {told}.",
            f"Look at the branch; keep what is on it or delete it. Then {again}.",
        )
    if _NO_PULLS in told:
        return NeedsPersonError(
            f"The jobs of {repo.full_name} may open no pull request: {told}.",
            "The work is done, and lies on the newest branch named `quorum/…`: open a pull request for it by hand. "
            "Whoever administers the repository allows that to jobs under *Settings → Actions → General → Workflow "
            f"permissions*, or gives the Action a `github-token` of an App; to have it done anew after that, {again}.",
        )
    if status == _FORBIDDEN or "not granted" in told or "not accessible" in told:
        return NeedsPersonError(
            f"GitHub does not let Quorum do this in {repo.full_name}: {told}.",
            "An owner should look at the App under *Settings → GitHub Apps*: grant the permissions that it asks for, "
            "and see whether a ruleset keeps it from pushing branches named `quorum/…`. In a job of a workflow, see "
            f"that it has the `permissions` that docs/action.md names. Then {again}.",
        )
    return NeedsPersonError(
        f"GitHub refused what Quorum asked for in {repo.full_name}: {told}.",
        "Look whether the branch that the work goes into still has the same name and takes pull requests; "
        f"then {again}.",
    )
