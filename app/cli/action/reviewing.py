"""One pull request before the council, in a job: fetched by the job's token, judged by its base, shown on GitHub."""

import asyncio
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path

import httpx

from app.cli.action.deciding import Look
from app.cli.action.event import Pull
from app.cli.action.inputs import Inputs, Post
from app.cli.action.job import Job
from app.cli.action.kept import Reviews, Terms
from app.cli.action.posting import Outlet, post
from app.cli.action.told import Told, tell_nothing, tell_review, tell_unseen
from app.cli.meter import Spent
from app.cli.reviewing.base import Base
from app.cli.reviewing.errors import ReviewError
from app.cli.reviewing.judging import Proposal, make_room, review_proposal
from app.cli.reviewing.outcome import Review
from app.cli.reviewing.rules import Rules, read_rules
from app.forge.api import Forge
from app.forge.dependency_review import read_packages
from app.forge.git import changed_paths, diff, merge_base, show
from app.forge.held import open_held
from app.forge.mirrors import Mirrors
from app.forge.own_files import read_own_files
from app.forge.permissions import FETCH
from app.policy.config import POLICY_PATH
from app.policy.dependencies import Packages, may_change_packages
from app.policy.finding import Severity
from app.policy.values import Sha
from app.sandbox.diffs import parse_diff
from app.settings import Settings

_TIMEOUT_S = 30.0
_MODELS = {"model", "models", "light_model", "second_model"}
"""Settings that say who answers."""


@dataclass(frozen=True)
class Errand:
    """What is to be done, and with what."""

    settings: Settings
    inputs: Inputs
    job: Job
    pull: Pull
    look: Look

    @property
    def fail_on(self) -> Severity | None:
        return None if self.inputs.fail_on == "never" else self.inputs.fail_on


async def review_pull(errand: Errand) -> Told:
    """Fetch, review, show. Raises forge errors and `ReviewError`."""
    settings, pull = errand.settings, errand.pull
    async with httpx.AsyncClient(timeout=_TIMEOUT_S, trust_env=False) as client:
        held = errand.inputs.github_token.get_secret_value()
        forge = await open_held(settings, client, held, pull.repo)
        mirrors = Mirrors(settings.data_dir / "mirrors", forge)
        head = await mirrors.fetch(pull.repo, f"refs/pull/{pull.number}/head")
        if head != pull.head:
            return tell_nothing(f"The pull request has moved on to {head[:12]}; the job of that push reviews it.")
        tip = await mirrors.fetch(pull.repo, f"refs/heads/{pull.base_ref}")
        mirror = mirrors.path(pull.repo)
        common = await merge_base(mirror, tip, head)
        base = Base(pull.base_ref, tip, common, "the branch it goes into", pull.base_ref)
        patch = await diff(mirror, common, head)
        try:
            done = await _reviewed(errand, forge, mirror, base, patch)
        except ReviewError as error:
            if not errand.look.unjudged:
                raise
            return tell_unseen(errand.look.unjudged, error)
        return await _show(errand, forge, done, patch)


@dataclass(frozen=True)
class _Done:
    """`notes`: what is to be known of it. `kept`: it can be had again for nothing."""

    review: Review
    notes: tuple[str, ...] = ()
    kept: bool = False


async def _reviewed(errand: Errand, forge: Forge, mirror: Path, base: Base, patch: bytes) -> _Done:
    """Of `patch`; what was said of it before stands."""
    rules = _within_budget(await read_rules(mirror, base), errand.inputs)
    terms = await _terms(errand, mirror, base, patch, rules)
    kept = Reviews(errand.job.cache if errand.inputs.keep_reviews else None, errand.settings)
    found = kept.find(terms)
    if found is not None:
        told = f"Nothing was asked again: this very diff was reviewed before, for ${found.spent.cost / 1_000_000:.2f}."
        return _Done(replace(found, base=base, spent=Spent(), seconds=0.0), (told,))
    review = await _review(errand, await _proposed(errand, forge, mirror, base), rules)
    whole = review.model is not None and not (review.silent or review.unread)
    return _Done(review, kept=whole and kept.keep(terms, review))


def _within_budget(rules: Rules, inputs: Inputs) -> Rules:
    """Who writes the workflow pays, so that what it says goes before the policy."""
    if inputs.budget_usd is None:
        return rules
    return replace(rules, policy=rules.policy.model_copy(update={"budget_usd": inputs.budget_usd}))


async def _terms(errand: Errand, mirror: Path, base: Base, patch: bytes, rules: Rules) -> Terms:
    policy = (await show(mirror, base.tip, POLICY_PATH) or b"").decode("utf-8", "replace")
    return Terms(
        diff=patch,
        policy=repr((policy, await read_own_files(mirror, base.tip))),
        guidance=rules.guidance,
        only=errand.inputs.perspectives,
        models=repr(errand.settings.model_dump(include=_MODELS)),
        base_ref=errand.pull.base_ref,
        executes=errand.look.executes,
    )


async def _proposed(errand: Errand, forge: Forge, mirror: Path, base: Base) -> Proposal:
    """With what GitHub knows of the packages that it brings in, where it may bring in any."""
    pull, head, packages = errand.pull, Sha(errand.pull.head), Packages()
    if may_change_packages(await changed_paths(mirror, base.commit, head)):
        packages = await read_packages(forge.on(pull.repo, FETCH), base.commit, head)
    return Proposal(mirror, base, head, pull.title, pull.body, packages=packages)


async def _review(errand: Errand, proposal: Proposal, rules: Rules) -> Review:
    started, pull = time.monotonic(), errand.pull
    with tempfile.TemporaryDirectory(prefix="quorum-action-") as name:
        _, trees = await asyncio.to_thread(make_room, Path(name))
        review = await review_proposal(
            errand.settings, proposal, rules, errand.inputs.perspectives, trees, executes=errand.look.executes
        )
    return replace(review, seconds=time.monotonic() - started, subject=f"pull request #{pull.number}")


async def _show(errand: Errand, forge: Forge, done: _Done, patch: bytes) -> Told:
    """Where the token may not show it as wanted, annotations take its place."""
    wanted, review = errand.inputs.post, done.review
    shown = {file.path: file.shown for file in parse_diff(patch)}
    failed = await post(Outlet(forge, errand.pull, shown, errand.fail_on), review, wanted)
    told_by_checks = Post.CHECKS in wanted and bool(review.verdicts)
    annotate = Post.ANNOTATIONS in wanted or bool(failed) or (Post.CHECKS in wanted and not told_by_checks)
    told = tell_review(
        review, errand.fail_on, unjudged=errand.look.unjudged, notes=[*done.notes, *failed], annotate=annotate
    )
    return replace(told, outputs={**told.outputs, "kept": "true" if done.kept else "false"})
