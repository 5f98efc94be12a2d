"""Other open pull requests that touch the same files."""

from collections.abc import Collection
from dataclasses import dataclass

from app.forge.api import GitHub

_LOOKED_AT = 30
"""The newest ones; each costs a request."""
_PAGE = 100
_NAMED = 5


@dataclass(frozen=True)
class Neighbour:
    """`paths`: some of the files that both touch; `shared`: how many there are."""

    number: int
    paths: tuple[str, ...]
    shared: int


async def read_neighbours(gh: GitHub, base_ref: str, before: int, paths: Collection[str]) -> list[Neighbour]:
    """Of those into the same branch that were opened earlier than the one numbered `before`, newest first.

    Only the first hundred files of each are looked at.
    https://docs.github.com/en/rest/pulls/pulls#list-pull-requests-files
    """
    newest: dict[str, str | int] = {
        "state": "open",
        "base": base_ref,
        "sort": "created",
        "direction": "desc",
        "per_page": _PAGE,
    }
    numbers = [each["number"] for each in await gh.get("pulls", **newest) if each["number"] < before]
    found = [(number, await _files_of(gh, number)) for number in numbers[:_LOOKED_AT]]
    both = [(number, [path for path in files if path in paths]) for number, files in found]
    return [Neighbour(number, tuple(shared[:_NAMED]), len(shared)) for number, shared in both if shared]


async def _files_of(gh: GitHub, number: int) -> list[str]:
    """With the old names of renamed ones."""
    listed = await gh.get(f"pulls/{number}/files", per_page=_PAGE)
    names = [name for each in listed for name in (each["filename"], each.get("previous_filename")) if name]
    return list(dict.fromkeys(names))
