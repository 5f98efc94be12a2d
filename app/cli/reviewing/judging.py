"""A work tree before the council; without a model, before the analyzers alone."""

import asyncio
import os
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from app.agents.alarms import render_alarms
from app.agents.plain import Plain, findings_of_pleas, render_weakenings, speak_plainly
from app.agents.walk import WHOLE
from app.cli.meter import Meter, Spent
from app.cli.reviewing.base import Base
from app.cli.reviewing.errors import ReviewError
from app.cli.reviewing.outcome import Review, in_order, of_alarm, of_findings, of_weakening, verdict_of
from app.cli.reviewing.project import Project, branch_of, messages_since
from app.cli.reviewing.rules import Rules, read_rules
from app.cli.reviewing.snapshot import take_snapshot
from app.cli.reviewing.suggesting import only_fitting
from app.cli.session import Matter, hold_session, who_reviews
from app.forge.changed import changed_files
from app.llm.messages import Model
from app.policy.dependencies import PERSPECTIVE, Packages, may_change_packages
from app.policy.risk import lines_to_read
from app.policy.rules import VETO
from app.policy.terms import vetoes_of
from app.policy.values import Sha
from app.policy.words import names_under, words_on
from app.sandbox.analyzers.alarm import Analysis
from app.sandbox.analyzers.catalog import configured, installed
from app.sandbox.box import Box, Limits
from app.sandbox.errors import SandboxUnavailableError
from app.settings import Settings
from app.wiring import open_council, open_sandbox
from app.workflows.analyzing import look_at
from app.workflows.change import Change, describe_change
from app.workflows.packages import judge_packages
from app.workflows.patches import read_plain
from app.workflows.walkthrough import lead_through
from app.workflows.workshop import Workshop

_TESTS = ""
"""None are run: this is a review of a work tree, before it was pushed."""
_BODY_CHARS = 10_000
_NO_PACKAGE_DATA = "known vulnerabilities of changed packages were not looked up: no data on them is at hand"
_NO_ANALYZER = "no analyzer is installed: pip install 'quorum[analyzers]'"


@dataclass(frozen=True)
class Proposal:
    """A commit of the bare repository `mirror` that is held against `base`, and what its author says of it.

    `left_out`: what of the work is not in it, and why. `packages`: what is known of those that it brings in.
    """

    mirror: Path
    base: Base
    head: Sha
    title: str
    body: str
    left_out: tuple[str, ...] = ()
    packages: Packages = Packages()


@dataclass(frozen=True)
class Work:
    """What is reviewed, and by what. `workshop` lays out the files for programs. `only`: as `review_work`."""

    proposal: Proposal
    rules: Rules
    change: Change
    workshop: Workshop
    only: Sequence[str]


