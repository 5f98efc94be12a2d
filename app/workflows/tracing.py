"""From a commit back to what was approved before: the landings that it consists of, as facts for a decision."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.forge.git import changed_paths, has_commit, is_replay, show, tree_of
from app.forge.history import is_ancestor
from app.forge.own_files import read_own_files
from app.policy.config import POLICY_PATH, Policy, makes_policy, parse_policy
from app.policy.deployment_facts import LandingFact, Origin
from app.policy.errors import PolicyError
from app.policy.stricter import asks_more
from app.policy.values import Repo, Sha
from app.store.landings import Landing, baselines, landing_at
from app.wiring import Services
from app.workflows.deciding import policy_hash

_MOST = 500
"""Landings between two deployments; where there are more, nothing is known of the first of them."""
_UNDOING = 20
"""Landings without an approval for which it is worked out whether they were taken back."""


@dataclass(frozen=True)
class Trace:
    """Landings oldest first, ending at the commit; they begin behind `origin_sha`."""

    landings: tuple[LandingFact, ...]
    origin: Origin
    origin_sha: Sha


async def trace(
    services: Services, repo: Repo, branches: Sequence[str], sha: Sha, let_in: Iterable[Sha], policy: Policy
) -> Trace:
    """Walk back from `sha` to a commit that was let in before, or to where the record of these branches begins."""
    stops, found, at = frozenset(let_in), list[Landing](), sha
    origin: Origin | None = None
    async with services.database.connect() as db:
        begins = await baselines(db, repo.id, branches)
        while origin is None and len(found) < _MOST:
            landing = None if at in stops else await landing_at(db, repo.id, branches, at)
            if at in stops:
                origin = "deployed"
            elif landing is None or landing.is_baseline:
                break
            else:
                found.append(landing)
                at = landing.before_sha
    mirror = services.mirrors.path(repo)
    if origin is None:
        known = len(found) < _MOST and await _is_before(mirror, at, begins)
        origin = "baseline" if known else "gap"
    found.reverse()
    return Trace(tuple(await _facts(mirror, found, policy)), origin, at)


async def _is_before(mirror: Path, sha: Sha, begins: Sequence[Sha]) -> bool:
    """Whether a commit stood on the branch when its record began."""
    for begin in begins:
        if await is_ancestor(mirror, sha, begin):
            return True
    return False


async def _facts(mirror: Path, found: Sequence[Landing], policy: Policy) -> list[LandingFact]:
    policies = _Policies(mirror, policy)
    undone, idle = await _undone(mirror, found), await _without_effect(mirror, found)
    return [
        _fact(each, await policies.are_met_by(each), undone.get(each.after_sha), without_effect=index in idle)
        for index, each in enumerate(found)
    ]


def _fact(landing: Landing, still_enough: bool | None, undone_by: Sha | None, *, without_effect: bool) -> LandingFact:
    return LandingFact(
        without_effect=without_effect,
        after_sha=landing.after_sha,
        pull=landing.pull,
        approved=landing.approved,
        reason=landing.reason,
        security=landing.security,
        approved_at=landing.approved_at,
        policy_hash=landing.policy_hash,
        still_enough=still_enough,
        undone_by=undone_by,
    )


class _Policies:
    """Policies of old commits, each read once and held against the one in force."""

    def __init__(self, mirror: Path, policy: Policy) -> None:
        self._mirror = mirror
        self._policy = policy
        self._known: dict[Sha, bool | None] = {}

    async def are_met_by(self, landing: Landing) -> bool | None:
        """Whether the landing was approved under a policy that asked for no less than the one in force.

        One that changed the policy was judged by its own as well.
        """
        if landing.policy_sha is None:
            return None
        if landing.policy_hash == policy_hash([self._policy, None]):
            return True
        if landing.policy_hash == policy_hash([Policy(), None]):
            return not asks_more(self._policy, Policy())
        enough = await self._is_enough(landing.policy_sha)
        if enough is False and await self._changes_policy(landing):
            return await self._is_enough(landing.after_sha)
        return enough

    async def _changes_policy(self, landing: Landing) -> bool:
        return makes_policy(await changed_paths(self._mirror, landing.before_sha, landing.after_sha))

    async def _is_enough(self, sha: Sha) -> bool | None:
        if sha not in self._known:
            self._known[sha] = await self._hold_against(sha)
        return self._known[sha]

    async def _hold_against(self, sha: Sha) -> bool | None:
        """None: the commit is gone."""
        if not await has_commit(self._mirror, sha):
            return None
        text = await show(self._mirror, sha, POLICY_PATH)
        if text is None:
            return False  # it was the organization's, of which only the newest is known
        try:
            old = parse_policy(text.decode("utf-8", "replace"), await read_own_files(self._mirror, sha))
        except PolicyError:
            return False
        return not asks_more(self._policy, old)


async def _without_effect(mirror: Path, found: Sequence[Landing]) -> set[int]:
    """The places of what is gone without a trace: an empty commit, or a push that another push took back.

    No pull request could undo that. From a stray one the last commit is looked for that has the files from before it.
    """
    if all(each.approved for each in found):
        return set()
    ends = [await _tree(mirror, each.after_sha) for each in found]
    idle: set[int] = set()
    for place, landing in enumerate(found):
        if landing.approved or place in idle:
            continue
        before = await _tree(mirror, landing.before_sha)
        same = [end for end in range(place, len(found)) if before is not None and ends[end] == before]
        idle |= set(range(place, same[-1] + 1)) if same else set()
    return idle


async def _tree(mirror: Path, commit: Sha) -> str | None:
    """None: the commit is gone."""
    return await tree_of(mirror, commit) if await has_commit(mirror, commit) else None


async def _undone(mirror: Path, found: Sequence[Landing]) -> dict[Sha, Sha]:
    """Which stretches without an approval a later one with an approval took back whole, by their ends."""
    undone: dict[Sha, Sha] = {}
    strays = [(index, each) for index, each in enumerate(found) if not each.approved]
    for index, stray in strays[:_UNDOING]:
        for later in found[index + 1 :]:
            if later.approved and await _takes_back(mirror, later, stray):
                undone[stray.after_sha] = later.after_sha
                break
    return undone


async def _takes_back(mirror: Path, later: Landing, stray: Landing) -> bool:
    """Whether it is the stray one turned round and put onto what stood there, and nothing else."""
    return await is_replay(mirror, stray.after_sha, stray.before_sha, later.before_sha, later.after_sha)
