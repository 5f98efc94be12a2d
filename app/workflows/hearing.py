"""The council in session on a pull request: what it is shown, and that its steps are journalled."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.agents.alarms import render_alarms
from app.agents.anchor import Anchored
from app.agents.council import Bench
from app.agents.hunks import FileDiff
from app.agents.pack import Packed, ReviewPack, render_parts
from app.agents.panel import Heard, convene
from app.agents.patched import anchor_at
from app.agents.plain import render_weakenings, speak_plainly
from app.agents.views import render_instructions
from app.forge.permissions import READ
from app.forge.read import PullFacts, read_titles_and_bodies
from app.policy.config import Policy
from app.policy.coverage import render_missed
from app.policy.finding import Finding
from app.policy.links import closed_issues
from app.policy.terms import vetoes_of
from app.policy.weakened.found import Weakening
from app.policy.words import words_on
from app.runs.engine import Context
from app.wiring import Services
from app.workflows.analyzing import run_analyzers
from app.workflows.behind import Behind, look_behind
from app.workflows.change import Change
from app.workflows.ground import Ground
from app.workflows.increment_packs import pack_increments
from app.workflows.increments import plan_reading
from app.workflows.journalled import journalled
from app.workflows.metering import metered
from app.workflows.packages import look_up_packages
from app.workflows.past import read_past
from app.workflows.patches import read_patches, read_plain
from app.workflows.proving import Prover
from app.workflows.readings import Increment
from app.workflows.standing_findings import let_stand
from app.workflows.telling import tell
from app.workflows.testing import Tests
from app.workflows.told_tests import ToldTests
from app.workflows.walkthrough import Walkthrough, lead_through
from app.workflows.weighing import Weight, light_reading, shared_readers, weigh
from app.workflows.wished import comes_by_itself
from app.workflows.workshop import Workshop


@dataclass(frozen=True)
class Case:
    """What is judged, by what, and what is known of it. `told`: the tests as those who review are told of them."""

    pull: PullFacts
    ground: Ground
    policy: Policy
    change: Change
    tests: Tests
    old_tests: Tests
    told: ToldTests = ToldTests()


@dataclass(frozen=True)
class Hearing:
    """By perspective; which files nobody read; and what people are told that the change does.

    `terms`: what each goes by. `increments`: who was shown only what is new since they read everything.
    `no_package_data`: packages may have changed, and nobody could say what is known of them. `weakened`: what the diff
    shows to be asked less of. `unlooked`: which analyzers did not look, and why.
    """

    heard: Mapping[str, Heard]
    unread: tuple[str, ...]
    terms: Mapping[str, str] = field(default_factory=dict)
    increments: Mapping[str, Increment] = field(default_factory=dict)
    walk: Walkthrough | None = None
    no_package_data: bool = False
    weakened: tuple[Weakening, ...] = ()
    unlooked: tuple[str, ...] = ()


async def hear(
    ctx: Context,
    services: Services,
    asked: Sequence[str],
    case: Case,
    workshop: Workshop,
    building: Collection[str] = (),
) -> Hearing:
    """Ask the perspectives side by side; their steps are journalled, so a replay asks nobody twice.

    `building`: who may build on what they read of an earlier head.
    """
    weight = await weigh(workshop.mirror, case.change)
    files, touched = await read_patches(
        ctx, workshop.mirror, case.change, for_readers=bool(asked or weight.groups), effort=weight.effort
    )
    pack = await _pack(ctx, services, case, files)
    own = case.pull.author == services.forge.login
    plain = await read_plain(workshop.mirror, case.change, own=own)
    if not asked:
        walk = await tell(ctx, services, lead_through(weight.groups, {}, files), weight.trivial)
        return Hearing({}, render_parts(pack).unread, walk=walk, weakened=plain.weakenings)
    analysis = await run_analyzers(ctx, services, case.policy, case.change, workshop)
    looked_up = await look_up_packages(ctx, services, asked, case.change, workshop)
    words = words_on(case.policy, case.change.files)
    pack = replace(pack, weakened=render_weakenings(plain), alarms=render_alarms(analysis))
    pack = replace(pack, asked=render_instructions(words), packages=looked_up.told)
    pack = await _with_behind(ctx, pack, case.change, workshop, weight)
    judged = (case.ground, case.policy, weight.effort)
    plan = await plan_reading(ctx, services, asked, building, judged, (case.change, files))
    packed = await pack_increments(workshop.mirror, render_parts(pack), pack, plan)
    bench = _bench(ctx, services, case, workshop, weight, packed, asked)
    bench = replace(bench, words=words, known=looked_up.findings)
    calm = case.tests.result != "failed" and not case.told.failed and comes_by_itself(ctx)
    light = light_reading(weight, pack, calm=calm)
    together = shared_readers(weight, pack, asked, vetoes_of([case.policy]), calm=calm)
    await workshop.lay_out()

    async def place(findings: Sequence[Finding]) -> Anchored:
        return await anchor_at(workshop.mirror, case.change.head, touched, findings)

    heard = await convene(bench, packed, asked, place, light, together)
    walk = await tell(ctx, services, lead_through(weight.groups, heard, files), weight.trivial)
    increments = {name: plan.increments[name] for name in packed.increments}
    heard = await let_stand(speak_plainly(heard, plain, touched), increments, place)
    return Hearing(
        heard=heard,
        unread=packed.unread,
        terms=plan.terms,
        increments=increments,
        walk=walk,
        no_package_data=looked_up.unknown,
        weakened=plain.weakenings,
        unlooked=analysis.missing,
    )


def _bench(
    ctx: Context,
    services: Services,
    case: Case,
    workshop: Workshop,
    weight: Weight,
    packed: Packed,
    asked: Sequence[str],
) -> Bench:
    whole = next((name for name in asked if name not in packed.increments), None)
    return Bench(
        model=metered(ctx, services, case.policy.budget),
        box=services.box,
        worktree=workshop.directory,
        steps=ctx,  # reading changes nothing, so a call that was cut off is simply made again
        shared=packed.prefix,
        prove=Prover(services.box, workshop, case.change.base).prove,
        effort=weight.effort,
        walk=weight.walk(whole or asked[0], whole=whole is not None),
        changed=case.change.read_whole,
    )


async def _with_behind(
    ctx: Context, pack: ReviewPack, change: Change, workshop: Workshop, weight: Weight
) -> ReviewPack:
    """Looked for once for this run, so that a prompt stays the same to the byte."""
    behind = await journalled(
        ctx, "behind", Behind, lambda: look_behind(workshop.mirror, change, pack.files, weight.effort)
    )
    told = replace(pack, removed=behind.removed, histories=behind.histories, old_values=behind.old_values)
    return replace(told, there=behind.files, untouched=behind.untouched)


async def _pack(ctx: Context, services: Services, case: Case, files: Sequence[FileDiff]) -> ReviewPack:
    past = await read_past(ctx, services, case.pull, case.change.head)
    read = services.forge.on(ctx.run.repo, READ)
    linked = closed_issues(case.pull.body, ctx.run.repo.full_name)
    issues = await journalled(ctx, "issues", list[str], lambda: read_titles_and_bodies(read, linked))
    return ReviewPack(
        title=case.pull.title,
        body=case.pull.body,
        issues=issues,
        files=files,
        set_aside=case.change.set_aside,
        guidance=case.ground.guidance,
        tests=case.told.now,
        old_tests=case.told.before,
        ran=case.told.ran,
        round_=past.round_,
        previous=past.said,
        uncovered=render_missed(case.tests.coverage) if case.tests.coverage is not None else "",
    )
