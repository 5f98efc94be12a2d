"""A check that fails on the default branch becomes one issue, where the policy wants that."""

from dataclasses import dataclass

from app.forge import effects
from app.forge.ci import read_checks, read_evidence
from app.forge.git import history_of
from app.forge.history import first_parents, subjects
from app.forge.issues import close_issue, issue
from app.forge.labels import set_label
from app.forge.permissions import READ, TALK
from app.forge.read import read_default_branch
from app.policy.ci import Check, of_others
from app.policy.values import JsonValue, Sha
from app.policy.watching import AUTONOMOUS, Red, find_green, find_red
from app.policy.work_requests import LABEL, sweep_requests
from app.runs.admission import request_run
from app.runs.engine import Context
from app.store.work import work
from app.wiring import Services
from app.workflows.ground import Ground, find_ground
from app.workflows.journalled import carry_out, journalled
from app.workflows.watch_text import render_green, render_red, render_red_title
from app.workflows.watched import CLOSED, OPENED, Known, read_known

_LOOKED_BACK = 20
"""Commits; what has been failing for longer has no last green one that would help."""
_CULPRITS = 20


@dataclass(frozen=True)
class WatchLook:
    """`red`: what fails and no issue tells of. `over`: issues whose checks all pass. `printed`: by the first of `red`.

    `commits`: those among which the cause is, with the first lines of their messages.
    """

    red: tuple[Red, ...]
    over: tuple[Known, ...]
    printed: str = ""
    commits: tuple[tuple[Sha, str], ...] = ()


async def watch(ctx: Context, services: Services) -> None:
    """See which checks fail on the default branch; open an issue for what is new, close the one that is over."""
    repo, read = ctx.run.repo, services.forge.on(ctx.run.repo, READ)
    name = await journalled(ctx, "default-branch", str, lambda: read_default_branch(read))
    ground = await journalled(ctx, "ground", Ground, lambda: find_ground(services, repo, name))
    policy = ground.in_force()
    if not (policy.watch_default and policy.watch_default.issue):
        return
    look = await journalled(ctx, "look", WatchLook, lambda: _look(ctx, services, ground))
    for known in look.over:
        await _close(ctx, services, known, name)
    if look.red:
        await _open(ctx, services, name, look, by_itself=policy.autonomy >= AUTONOMOUS)


async def _look(ctx: Context, services: Services, ground: Ground) -> WatchLook:
    """Goes back only as far as it must: to the last green of all that fails, and to a word on all that was told of."""
    gh, mirror = services.forge.on(ctx.run.repo, READ), services.mirrors.path(ctx.run.repo)
    known = await read_known(services.database, ctx.run.repo.id)
    told = {name for each in known for name in each.checks}
    history: list[tuple[str, list[Check]]] = []
    for sha in (await history_of(mirror, ground.base_sha))[:_LOOKED_BACK]:
        history.append((sha, of_others(await read_checks(gh, sha), services.forge.app_id)))
        red, green = find_red(history), find_green(history)
        if (red or green) and all(each.green for each in red) and told <= green | {each.check.name for each in red}:
            break
    red, green = find_red(history), find_green(history)
    over = tuple(each for each in known if set(each.checks) <= green)
    new = tuple(each for each in red if each.check.name not in told)
    if not new:
        return WatchLook((), over)
    first = new[0]
    stretch = [Sha(first.red)]
    if first.green:
        stretch = await first_parents(mirror, Sha(first.green), Sha(first.red), _CULPRITS)
    commits = await subjects(mirror, stretch)
    return WatchLook(new, over, (await read_evidence(gh, first.check)).printed, tuple(commits))


async def _open(ctx: Context, services: Services, branch: str, look: WatchLook, *, by_itself: bool) -> None:
    """The step that records it comes after the effect, which until then is found again by its marker."""
    talk, since = services.forge.on(ctx.run.repo, TALK), look.red[0].red[:12]
    names = [each.check.name for each in look.red]
    body = render_red(
        branch, look.red, look.commits, look.printed, f"{services.forge.web_url}/{ctx.run.repo.full_name}"
    )
    effect = issue(talk, f"{OPENED}{since}", render_red_title(branch, names), body, ctx.run.created_at)
    number = int(str((await carry_out(ctx, "issue", effect))["number"]))
    record: JsonValue = {"number": number, "checks": list[JsonValue](names), "labelled": by_itself}

    async def remember() -> JsonValue:
        return record

    await ctx.step(f"{OPENED}{since}", remember)
    if by_itself:
        await carry_out(ctx, "label", set_label(talk, number, LABEL))

        async def ask() -> JsonValue:
            (wish,) = sweep_requests(ctx.run.repo, [number], [])
            async with work(services.database) as db:
                return await request_run(db, wish)

        await ctx.step("asked", ask)


async def _close(ctx: Context, services: Services, known: Known, branch: str) -> None:
    """Said before it is closed; whoever works on it ends then."""
    talk = services.forge.on(ctx.run.repo, TALK)
    said = effects.comment(talk, known.number, f"{CLOSED}{known.since}", render_green(branch, known.checks))
    await carry_out(ctx, f"said-{known.since}", said)
    await carry_out(ctx, f"closed-{known.since}", close_issue(talk, known.number))

    async def remember() -> JsonValue:
        return known.number

    await ctx.step(f"{CLOSED}{known.since}", remember)