async def review_work(settings: Settings, project: Project, base: Base, only: Sequence[str]) -> Review:
    """Review the work tree as it is. `only`: perspectives to ask; none: whom the policy asks. Raises `ReviewError`."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="quorum-review-") as name:
        kept, trees = await asyncio.to_thread(make_room, Path(name))
        snapshot = await take_snapshot(project, base, kept)
        title = f"Work on {await branch_of(project) or 'no branch'}, for {base.name}"
        body = await _body(project, base)
        proposal = Proposal(snapshot.mirror, base, snapshot.head, title, body, snapshot.left_out)
        review = await review_proposal(settings, proposal, await read_rules(snapshot.mirror, base), only, trees)
    return replace(review, seconds=time.monotonic() - started)


async def review_proposal(
    settings: Settings, proposal: Proposal, rules: Rules, only: Sequence[str], trees: Path, *, executes: bool = True
) -> Review:
    """Review commits by these rules; `only` as `review_work`. `trees`: a folder whose files sandboxed programs may see.

    `executes` False: no program is started on the change, in no sandbox either. Raises `ReviewError`.
    """
    _check_names(only, rules)
    mirror, base = proposal.mirror, proposal.base
    change = await describe_change(mirror, base.commit, proposal.head, base.branch or base.name, rules.policy)
    review = await _begin(settings, proposal, rules, change)
    if not change.files:
        return review
    workshop = Workshop(mirror, trees / "1", change.head)
    try:
        return await _judge(settings, Work(proposal, rules, change, workshop, only), review, executes=executes)
    finally:
        await workshop.remove()


def _check_names(only: Sequence[str], rules: Rules) -> None:
    """Raises `ReviewError` for a name that neither Quorum nor the project has a perspective of."""
    known = sorted(names_under(rules.policy))
    for name in only:
        if name not in known:
            raise ReviewError(f"there is no perspective {name!r}", f"There are {', '.join(known)}.")


def make_room(scratch: Path) -> tuple[Path, Path]:
    """One folder for nobody but us, and one whose files programs in the sandbox see."""
    kept, trees = scratch / "kept", scratch / "trees"
    kept.mkdir(mode=0o700)
    trees.mkdir(mode=0o711)
    if os.geteuid() == 0:
        # Then programs run as another user, who must be able to pass.
        scratch.chmod(0o711)
    return kept, trees


async def _begin(settings: Settings, proposal: Proposal, rules: Rules, change: Change) -> Review:
    files = await changed_files(proposal.mirror, change.base, change.head)
    return Review(
        base=proposal.base,
        model=settings.model if settings.has_model else None,
        files=len(files),
        lines=lines_to_read(files),
        unreadable=change.unreadable,
        set_aside=change.set_aside,
        left_out=proposal.left_out,
        notes=rules.notes,
        lacking=settings.missing,
    )


async def _judge(settings: Settings, work: Work, review: Review, *, executes: bool) -> Review:
    plain = await read_plain(work.workshop.mirror, work.change, own=False)
    if not settings.has_model:
        return await _by_programs(await open_sandbox(settings, executes=executes), work, plain, review)
    async with open_council(settings, executes=executes) as (box, model):
        return await _by_council(box, model, work, plain, review)


async def _by_programs(box: Box, work: Work, plain: Plain, review: Review) -> Review:
    """What can be told without a model. Raises `ReviewError` if no program can be run either."""
    try:
        await box.run(["true"], worktree=await work.workshop.lay_out(), limits=Limits())
    except SandboxUnavailableError as error:
        told = f"there is no model, and no analyzer can be run: {error.what}"
        raise ReviewError(told, f"Set {review.lacking}, or mend the sandbox: {error.remedy}") from error
    analysis = await _analyze(box, work)
    if _NO_ANALYZER in analysis.missing:
        raise ReviewError(f"there is no model, and {_NO_ANALYZER}", f"Do that, or set {review.lacking}.")
    known = await judge_packages(work.proposal.packages, [PERSPECTIVE], work.change, work.workshop.mirror)
    return replace(
        review,
        remarks=in_order(
            [
                *of_findings(PERSPECTIVE, known.findings.get(PERSPECTIVE, ())),
                *of_findings(VETO, findings_of_pleas(plain)),
                *map(of_alarm, analysis.alarms),
                *map(of_weakening, plain.weakenings),
            ]
        ),
        missing=analysis.missing,
    )


async def _by_council(box: Box, model: Model, work: Work, plain: Plain, review: Review) -> Review:
    analysis = await _analyze(box, work)
    mirror, change, rules = work.workshop.mirror, work.change, work.rules
    asked = work.only or await who_reviews(mirror, change.base, change.head, rules.policy, work.proposal.base.branch)
    matter = Matter(
        mirror=mirror,
        change=change,
        title=work.proposal.title,
        body=work.proposal.body,
        tests=_TESTS,
        old_tests=_TESTS,
        guidance=rules.guidance,
        alarms=render_alarms(analysis),
        weakened=render_weakenings(plain),
        words=words_on(rules.policy, change.files),
        vetoes=vetoes_of([rules.policy]),
        packages=await judge_packages(work.proposal.packages, asked, change, mirror),
    )
    meter = Meter(model, rules.policy.budget)
    held = await hold_session(matter, asked, meter, box, await work.workshop.lay_out())
    heard = await only_fitting(mirror, change.head, speak_plainly(held.heard, plain, held.lines))
    pleas = [] if VETO in heard else findings_of_pleas(plain)
    found = [each for name, said in heard.items() for each in of_findings(name, (*said.kept, *said.unplaced))]
    return replace(
        review,
        remarks=in_order([*found, *of_findings(VETO, pleas)]),
        verdicts=tuple(verdict_of(name, said) for name, said in heard.items()),
        hints=len(analysis.alarms) + len(plain.weakenings),
        weakened=tuple(map(of_weakening, plain.weakenings)),
        unread=held.unread,
        missing=analysis.missing,
        dropped=sum(len(said.dropped) + len(said.withdrawn) for said in heard.values()),
        spent=sum(meter.spent.values(), Spent()),
        what=lead_through((), heard, ()).words.get(WHOLE, ""),
    )


async def _analyze(box: Box, work: Work) -> Analysis:
    there = installed()
    named = configured(work.rules.policy.analyzers, there)
    analysis = await look_at(box, named, work.change, work.workshop)
    if may_change_packages(work.change.files) and work.proposal.packages.changes is None:
        analysis = replace(analysis, missing=(*analysis.missing, _NO_PACKAGE_DATA))
    if there or work.rules.policy.analyzers is not None:
        return analysis
    return replace(analysis, missing=(_NO_ANALYZER, *analysis.missing))


async def _body(project: Project, base: Base) -> str:
    """What the commits say of themselves, as a pull request's description would."""
    said = await messages_since(project, base.commit)
    uncommitted = "Some of this may not be committed yet, so that no message speaks of it."
    return f"{said[:_BODY_CHARS]}\n\n{uncommitted}" if said else uncommitted
