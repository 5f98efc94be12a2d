"""What GitHub's dependency graph knows of the packages that a change adds and takes away."""

import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from app.forge.api import GitHub
from app.forge.errors import ForgeError
from app.policy.dependencies import Advisory, PackageChange, Packages, gravity
from app.policy.finding import MOST_OF_A_PATH
from app.policy.values import Sha

_MOST_KEPT, _MOST_KNOWN = 250, 5
"""So many of the longest fit into a step of the journal."""
_ID = re.compile(r"GHSA(?:-[23456789cfghjmpqrvwx]{4}){3}")
"""https://github.com/github/advisory-database#ghsa-ids"""


def _one_line(value: object) -> object:
    """Without signs that nobody sees, or that no finding and no database takes."""
    if not isinstance(value, str):
        return value
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in " ".join(value.split())[:200])


Words = Annotated[str, BeforeValidator(_one_line)]


class _Vulnerability(BaseModel):
    model_config = ConfigDict(extra="ignore")

    severity: Words
    advisory_ghsa_id: Words
    advisory_summary: Words


class _Item(BaseModel):
    model_config = ConfigDict(extra="ignore", populate_by_name=True)

    change_type: Literal["added", "removed"]
    manifest: str
    ecosystem: Words
    name: Words
    version: Words
    licence: Words | None = Field(default=None, alias="license")
    scope: Words = "unknown"
    vulnerabilities: list[_Vulnerability] = Field(default_factory=list)


async def read_packages(gh: GitHub, base: Sha, head: Sha) -> Packages:
    """What changes between two commits, by one request. Without an answer, whatever the reason, nothing is known.

    403: the repository has no dependency graph, or it is a fork; 404: an Enterprise Server without it.
    https://docs.github.com/en/rest/dependency-graph/dependency-review#get-a-diff-of-the-dependencies-between-commits
    """
    try:
        return parse_packages(await gh.get(f"dependency-graph/compare/{base}...{head}"))
    except ForgeError:
        return Packages()


def parse_packages(answer: Any) -> Packages:
    """Pure. What cannot be parsed is no data, and takes none from the rest: it stems from what an author wrote.

    Of very many the gravest are kept first, and the others counted.
    """
    given = answer if isinstance(answer, list) else None
    found = [_change(item) for item in map(_item, given or ()) if item is not None]
    if given is None or (given and not found):
        return Packages()
    kept = sorted(found, key=_rank)[:_MOST_KEPT]
    return Packages(tuple(kept), len(given) - len(kept))


def _item(told: Any) -> _Item | None:
    try:
        return _Item.model_validate(told)
    except ValidationError:
        return None


def _rank(change: PackageChange) -> tuple[bool, int, bool]:
    """Who chooses many packages with small flaws must not choose that a grave one is left out."""
    gravest = min(map(gravity, change.advisories), default=0)
    return not change.advisories, gravest, not change.added


def _change(item: _Item) -> PackageChange:
    known = (
        Advisory(each.advisory_ghsa_id, each.severity.lower(), each.advisory_summary)
        for each in item.vulnerabilities
        if _ID.fullmatch(each.advisory_ghsa_id)
    )
    return PackageChange(
        added=item.change_type == "added",
        manifest=item.manifest[:MOST_OF_A_PATH],
        ecosystem=item.ecosystem,
        name=item.name,
        version=item.version,
        licence=item.licence or "",
        scope=item.scope,
        advisories=tuple(sorted(known, key=gravity)[:_MOST_KNOWN]),
    )
