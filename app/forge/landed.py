"""Which pull request a commit on a branch came from, as GitHub has it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from app.forge.api import GitHub
from app.forge.errors import NotFoundError, RefusedError
from app.policy.values import Sha

_PAGE = 100


@dataclass(frozen=True)
class MergedPull:
    """`head_sha` is where its branch stood when it was merged."""

    number: int
    head_sha: Sha


async def read_merged_pulls(gh: GitHub, branch: str, commits: Sequence[Sha]) -> dict[Sha, MergedPull]:
    """The pull requests that were merged into `branch` as these commits, by the last commit of each.

    The newest merges are listed first, about as many as there are commits: what GitHub knows of the pull requests of a
    commit can lag behind a merge.
    https://docs.github.com/en/rest/commits/commits#list-pull-requests-associated-with-a-commit
    """
    found: dict[Sha, MergedPull] = {}
    for page in range(1, 2 + len(commits) // _PAGE):
        closed = await _closed(gh, branch, page)
        found |= _merged_as(closed, branch, set(commits))
        if not closed or len(found) == len(commits):
            break
    for commit in commits:
        if commit not in found:
            found |= _merged_as(await _pulls_of(gh, commit), branch, {commit})
    return found


async def _closed(gh: GitHub, branch: str, page: int) -> list[Any]:
    newest = {"state": "closed", "base": branch, "sort": "updated", "direction": "desc"}
    return list(await gh.get("pulls", **newest, per_page=_PAGE, page=page))


def _merged_as(pulls: Sequence[Any], branch: str, commits: set[Sha]) -> dict[Sha, MergedPull]:
    return {
        Sha(each["merge_commit_sha"]): MergedPull(each["number"], Sha(each["head"]["sha"]))
        for each in pulls
        if each["merged_at"] and each["base"]["ref"] == branch and each["merge_commit_sha"] in commits
    }


async def _pulls_of(gh: GitHub, commit: Sha) -> list[Any]:
    """None for a commit that GitHub no longer has."""
    try:
        return [each async for each in gh.pages(f"commits/{commit}/pulls")]
    except (NotFoundError, RefusedError) as error:
        if getattr(error, "status", 422) != 422:  # noqa: PLR2004 - GitHub's "no commit found"
            raise
        return []
