"""The gate: read the facts again, decide, and say so in one check run on the pull request's head."""

import hashlib
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace

from app.forge.api import GitHub
from app.forge.check_effects import CheckRun
from app.forge.clean import clean_markdown
from app.forge.errors import RefusedError
from app.forge.permissions import CHECKS, READ
from app.forge.read import PullFacts, read_pull
from app.policy.asking import who_is_asked
from app.policy.checks import GATE_CHECK, external_id
from app.policy.decision import Decision, conclusion, strictest
from app.policy.drafts import keeps_draft
from app.policy.render import render_decision
from app.policy.values import Json, Repo, Sha
from app.policy.work_requests import recheck_request, review_request
from app.runs.admission import request_run
from app.runs.engine import Context
from app.runs.errors import Suspended
from app.store import looks
from app.store.work import work
from app.wiring import Services
from app.workflows.automerge import merge_if_wanted
from app.workflows.council_facts import council_facts, review_facts
from app.workflows.deciding import judge, keep
from app.workflows.draft import tell_of_green
from app.workflows.gate_check import BUTTONS, announce, end_older, write_gate
from app.workflows.gathering import Gathered, gather
from app.workflows.labelling import labels_wanted, set_labels
from app.workflows.regroup import judge_groups_again
from app.workflows.unheard import is_unheard, look_for_since

_LOOKS, _PAUSE_S = 3, 5.0
_KIND = "gate"
"""What sets the check runs of pull requests apart from those of merge groups, which have its name too."""


async def recheck(ctx: Context, services: Services) -> None:
    """Write `quorum/gate` for the newest head of an open pull request; a closed one keeps what it has come to.

    Deciding and writing are one effect: after a crash yesterday's decision is not written over today's.
    """
    gh = services.forge.on(ctx.run.repo, CHECKS)
    approved: list[Gathered] = []

    async def decide_and_write() -> Json:
        try:
            seen, still = await _decide(ctx, services)
        except RefusedError as error:
            return await _tell_refusal(ctx, services, gh, error)
        if not still and all(decision.status == "approved" for _, decision in seen):
            raise Suspended("pull request to hold still", time.time() + _PAUSE_S)
        wanted = await _checks(services, ctx.run.repo, seen)
        news = [await write_gate(services, gh, want, afresh=_is_asked(ctx)) for want in wanted]
        if any(news):
            await _let_others_look(ctx, services, seen)
        await end_older(services, gh, ctx.run.number, seen[0][0].pull.head_sha if seen else None)
        if not still:
            raise Suspended("pull request to hold still", time.time() + _PAUSE_S)
        approved[:] = [gathered for gathered, decision in seen if decision.status == "approved"]
        if not seen:
            return {}
        mine = [gathered.pull.head_sha for gathered in approved if gathered.pull.number == ctx.run.number]
        labels = labels_wanted(seen, ctx.run.number)
        told: Json = {"title": seen[0][1].title, "status": seen[0][1].status, "approved": mine[0] if mine else None}
        told["draft"] = next(iter(_free_drafts(ctx, services, seen)), None)
        return told if labels is None else {**told, "labels": list(labels)}

    async def find() -> Json | None:
        """Of an earlier process's decision nothing is known; writing again what is there costs nothing."""
        return None

    told = await ctx.effect("gate", decide_and_write, find)
    await set_labels(ctx, services, told.get("labels"))
    if told.get("draft"):
        await tell_of_green(ctx, services, str(told["draft"]))
    if told.get("approved"):
        mine = next((gathered for gathered in approved if gathered.pull.number == ctx.run.number), None)
        await merge_if_wanted(ctx, services, Sha(str(told["approved"])), mine)


