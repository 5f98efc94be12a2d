"""Gathering the facts: everything that the gate judges a pull request by, as it is now.

A whole look reads all of it anew. A small one builds on the last whole look where that cannot have changed without
another event: after a label or a title was edited, neither the commits nor the reviews are others.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

from app.forge.activity import read_pushers
from app.forge.api import GitHub
from app.forge.changed import changed_files, changed_text, is_whitespace_only
from app.forge.git import show
from app.forge.permissions import READ
from app.forge.protection import is_gate_required
from app.forge.read import PullFacts
from app.forge.voices import read_committers, read_foreign_gates, read_other_checks, read_signed
from app.policy.asking import who_is_asked
from app.policy.codeowners import PATHS, groups, parse_codeowners
from app.policy.config import Policy, makes_policy
from app.policy.facts import Facts, PersonFact, ReviewFact, StatementFact, StatementKind
from app.policy.needs import Needs, needs_of
from app.policy.values import Repo, Sha
from app.store import looks, statements
from app.store.looks import Head, Look
from app.store.statements import Statement
from app.store.work import work
from app.wiring import Services
from app.workflows.authors import author_family
from app.workflows.change import Change, read_change
from app.workflows.council_facts import council_facts, review_facts
from app.workflows.disputing import find_dispute
from app.workflows.ground import Ground, find_ground
from app.workflows.labels_seen import label_facts
from app.workflows.people import People
from app.workflows.proposed import Proposed, read_proposed
from app.workflows.reviews_seen import keep_reviews
from app.workflows.same_change import SameChange
from app.workflows.solved import within_wishes

_SMALL_LOOK_S = 3600.0
"""How long a whole look can be built on. The sweep looks at everything more often than that."""
_NAMED_CHARS = 2000
_NEW_HERE = frozenset({"NONE", "FIRST_TIMER", "FIRST_TIME_CONTRIBUTOR"})


@dataclass(frozen=True)
class Gathered:
    """The facts, and where they come from. `policy` is the one in force. `disputed`: a person is asked to decide."""

    pull: PullFacts
    ground: Ground
    policy: Policy
    change: Change
    proposed: Proposed
    facts: Facts
    disputed: bool = False

    @property
    def can_be_judged(self) -> bool:
        """Whether there is a policy to judge by, be it that of the pull request that repairs the base branch's."""
        state = self.ground.state()
        return state != "org_invalid" and (state != "invalid" or self.proposed.policy is not None)


async def gather(
    services: Services,
    repo: Repo,
    pull: PullFacts,
    *,
    small: bool = False,
    asking: bool = False,
    tried: Policy | None = None,
    onto: Ground | None = None,
) -> Gathered:
    """Read what there is to know of an open pull request. Raises forge errors: then nothing is known.

    `tried`: another policy, so that what only that one asks about is read as well. `onto`: what it is to be judged by
    instead of the base branch as it is; nothing is remembered of such a look. `asking`: only who must review is to be
    known; what the gate alone needs is left unread, and nothing can be approved by it.
    """
    gh = services.forge.on(repo, READ)
    begun = time.time()
    last = await _last_look(services, repo, pull) if small else None
    ground = onto or await find_ground(services, repo, pull.base_ref, last.base_sha if last else None)
    policy = ground.in_force()
    change = await read_change(services, repo, pull, ground, policy, last.head_sha if last else None)
    policy = await within_wishes(services, repo, pull, policy)
    proposed = await read_proposed(services.mirrors.path(repo), change, ground)
    needs = needs_of([each for each in (policy, proposed.policy, tried) if each is not None])
    owners = await _owners(services, repo, ground, change) if needs.owners else None
    teams = {each for group in owners or () for each in group if "/" in each}
    people = People(gh, needs.teams | teams, since=last.at if last else None)
    seen_heads = await _heads(services, gh, pull, change, keep=onto is None)
    if asking:
        look = _no_look(gh, pull, ground, change, begun)
    else:
        if last is None:
            await keep_reviews(services, gh, people, pull.number, seen_heads)
        look = last or await _look(services, gh, pull, ground, change, begun, keep=onto is None)
    seen = _Seen(pull, ground, policy, change, proposed, look, seen_heads, owners, whole=last is None)
    facts = await _facts(services, gh, people, needs, seen)
    dispute = await find_dispute(services, repo.id, pull.number, change.head, own=facts.own is not False)
    return Gathered(pull, ground, policy, change, proposed, facts, disputed=dispute is not None)


