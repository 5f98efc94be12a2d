"""A failing check on an own pull request: run again what is flaky, have repaired what is broken, say what is known."""

from app.forge.ci import rerun_failed
from app.forge.permissions import READ, TALK
from app.forge.read import PullFacts
from app.forge.standing import standing_comment
from app.policy.tend_requests import amend_request, wished_by
from app.policy.values import Json, JsonValue
from app.runs.admission import request_run
from app.runs.engine import Context
from app.store.tended import Origin
from app.store.work import work
from app.wiring import Services
from app.workflows.checks_seen import RERUN, TELL, ChecksLook, Seen, look_at_checks
from app.workflows.checks_text import TRIES, render_checks
from app.workflows.errors import split_reason
from app.workflows.journalled import carry_out, journalled
from app.workflows.texts import brief

_WORKING = frozenset({"queued", "running", "waiting"})
_LEFT = "I leave it alone: what fails without this change is not repaired in it."
_BY_HAND = "It is not mine to run again: do that from its page, or grant the App `actions: write`."
_GIVEN_UP = f"I tried {TRIES} times; a person must look. A push of anybody else gives me new tries."


async def tend_checks(ctx: Context, services: Services, pull: PullFacts, origin: Origin) -> None:
    """Make the next move at the pull request's head, and say in one comment what is known."""
    look = await journalled(ctx, "checks", ChecksLook, lambda: look_at_checks(ctx, services, pull, origin))
    if look.waits or not (look.failed or look.told):
        return
    reruns = await _run_again(ctx, services, pull, look)
    broken = [seen for seen in look.failed if _is_broken(seen, reruns)]
    asked = await _ask_for_repair(ctx, services, pull, origin, look, broken)
    moves = [_move(seen, pull, look, reruns, asked=asked) for seen in look.failed]
    body = render_checks(look, pull.head_sha, moves)
    talk = services.forge.on(ctx.run.repo, TALK)
    told = standing_comment(talk, pull.number, "checks", body, known=None, none_yet=False)
    await carry_out(ctx, TELL, told)


async def _run_again(ctx: Context, services: Services, pull: PullFacts, look: ChecksLook) -> dict[int, bool]:
    """Of each workflow run in which something flaky failed: whether it is run again now. Once a head and run."""
    wanted = {seen.run: seen.attempt for seen in look.failed if seen.judged.verdict == "flaky" and not seen.rerun}
    done = {}
    for run, attempt in wanted.items():
        if run:
            effect = rerun_failed(services.forge.on(ctx.run.repo, READ), run, attempt)
            receipt = await carry_out(ctx, f"{RERUN}{pull.head_sha[:12]}-{run}", effect)
            done[run] = bool(receipt["rerun"])
    return done


def _is_broken(seen: Seen, reruns: dict[int, bool]) -> bool:
    """What failed again is. What could not be run again is as well, unless it is known to pass on this commit."""
    if seen.judged.verdict != "flaky":
        return seen.judged.verdict == "broken"
    return seen.rerun or not (reruns.get(seen.run, False) or seen.judged.passed_here)


async def _ask_for_repair(
    ctx: Context, services: Services, pull: PullFacts, origin: Origin, look: ChecksLook, broken: list[Seen]
) -> bool:
    """One run a head; how often, the store tells, whatever becomes of this process."""
    tries = [each for each in look.attempts if each.head_sha != pull.head_sha]
    if not broken or len(tries) >= TRIES:
        return False
    names: list[JsonValue] = [seen.judged.check.name for seen in broken]
    who = wished_by(origin.asker, origin.permission, origin.account)
    cause: Json = {"head": pull.head_sha, "checks": names, **who}
    wish = amend_request(ctx.run.repo, pull.number, origin.issue, "checks", pull.head_sha, cause)

    async def ask() -> bool:
        async with work(services.database) as db:
            return await request_run(db, wish) is not None

    return bool(await ctx.step("asked-for-repair", ask))


def _move(seen: Seen, pull: PullFacts, look: ChecksLook, reruns: dict[int, bool], *, asked: bool) -> str:
    if seen.judged.verdict == "not mine":
        return _LEFT
    if not _is_broken(seen, reruns):
        return "I had its failed jobs run again." if reruns.get(seen.run) else _BY_HAND
    again = "It failed again when it was run again. " if seen.rerun else ""
    here = next((each for each in look.attempts if each.head_sha == pull.head_sha), None)
    if asked or (here is not None and here.state in _WORKING):
        return f"{again}I look for the cause and repair it."
    if here is not None:
        _, remedy = split_reason(here.reason)
        return f"{again}I could not repair it. {brief(remedy)}".rstrip()
    return again + _GIVEN_UP
