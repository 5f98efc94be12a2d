"""Who pushed: what GitHub itself wrote down of each move of a branch."""

from app.forge.api import GitHub
from app.forge.errors import NotFoundError, RefusedError
from app.policy.values import Sha

_NEWEST = 100


async def read_pushers(gh: GitHub, branch: str) -> dict[Sha, frozenset[str]]:
    """By the commit that a branch of this repository was moved to: who moved it there, of the newest hundred moves.

    Empty where GitHub does not tell: older Enterprise Servers do not, and a deleted account is nobody.
    https://docs.github.com/en/rest/repos/repos#list-repository-activities
    """
    try:
        moves = await gh.get("activity", ref=f"refs/heads/{branch}", per_page=_NEWEST)
    except (NotFoundError, RefusedError):
        return {}
    found: dict[Sha, frozenset[str]] = {}
    for move in moves:
        if move["actor"]:
            after = Sha(move["after"])
            found[after] = found.get(after, frozenset()) | {str(move["actor"]["login"])}
    return found