async def _heads(services: Services, gh: GitHub, pull: PullFacts, change: Change, *, keep: bool) -> list[Head]:
    """Every head so far, this one included. Where no event told who pushed it, GitHub's list of pushes does.

    It has none for forks; there whoever the commits name is taken.
    """
    async with work(services.database) as db:
        diff = change.fingerprint if keep else None
        await looks.keep_head(db, gh.repo.id, pull.number, change.head, diff=diff)
        found = await looks.heads_of(db, gh.repo.id, pull.number)
    if all(each.pushed_by for each in found if each.head_sha == change.head):
        return found
    pushers = await read_pushers(gh, pull.head_ref) if pull.from_here else {}
    async with work(services.database) as db:
        for each in found:
            if not each.pushed_by and each.head_sha in pushers:
                told = " ".join(sorted(pushers[each.head_sha]))
                await looks.keep_head(db, gh.repo.id, pull.number, each.head_sha, pushed_by=told)
        if change.head in pushers and len(found) > 1:
            return await looks.heads_of(db, gh.repo.id, pull.number)
    named = " ".join(
        sorted({pull.author, *await read_committers(gh, pull.number), *pushers.get(change.head, ())} - {""})
    )
    async with work(services.database) as db:
        pushed_by = named[:_NAMED_CHARS] or None
        await looks.keep_head(db, gh.repo.id, pull.number, change.head, pushed_by=pushed_by, guessed=True)
        return await looks.heads_of(db, gh.repo.id, pull.number)


@dataclass(frozen=True)
class _Seen:
    pull: PullFacts
    ground: Ground
    policy: Policy
    change: Change
    proposed: Proposed
    look: Look
    heads: Sequence[Head]
    owners: tuple[frozenset[str], ...] | None
    whole: bool


async def _last_look(services: Services, repo: Repo, pull: PullFacts) -> Look | None:
    """The last whole look, if the pull request is still where it was then."""
    async with services.database.connect() as db:
        last = await looks.look_at(db, repo.id, pull.number)
    same = last is not None and (last.head_sha, last.base_ref, last.open) == (pull.head_sha, pull.base_ref, True)
    return last if last is not None and same and last.at > time.time() - _SMALL_LOOK_S else None


def _no_look(gh: GitHub, pull: PullFacts, ground: Ground, change: Change, begun: float) -> Look:
    """That it is not known whether the base branch is guarded keeps the gate shut, should this ever be shown to it."""
    return Look(gh.repo.id, pull.number, True, change.head, pull.base_ref, ground.base_sha, None, (), begun)


async def _look(
    services: Services, gh: GitHub, pull: PullFacts, ground: Ground, change: Change, begun: float, *, keep: bool
) -> Look:
    guarded = pull.base_ref == pull.default_branch or await is_gate_required(gh, pull.base_ref)
    look = Look(
        repo_id=gh.repo.id,
        pull=pull.number,
        open=pull.state == "open",
        head_sha=change.head,
        base_ref=pull.base_ref,
        base_sha=ground.base_sha,
        guarded=guarded,
        foreign_gates=await read_foreign_gates(gh, change.head),
        at=begun,
    )
    if keep:
        async with work(services.database) as db:
            await looks.keep_look(db, look)
    return look


