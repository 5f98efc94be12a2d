"""Gathering what a deployment is judged by: from GitHub, from the mirror, and from what is on record."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.forge.deployments import read_branches, read_successes
from app.forge.errors import NotFoundError
from app.forge.git import changed_paths, has_commit, list_files, show
from app.forge.history import is_ancestor
from app.forge.permissions import DEPLOY, READ
from app.forge.read import read_default_branch
from app.policy.deployment_facts import DeploymentFacts, MigrationFact
from app.policy.environments import Environment, environment_for, matches_branch
from app.policy.migrations import has_way_back, is_migration, undone_by
from app.policy.values import Repo, Sha
from app.store.deployments import let_in
from app.wiring import Services
from app.workflows.ground import find_ground
from app.workflows.land import record_landings
from app.workflows.tracing import trace

_BRANCHES = 30
"""Branches that match a glob and are looked through for a commit."""
_MIGRATION_BYTES = 256 * 1024


@dataclass(frozen=True)
class Asked:
    """`sha` is what is to be deployed, `run_sha` what the workflow ran for; `branch` is where it says that it ran."""

    repo: Repo
    environment: str
    sha: Sha
    run_sha: Sha
    branch: str | None


async def gather(services: Services, asked: Asked) -> tuple[DeploymentFacts, Environment | None]:
    """The facts as they are now, and the environment's rules in the policy of the default branch."""
    repo, mirror = asked.repo, services.mirrors.path(asked.repo)
    default = await read_default_branch(services.forge.on(repo, READ))
    ground = await find_ground(services, repo, default)
    policy = ground.in_force()
    rules = environment_for(asked.environment, policy.environments)
    async with services.database.connect() as db:
        before = await let_in(db, repo.id, asked.environment)
    branches = await _branches(services, asked, rules, default)
    for branch in dict.fromkeys((default, *branches[:1])):
        await record_landings(services, repo, branch)
    traced = await trace(services, repo, (*branches[:1], default), asked.sha, before, policy)
    facts = DeploymentFacts(
        environment=asked.environment,
        now=time.time(),
        sha=asked.sha,
        run_sha=asked.run_sha,
        default_branch=default,
        branches=branches,
        landings=traced.landings,
        origin=traced.origin,
        origin_sha=traced.origin_sha,
        rollback=await _is_rollback(mirror, asked.sha, before),
        had=await _had(services, asked, rules),
        migrations=await migrations_between(mirror, before[0] if before else traced.origin_sha, asked.sha)
        if rules and rules.migrations != "any"
        else (),
        policy_source="invalid" if ground.error else ground.source,
        policy_error=ground.error,
    )
    return facts, rules


async def _branches(services: Services, asked: Asked, rules: Environment | None, default: str) -> tuple[str, ...]:
    """The allowed branches that hold the commit; the first one is enough, and the run's own is looked at first."""
    globs = rules.branches if rules and rules.branches else (default,)
    there = await read_branches(services.forge.on(asked.repo, READ))
    allowed = [name for name in there if any(matches_branch(glob, name) for glob in globs)]
    allowed.sort(key=lambda name: (name != asked.branch, name != default))
    for name in allowed[:_BRANCHES]:
        try:
            head = await services.mirrors.fetch(asked.repo, f"refs/heads/{name}")
        except NotFoundError:
            continue
        if await is_ancestor(services.mirrors.path(asked.repo), asked.sha, head):
            return (name,)
    return ()


async def _is_rollback(mirror: Path, sha: Sha, before: Sequence[Sha]) -> bool:
    """Whether the commit, or one that holds it, was let in before. The mirror may lack those of a lost history."""
    for each in before:
        if sha == each or await is_ancestor(mirror, sha, each):
            return True
    return False


async def _had(services: Services, asked: Asked, rules: Environment | None) -> dict[str, float | None]:
    """Since when each environment that comes first has had the commit, or one that landed later and holds it."""
    gh, mirror = services.forge.on(asked.repo, DEPLOY), services.mirrors.path(asked.repo)
    had: dict[str, float | None] = {}
    for name in rules.after if rules else ():
        times = [
            success.at
            for success in await read_successes(gh, name)
            if success.sha == asked.sha or await is_ancestor(mirror, asked.sha, success.sha)
        ]
        had[name.casefold()] = min(times, default=None)
    return had


async def migrations_between(mirror: Path, running: Sha, sha: Sha) -> tuple[MigrationFact, ...] | None:
    """Migrations that differ between what runs and what is to run. Each stands in the newer of the two.

    Where neither holds the other, those of the one are undone and those of the other done. None: what runs is gone.
    """
    if not await has_commit(mirror, running):
        return None
    if await is_ancestor(mirror, sha, running):
        return tuple(await _migrations_of(mirror, running, sha))
    done = await _migrations_of(mirror, sha, running)
    if await is_ancestor(mirror, running, sha):
        return tuple(done)
    return (*await _migrations_of(mirror, running, sha), *done)


async def _migrations_of(mirror: Path, newer: Sha, older: Sha) -> list[MigrationFact]:
    files, found = frozenset(await list_files(mirror, newer)), []
    for path in await changed_paths(mirror, older, newer):
        if path in files and is_migration(path, files):
            text = await show(mirror, newer, undone_by(path) or path) or b""
            plain = text.decode("utf-8", "replace") if len(text) <= _MIGRATION_BYTES else ""
            found.append(MigrationFact(path, has_way_back(path, plain)))
    return found
