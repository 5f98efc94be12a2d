"""Refs move through here: what a branch demands is asked first, and everybody is told afterwards."""

from app.emulator import git
from app.emulator.http import GitHubError
from app.emulator.pushes import NOTHING, after_push
from app.emulator.render import page_of
from app.emulator.rules import Change, Violations, violations
from app.emulator.state import Actor, Repository, World

_HEADS = "refs/heads/"
_READ_ONLY = f"{_HEADS}gh-readonly-queue/"


async def move_ref(world: World, repository: Repository, actor: Actor, ref: str, before: str, after: str) -> None:
    """As the REST API does; to be called with the repository's lock held. Raises `GitHubError`."""
    forced = NOTHING not in {before, after} and not await git.is_ancestor(repository.path, before, after)
    refused = refusal(repository, actor, ref, before, after, forced=forced)
    if refused is not None:
        raise GitHubError(422, in_answer(refused))
    if after == NOTHING:
        await git.run_git(repository.path, "update-ref", "-d", ref, before)
    else:
        await git.run_git(repository.path, "update-ref", ref, after, before)
    if ref.startswith(_HEADS):
        await after_push(world, repository, actor, ref, before, after)


def refusal(
    repository: Repository, actor: Actor, ref: str, before: str, after: str, *, forced: bool
) -> Violations | None:
    """Why a ref may not be moved without a pull request."""
    if not ref.startswith(_HEADS):
        return None
    if ref.startswith(_READ_ONLY):
        return Violations(("Cannot update this protected ref.",), ruleset=False)
    kind = "create" if before == NOTHING else "delete" if after == NOTHING else "update"
    change = Change(kind, ref.removeprefix(_HEADS), after, forced)  # type: ignore[arg-type]
    return violations(repository, actor, change)


def in_answer(refused: Violations) -> str:
    """As the REST API says it."""
    if not refused.ruleset:
        return refused.texts[0]
    return "Repository rule violations found\n\n" + "".join(f"{text}\n\n" for text in refused.texts)


def on_push(world: World, repository: Repository, ref: str, refused: Violations) -> tuple[str, str]:
    """What git shows to who pushes: the lines after `remote:`, and the reason beside the ref.

    https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository
    """
    if not refused.ruleset:
        texts = "".join(f"error: {text}\n" for text in refused.texts)
        return f"error: GH006: Protected branch update failed for {ref}.\n{texts}", "protected branch hook declined"
    where = f"{page_of(world, repository)}/rules?ref={ref.replace('/', '%2F')}"
    head = f"error: GH013: Repository rule violations found for {ref}.\nReview all repository rules at {where}\n\n"
    texts = "".join(f"- {text}\n\n" for text in refused.texts)
    return head + texts, "push declined due to repository rule violations"
