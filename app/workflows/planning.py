"""Before anything is built: two plans and a vote on them for what is not small, and a person's word where it is asked.

Small issues are built without a plan, unless the policy leaves the beginning to people (`autonomy: 1`).
"""

from dataclasses import replace

from app.agents.planning import Planned
from app.forge import effects
from app.forge.permissions import TALK
from app.policy.config import Policy
from app.policy.plan import LETTERS
from app.policy.plan_words import which_plan
from app.policy.render import code
from app.policy.smallness import is_small
from app.policy.votes import alike
from app.runs.engine import Context
from app.wiring import Services
from app.workflows.agreed import STEP, Agreed, Proposal
from app.workflows.errors import NeedsPersonError
from app.workflows.journalled import carry_out, journalled
from app.workflows.plan_texts import render_plan
from app.workflows.progress import Progress
from app.workflows.proposing import open_desk, propose
from app.workflows.task import Task
from app.workflows.texts import brief
from app.workflows.understood import wanted_told
from app.workflows.wishes import autonomy_within
from app.workflows.word_on_plan import Word, hear_word
from app.workflows.workshop import Workshop

_ROUNDS = 3
_ASKS = 1
"""The level of autonomy at which nothing is built without a person's word."""
_SPLITS = 3
"""The level from which a large issue is split unasked, where the policy says neither yes nor no."""
_SUMMARY = 300
_COMPARED = "two plans, compared by votes"
_SAY_MORE = "Say in the issue how it should be done, then take the label `quorum` off and set it again."


async def agree_on_plan(ctx: Context, services: Services, progress: Progress, task: Task, workshop: Workshop) -> Agreed:
    """Plan the issue if that is worth it, post the plan, and wait for a word on it if the policy says so.

    Raises `NeedsPersonError` when a word is asked and there is no plan, or three were refused.
    """
    autonomy = await journalled(ctx, "autonomy", int, lambda: _read_autonomy(ctx, services, task))
    small = is_small(task.issue.title, task.issue.body, task.issue.labels)
    if small and autonomy > _ASKS:
        return Agreed()
    reasons: list[str] = []
    desk = await open_desk(ctx, services, task, workshop)
    for round_ in range(1, _ROUNDS + 1):
        proposal = await propose(desk, task, workshop, round_, 1 if small else 2, reasons)
        if isinstance(proposal, str):
            return await _without_plan(progress, proposal, asks=autonomy <= _ASKS)
        asks = bool(reasons) or _asks(task.policy, autonomy, proposal)
        comment_id = await _post(ctx, services, proposal, round_, asks=asks)
        if not asks:
            await progress.stage("planned", _told(proposal))
            return await _keep(ctx, task, proposal.agreed(), comment_id)
        await progress.stage(f"planned-{round_}", f"{_told(proposal)} Waiting for `@{services.forge.slug} go`")
        word = await hear_word(ctx, services, _step(round_), comment_id)
        if word.verb == "go":
            return await _keep(ctx, task, await _go(progress, proposal, word), comment_id)
        reasons.append(word.text or "(no reason was given)")
        await progress.stage(f"redo-{round_}", f"{code(word.login)} asked for another plan")
    raise NeedsPersonError(f"{_ROUNDS} plans were refused, the last one because: {brief(reasons[-1])}", _SAY_MORE)


async def _read_autonomy(ctx: Context, services: Services, task: Task) -> int:
    """A person may have asked for less than the policy allows."""
    async with services.database.connect() as db:
        return await autonomy_within(db, ctx.run.repo.id, ctx.run.number, task.policy)


def _asks(policy: Policy, autonomy: int, proposal: Proposal) -> bool:
    """Whether a person is to speak first: always at the lowest autonomy, and at low ones before an issue is split."""
    splits = proposal.agreed().splits and policy.split == "ask" and autonomy < _SPLITS
    return autonomy <= _ASKS or splits


def _step(round_: int) -> str:
    return f"plan-comment-{round_}"


async def _post(ctx: Context, services: Services, proposal: Proposal, round_: int, *, asks: bool) -> int:
    """The comment with the plan; its id."""
    slug, note = services.forge.slug if asks else "", _note(proposal.planned)
    body = render_plan(proposal.planned.plans, proposal.choice, proposal.votes, slug=slug, round_=round_, note=note)
    talk, key = services.forge.on(ctx.run.repo, TALK), f"plan-{round_}-{ctx.run.id}"
    receipt = await carry_out(ctx, _step(round_), effects.comment(talk, ctx.run.number, key, body))
    return int(str(receipt["id"]))


async def _go(progress: Progress, proposal: Proposal, word: Word) -> Agreed:
    letter, rest = which_plan(word.text, len(proposal.planned.plans))
    await progress.stage("go", f"{code(word.login)} let plan {letter or proposal.choice.plan} go ahead")
    return proposal.agreed(letter, rest, word.login)


async def _keep(ctx: Context, task: Task, agreed: Agreed, comment: int) -> Agreed:
    """In the journal, for the runs that build parts of it and for who looks at this one."""

    async def value() -> Agreed:
        return replace(agreed, wanted=tuple(wanted_told(task.understanding)), comment=comment)

    return await journalled(ctx, STEP, Agreed, value)


async def _without_plan(progress: Progress, why: str, *, asks: bool) -> Agreed:
    """Where no word is asked, the work goes on as it would for a small issue."""
    if asks:
        raise NeedsPersonError(f"No plan could be made: {brief(why)}", _SAY_MORE)
    await progress.stage("planned", f"No plan could be made ({brief(why)}); working without one")
    return Agreed()


def _told(proposal: Proposal) -> str:
    plans = proposal.planned.plans
    made = "one plan" if len(plans) == 1 else "two plans that are alike" if alike(*plans) else _COMPARED
    return f"Planned ({made}): {brief(proposal.plan(proposal.choice.plan).summary, _SUMMARY)}"


def _note(planned: Planned) -> str:
    """How the plans came about, where that is worth knowing."""
    if planned.why:
        return f"A second plan was asked for and not made ({brief(planned.why)})."
    told = []
    if len(set(planned.models)) > 1:
        made = zip(LETTERS, planned.models, strict=True)
        told += [f"Plan {letter} was made by {code(model)}." for letter, model in made]
    if len(planned.plans) > 1 and alike(*planned.plans):
        told.append("Both plans have the same steps and files, so nobody voted on them.")
    return " ".join(told)
