"""The change under review, worked out from git: what it touches, its fingerprint, and what is set aside."""

from dataclasses import dataclass

from app.forge.git import changed_paths, fingerprint, merge_base
from app.forge.read import PullFacts
from app.policy.config import Policy
from app.policy.paths import is_set_aside
from app.policy.values import Repo, Sha
from app.wiring import Services
from app.workflows.ground import Ground


@dataclass(frozen=True)
class Change:
    """`base` is the merge base of the base branch's newest commit and the head."""

    head: Sha
    base: Sha
    fingerprint: str
    files: tuple[str, ...]
    set_aside: tuple[str, ...]


async def read_change(services: Services, repo: Repo, pull: PullFacts, ground: Ground, policy: Policy) -> Change:
    """Fetch the pull request's head into the mirror and describe its difference from the base branch."""
    fetched = await services.mirrors.fetch(repo, f"refs/pull/{pull.number}/head")
    mirror = services.mirrors.path(repo)
    base = await merge_base(mirror, ground.base_sha, fetched)
    files = await changed_paths(mirror, base, fetched)
    return Change(
        head=fetched,
        base=base,
        fingerprint=await fingerprint(mirror, base, fetched),
        files=tuple(files),
        set_aside=tuple(path for path in files if is_set_aside(path, policy.set_aside)),
    )