async def _facts(services: Services, gh: GitHub, people: People, needs: Needs, seen: _Seen) -> Facts:
    pull, change, mirror = seen.pull, seen.change, services.mirrors.path(gh.repo)
    review = await review_facts(services, gh.repo.id, pull.number, change)  # first: one that ends now has spoken
    verdicts, tests, unread = await council_facts(services, gh.repo.id, pull.number, change)
    same = SameChange(mirror, seen.ground.base_sha)
    said = [await _of_this_change(each, same, change) for each in await _statements(services, gh.repo.id, pull.number)]
    facts = Facts(
        pull_state="open" if pull.state == "open" else "closed",
        draft=pull.draft,
        head_sha=change.head if change.head == pull.head_sha else None,
        base_ref=pull.base_ref,
        guarded=seen.look.guarded,
        fingerprint=change.fingerprint,
        files=await changed_files(mirror, change.base, change.head),
        changed_text=await changed_text(mirror, change.base, change.head) if needs.lines else None,
        whitespace_only=await is_whitespace_only(mirror, change.base, change.head) if needs.whitespace else None,
        title=pull.title,
        labels=await label_facts(services, gh, people, pull, whole=seen.whole) if needs.labels else {},
        author=await _author(people, pull, needs),
        first_time=pull.association in _NEW_HERE,
        own=pull.author == services.forge.login,
        author_family=await author_family(services, gh.repo, pull),
        contributors=await _contributors(seen.heads, same),
        signed=await read_signed(gh, pull.number) if needs.signed else None,
        up_to_date=change.base == seen.ground.base_sha,
        checks=await read_other_checks(gh, change.head) if needs.checks else None,
        reviews=await _reviews(people, said, change),
        owners=seen.owners,
        statements=await _spoken(people, said),
        verdicts=verdicts,
        stopped=review.stopped,
        halted=review.halted,
        files_unread=unread,
        files_set_aside=change.set_aside,
        unreviewed_code=change.unreviewed,
        tests=tests,
        policy_source=seen.ground.state(),
        policy_error=seen.ground.error,
        policy_changed=makes_policy(change.files),
        proposed_policy_error=seen.proposed.error,
        foreign_gates=seen.look.foreign_gates,
        called=services.forge.slug,
        now=time.time(),
    )
    asked = who_is_asked(facts, seen.policy, seen.proposed.policy) if review.running else ()
    return replace(facts, running=frozenset(asked))


async def _author(people: People, pull: PullFacts, needs: Needs) -> PersonFact:
    if pull.author_type != "User":
        return PersonFact(pull.author, bot=True)
    return await people.person(pull.author) if needs.author else PersonFact(pull.author, teams=None)


async def _contributors(heads: Sequence[Head], same: SameChange) -> frozenset[str]:
    """Who pushed a part of the diff: a push that left the diff as it was, such as an update of the branch, is none."""
    logins: set[str] = set()
    before = (Sha(""), "")
    for head in heads:
        now = (head.head_sha, head.fingerprint or "")
        if head.pushed_by and not await same.holds(before, now):
            logins |= set(head.pushed_by.split())
        before = now
    return frozenset(logins)


async def _statements(services: Services, repo_id: int, number: int) -> list[Statement]:
    async with services.database.connect() as db:
        return [each for each in await statements.statements_of(db, repo_id, number) if not each.withdrawn]


async def _of_this_change(said: Statement, same: SameChange, change: Change) -> Statement:
    """What was said of another change than this one is said of no diff that counts."""
    holds = await same.holds((said.head_sha, said.fingerprint), (change.head, change.fingerprint))
    return said if holds else replace(said, fingerprint="")


async def _reviews(people: People, said: Sequence[Statement], change: Change) -> tuple[ReviewFact, ...]:
    """A review is worth something for the diff that it was given for, whatever its commit is called now."""
    found = [each for each in said if each.kind in {"approved", "changes_requested"}]
    return tuple(
        [
            ReviewFact(
                who=await people.person(each.login),
                state="approved" if each.kind == "approved" else "changes_requested",
                current=each.fingerprint == change.fingerprint,
            )
            for each in found
        ]
    )


async def _spoken(people: People, said: Sequence[Statement]) -> tuple[StatementFact, ...]:
    return tuple(
        [
            StatementFact(
                kind=cast("StatementKind", each.kind),
                target=each.target,
                who=await people.person(each.login),
                permission=each.permission,
                reason=each.reason,
                fingerprint=each.fingerprint,
                removed=each.removed,
            )
            for each in said
            if each.kind in {"override", "veto", "dismissal"}
        ]
    )


async def _owners(services: Services, repo: Repo, ground: Ground, change: Change) -> tuple[frozenset[str], ...]:
    """By the file on the base branch: a change does not choose who must approve it."""
    mirror = services.mirrors.path(repo)
    files = await changed_files(mirror, change.base, change.head)
    names = [name for file in files for name in file.names]
    for path in PATHS:
        found = await show(mirror, ground.base_sha, path)
        if found is not None:
            return groups(parse_codeowners(found.decode("utf-8", "replace")), names)
    return ()