def _free_drafts(ctx: Context, services: Services, seen: Sequence[tuple[Gathered, Decision]]) -> list[str]:
    """The branch of this pull request, if it is a draft of our own that nothing but people's approval keeps."""
    mine = [(each.pull, decision) for each, decision in seen if each.pull.number == ctx.run.number]
    ours = [(pull, decision) for pull, decision in mine if pull.draft and pull.author == services.forge.login]
    return [pull.head_ref for pull, decision in ours if pull.from_here and keeps_draft(decision.node) is None]


async def _tell_refusal(ctx: Context, services: Services, gh: GitHub, error: RefusedError) -> Json:
    """What GitHub or git will not do stays so until somebody acts: histories without a common commit, a right taken."""
    pull = await read_pull(services.forge.on(ctx.run.repo, READ), ctx.run.number)
    title, text = "Cannot be judged: see why", clean_markdown(str(error))
    key = external_id(pull.number, "gate")
    want = CheckRun(pull.head_sha, GATE_CHECK, key, title, text, "action_required", actions=BUTTONS)
    if pull.state == "open":
        await write_gate(services, gh, want, afresh=True)
    return {"title": title, "status": "error"}


def _is_asked(ctx: Context) -> bool:
    """Somebody pressed "Re-run", and GitHub may have taken the check back to the beginning; the sweep mends as well."""
    return ctx.run.cause.get("event") in {"check_run.rerequested", "check_suite.rerequested", "sweep"}


def is_small(ctx: Context) -> bool:
    """Whether the event that woke the run can have changed nothing but what the pull request itself says."""
    return ctx.run.cause.get("look") == "small"


async def _decide(ctx: Context, services: Services) -> tuple[list[tuple[Gathered, Decision]], bool]:
    """Facts and decision of each open pull request with this head, and whether it held still while they were read.

    It does not while somebody waits for an answer that may close it.

    What moves all the time can be refused, else who edits it once a second would keep the approval that it has.
    """
    read = services.forge.on(ctx.run.repo, READ)
    pulls = await _pulls_of_head(services, read, ctx.run.number)
    if pulls:
        await announce(services, ctx.run.repo, pulls[0].head_sha, pulls[0].number)
    for _ in range(_LOOKS):
        seen = [await _look(ctx, services, pull) for pull in pulls]
        still = is_small(ctx) or await _still(services, read, ctx.run.number, pulls)
        if still:
            break
        pulls = await _pulls_of_head(services, read, ctx.run.number)
    for gathered, decision in seen:
        if decision.status != "approved":
            await judge_groups_again(ctx, services, gathered)
        if still or decision.status != "approved":
            await keep(services, ctx.run.repo, gathered, decision)
            await _ask_who_is_missing(services, ctx, gathered)
    return seen, still and all(gathered.facts.statements is not None for gathered, _ in seen)


async def _look(ctx: Context, services: Services, pull: PullFacts) -> tuple[Gathered, Decision]:
    """A whole look waits for words that close the gate and have no answer yet."""
    small, gh = is_small(ctx), services.forge.on(ctx.run.repo, READ)
    since = await look_for_since(services, gh.repo.id, pull.number)
    gathered = await gather(services, ctx.run.repo, pull, small=small)
    if not small and await is_unheard(services, gh, pull.number, since):
        gathered = replace(gathered, facts=replace(gathered.facts, statements=None))
    return gathered, judge(gathered)


async def _still(services: Services, read: GitHub, number: int, pulls: Sequence[PullFacts]) -> bool:
    return await _pulls_of_head(services, read, number) == pulls


async def _pulls_of_head(services: Services, read: GitHub, number: int) -> list[PullFacts]:
    """The open pull requests whose head is that of this one, itself included if it is open.

    GitHub keeps checks by commit. Where a commit is the head of several pull requests, the check of each says the
    worst for all of them: else the one with the harmless base would open the way for the other.
    """
    pull = await read_pull(read, number)
    async with services.database.connect() as db:
        others = [each for each in await looks.pulls_with_head(db, read.repo.id, pull.head_sha) if each != number]
    found = [pull, *[await read_pull(read, each) for each in others]]
    return [each for each in found if each.state == "open" and each.head_sha == pull.head_sha]


