"""What a run needs that changes an own pull request as it stands: its facts, its ground, and a commit on top of it."""

from dataclasses import dataclass, replace

from app.agents.cut import first_lines
from app.agents.envelope import enclose
from app.forge.changed import changed_files
from app.forge.errors import RefusedError
from app.forge.git import changed_paths, diff, list_files, only_merge_base
from app.forge.permissions import READ
from app.forge.read import IssueFacts, PullFacts, read_issue, read_pull
from app.knowledge.named import named_files
from app.policy.values import Sha
from app.policy.work_requests import review_request
from app.runs.engine import Context
from app.runs.errors import RunEndingError
from app.runs.state import RunState
from app.wiring import Services
from app.workflows.draft import end_draft
from app.workflows.ground import Ground, find_ground
from app.workflows.journalled import journalled
from app.workflows.manners import Manners, read_manners
from app.workflows.mend import may_mend
from app.workflows.publishing import commit_and_push
from app.workflows.standing import Standing, read_standing
from app.workflows.task import Asker, Task
from app.workflows.testing import Tests
from app.workflows.understanding import find_tests
from app.workflows.workshop import Workshop
from app.workflows.writing import Written

PUSHED = "pushed"
_ROUND = 2
"""Of the commit: the first one makes a branch, and this branch is there."""
_NO_TESTS = "No test command is configured."
_DIFF_CHARS = 30_000


@dataclass(frozen=True)
class Start:
    """Where the change begins, `base`, and what it is judged by. `tip`: the newest commit of the base branch."""

    ground: Ground
    base: Sha
    manners: Manners = Manners()

    @property
    def tip(self) -> Sha:
        return self.ground.base_sha


@dataclass(frozen=True)
class Site:
    pull: PullFacts
    task: Task
    start: Start


async def arrive(ctx: Context, services: Services) -> Site:
    """Read what is there now. Ends as superseded when the pull request is over, or its head is another than wished."""
    repo, number = ctx.run.repo, ctx.run.number
    read = services.forge.on(repo, READ)
    pull = await journalled(ctx, "pull", PullFacts, lambda: read_pull(read, number))
    if not may_mend(pull, services) or ctx.run.head_sha not in {None, pull.head_sha}:
        raise RunEndingError(RunState.SUPERSEDED, f"the pull request is {pull.state} at {pull.head_sha[:12]}")
    issue_number = int(str(ctx.run.cause["issue"]))
    issue = await journalled(ctx, "issue", IssueFacts, lambda: read_issue(read, issue_number))
    start = await journalled(ctx, "start", Start, lambda: _find_start(ctx, services, pull))
    cause = ctx.run.cause
    account = cause.get("account")
    asker = Asker(
        str(cause.get("sender", "")),
        str(cause.get("permission", "none")),
        account if isinstance(account, int) else 0,
    )
    ground = replace(start.ground, base_sha=start.base)
    task = Task(issue, asker, ground, start.ground.in_force(), pull.head_ref, manners=start.manners)
    return Site(pull, task, start)


async def with_tests(ctx: Context, services: Services, site: Site, workshop: Workshop) -> tuple[Site, Tests]:
    """With the command by which the tests run, found out where none is configured, and their result now."""
    task, before = await find_tests(ctx, services, site.task, workshop)
    return replace(site, task=task), before


async def expecting(site: Site, workshop: Workshop, told: str) -> Site:
    """Files of the change, and those that `told` speaks of, are what an amendment is about."""
    touched = await changed_paths(workshop.mirror, site.start.base, site.pull.head_sha)
    named = named_files(told, await list_files(workshop.mirror, site.pull.head_sha))
    return replace(site, task=replace(site.task, expected=(*touched, *named)))


async def _find_start(ctx: Context, services: Services, pull: PullFacts) -> Start:
    repo = ctx.run.repo
    ground = await find_ground(services, repo, pull.base_ref)
    head = await services.mirrors.fetch(repo, f"refs/pull/{pull.number}/head")
    if head != pull.head_sha:
        raise RunEndingError(RunState.SUPERSEDED, f"the head is {head[:12]} now")
    mirror = services.mirrors.path(repo)
    base = await only_merge_base(mirror, ground.base_sha, head)
    return Start(ground, base, await read_manners(mirror, ground.base_sha))


async def tell_site(site: Site, workshop: Workshop, before: Tests) -> list[str]:
    """For an agent that amends a pull request: its issue, the change as far as there is room for it, and its tests."""
    patch = await diff(workshop.mirror, site.start.base, site.pull.head_sha)
    issue, test, described = site.task.issue, site.task.policy.test, site.pull.body
    return [
        "The issue that the change is for:",
        enclose("issue", f"{issue.title}\n\n{issue.body}"),
        *(["What the pull request says of it so far:", enclose("description", described)] if described else []),
        "The change as it stands on its branch:",
        enclose("diff", first_lines(patch.decode("utf-8", "replace"), _DIFF_CHARS), rendered=False),
        f"The test command is `{test}`; there: {before.line}." if test else _NO_TESTS,
    ]


async def push_on_top(ctx: Context, services: Services, site: Site, workshop: Workshop, written: Written) -> Sha:
    """Commit the tree on top of the head and push it; what somebody pushed meanwhile is not pushed over."""
    await must_be_open(ctx, services)
    parent = site.pull.head_sha
    try:
        head = await commit_and_push(ctx, services, site.task, workshop, written, parent=parent, round_=_ROUND)
    except RefusedError:
        await end_if_moved(ctx, services, parent)
        raise
    return await remember_push(ctx, head)


async def end_if_moved(ctx: Context, services: Services, parent: Sha) -> None:
    """Why a push was refused: somebody else's came first, and what is needed now is for another look to say."""
    there = await read_pull(services.forge.on(ctx.run.repo, READ), ctx.run.number)
    if there.head_sha != parent:
        raise RunEndingError(RunState.SUPERSEDED, f"the head is {there.head_sha[:12]} now")


async def must_be_open(ctx: Context, services: Services) -> None:
    """The event that tells of its end may be late. Ends as superseded."""
    gh = services.forge.on(ctx.run.repo, READ)

    async def state() -> str:
        return (await read_pull(gh, ctx.run.number)).state

    told = await journalled(ctx, "still-open", str, state)
    if told != "open":
        raise RunEndingError(RunState.SUPERSEDED, f"the pull request is {told}")


async def remember_push(ctx: Context, head: Sha) -> Sha:
    """For who counts what was tried: with this step the attempt is one that was pushed."""

    async def told() -> str:
        return head

    return Sha(await journalled(ctx, PUSHED, str, told))


async def make_ready(ctx: Context, services: Services, site: Site, head: Sha) -> None:
    """A draft, which nobody else brings on any more, ends when the council agrees to what was pushed."""
    repo, pull = ctx.run.repo, site.pull
    if not pull.draft:
        return
    await ctx.child(review_request(repo, pull.number, head))

    async def read() -> Standing:
        changed = await changed_files(services.mirrors.path(repo), site.start.base, head)
        return await read_standing(services.database, repo.id, pull.number, head, site.start.ground.in_force(), changed)

    if (await journalled(ctx, "standing", Standing, read)).approved:
        await end_draft(ctx, services, pull.number, pull.node_id, head)
