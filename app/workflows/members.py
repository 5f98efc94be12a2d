"""Which pull requests a merge group is made of. GitHub does not say; what is guessed is verified by the trees.

A commit is a pull request's if a merge of that pull request's head onto the commit before gives its very tree. So a
merge and a squash are told, and by the last of its commits a rebase. It must also be the change that was reviewed,
which is seen from the base branch: a head that holds what is ahead of it could take some of that back.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.forge.api import GitHub
from app.forge.errors import NotFoundError, UnknownOutcomeError
from app.forge.git import is_replay, merge_base
from app.forge.groups import MOST_COMMITS, GroupCommit, commits_between, merged_tree
from app.forge.permissions import READ
from app.forge.queues import read_queue_refs
from app.forge.read import PullFacts, read_pull
from app.policy.queue import Stray
from app.policy.queue_refs import QueueRef
from app.policy.values import Repo, Sha
from app.store import looks
from app.wiring import Services

_MERGES = re.compile(r"Merge pull request #([1-9][0-9]{0,8}) from ")
_SQUASHES = re.compile(r" \(#([1-9][0-9]{0,8})\)\Z")
_TOLD_WRONG = "no pull request's change gives it"


@dataclass(frozen=True)
class Found:
    """A pull request with its change in the group, which was put onto the commit `onto`."""

    pull: PullFacts
    onto: Sha


@dataclass(frozen=True)
class Line:
    """What a group adds to its base branch: pull requests in order, up to a commit that none of them explains."""

    found: tuple[Found, ...] = ()
    stray: Stray | None = None


async def find_members(services: Services, repo: Repo, ref: QueueRef, tip: Sha, head: Sha) -> Line:
    """Walk from the base branch's tip to the group's head. Raises forge errors, and `GitError`."""
    mirror, gh = services.mirrors.path(repo), services.forge.on(repo, READ)
    commits = await commits_between(mirror, tip, head)
    if not commits or commits[0].onto != tip or len(commits) > MOST_COMMITS:
        return Line(stray=Stray(head, "", "it does not stand on the base branch's newest commit"))
    named = {sha: other.number for other, sha in await read_queue_refs(gh) if other.base == ref.base}
    walk = _Walk(services, gh, ref.base, tip, {**named, head: ref.number})
    return await walk.along(commits)


class _Walk:
    """`tip`: of the branch `base`. `named`: whom each group's head stands for, by the names of the queue's branches."""

    def __init__(self, services: Services, gh: GitHub, base: str, tip: Sha, named: Mapping[Sha, int]) -> None:
        self._services = services
        self._gh = gh
        self._base = base
        self._tip = tip
        self._named = named
        self._pulls: dict[int, PullFacts | None] = {}

    async def along(self, commits: Sequence[GroupCommit]) -> Line:
        found: list[Found] = []
        place = 0
        while place < len(commits):
            told = await self._next(commits[place:])
            if told is None:
                stray = commits[place]
                return Line(tuple(found), Stray(stray.sha, stray.subject, _TOLD_WRONG))
            pull, length = told
            found.append(Found(pull, commits[place].onto))
            place += length
        return Line(tuple(found))

    async def _next(self, commits: Sequence[GroupCommit]) -> tuple[PullFacts, int] | None:
        """The pull request that the next commits are, and how many: one, or all up to a group's head for a rebase."""
        onto = commits[0].onto
        for number in await self._guesses(commits[0]):
            pull = await self._pull(number)
            if pull is not None and await self._explains(pull, onto, commits[:1]):
                return pull, 1
        end = next((place for place, commit in enumerate(commits) if commit.sha in self._named), len(commits) - 1)
        pull = await self._pull(self._named.get(commits[end].sha, 0))
        if pull is not None and end and await self._explains(pull, onto, commits[: end + 1]):
            return pull, end + 1
        return None

    async def _guesses(self, commit: GroupCommit) -> list[int]:
        """A group's head is nobody's but its branch's namesake's. Of others, message and second parent may tell."""
        if commit.sha in self._named:
            return [self._named[commit.sha]]
        told = [found[1] for found in (_MERGES.match(commit.subject), _SQUASHES.search(commit.subject)) if found]
        async with self._services.database.connect() as db:
            known = [await looks.pulls_with_head(db, self._gh.repo.id, sha) for sha in commit.merged]
        return list(dict.fromkeys([*map(int, told), *(number for numbers in known for number in numbers)]))

    async def _pull(self, number: int) -> PullFacts | None:
        """A pull request into this base branch, its head fetched; None for any other number."""
        if number not in self._pulls:
            self._pulls[number] = await self._read(number)
        return self._pulls[number]

    async def _read(self, number: int) -> PullFacts | None:
        try:
            pull = await read_pull(self._gh, number) if number else None
        except NotFoundError:
            return None
        if pull is None or pull.base_ref != self._base:
            return None
        head = await self._services.mirrors.fetch(self._gh.repo, f"refs/pull/{number}/head")
        if head != pull.head_sha:
            raise UnknownOutcomeError(f"GitHub shows two heads of #{number}; it is looked at again")
        return pull

    async def _explains(self, pull: PullFacts, onto: Sha, commits: Sequence[GroupCommit]) -> bool:
        """A merge commit brings in the head's history too, so that its second parent is the reviewed head itself."""
        brought = {sha for commit in commits for sha in commit.merged}
        if brought - {pull.head_sha} or (brought and len(commits) > 1):
            return False
        mirror = self._services.mirrors.path(self._gh.repo)
        if await merged_tree(mirror, onto, pull.head_sha) != commits[-1].tree:
            return False
        seen_from = await merge_base(mirror, self._tip, pull.head_sha)
        return await is_replay(mirror, seen_from, pull.head_sha, onto, commits[-1].sha)