async def _let_others_look(ctx: Context, services: Services, seen: Sequence[tuple[Gathered, Decision]]) -> None:
    """Looks at pull requests with one head go on side by side: what one writes, another may have overtaken meanwhile.

    Whoever has news has the others look once more; one that finds nothing new ends it.
    """
    async with work(services.database) as db:
        for gathered, _ in seen:
            if gathered.pull.number != ctx.run.number:
                await request_run(db, recheck_request(ctx.run.repo, gathered.pull.number))


async def _checks(services: Services, repo: Repo, seen: Sequence[tuple[Gathered, Decision]]) -> list[CheckRun]:
    """Those of closed pull requests too: on one commit the newest check run of a name counts, whosoever it was.

    Where a pull request is into a branch that requires the gate, those into branches that do not say nothing: they can
    be merged regardless, and anybody could open one to keep the other shut.
    """
    guarded = [each for each in seen if each[0].facts.guarded is not False] or seen
    decisions: Mapping[int, Decision] = {gathered.pull.number: decision for gathered, decision in guarded}
    if not decisions:
        return []
    head = seen[0][0].pull.head_sha
    async with services.database.connect() as db:
        known = [each for each in await looks.gates_on(db, repo.id, head) if each.endswith(f"/{_KIND}")]
    decision = strictest(decisions) if len(decisions) > 1 else next(iter(decisions.values()))
    text, end = render_decision(decision), conclusion(decision)[1]
    check = CheckRun(head, GATE_CHECK, "", decision.title, text, end, actions=BUTTONS)
    numbers = [gathered.pull.number for gathered, _ in seen]
    keys = dict.fromkeys([*(external_id(number, _KIND) for number in numbers), *known])
    return [replace(check, external_id=key) for key in keys]


async def _ask_who_is_missing(services: Services, ctx: Context, gathered: Gathered) -> None:
    """Ask who must review and has not spoken of this diff on these terms: a rule, a policy or a base came to differ.

    Not while a review goes on, nor after one that failed; once for what is missing. A policy that cannot be used asks
    nobody, as nobody could be told by what to judge. A review can have spoken since the facts were read: who seems to
    be missing is looked for once more.
    """
    facts = gathered.facts
    if facts.running or facts.stopped is not None or facts.head_sha is None or not gathered.can_be_judged:
        return
    missing = _missing(gathered) and await _still_missing(services, ctx.run.repo, gathered)
    if missing:
        told = json.dumps([facts.head_sha, facts.fingerprint, missing])
        cause = f"missing-{hashlib.sha256(told.encode()).hexdigest()[:16]}"
        request = review_request(ctx.run.repo, gathered.pull.number, facts.head_sha, cause=cause, event="missing")
        async with work(services.database) as db:
            await request_run(db, request)


async def _still_missing(services: Services, repo: Repo, gathered: Gathered) -> list[tuple[str, list[str]]]:
    change, number = gathered.change, gathered.pull.number
    if (await review_facts(services, repo.id, number, change)).running:
        return []
    verdicts, _, _ = await council_facts(services, repo.id, number, change)
    return _missing(replace(gathered, facts=replace(gathered.facts, verdicts=verdicts)))


def _missing(gathered: Gathered) -> list[tuple[str, list[str]]]:
    """Perspectives without a verdict for this very diff, or with one that was carried further than they may."""
    facts = gathered.facts
    asked = who_is_asked(facts, gathered.policy, gathered.proposed.policy)
    missing = []
    for name, same in asked.items():
        said = facts.verdicts.get(name)
        current = said is not None and (said.head_sha, said.fingerprint) == (facts.head_sha, facts.fingerprint)
        if said is None or not current or (said.carried_from and not same <= said.same):
            missing.append((name, list(map(str, sorted(same)))))
    return missing
