"""Work on a labelled issue within one job: the server's own workflow, on a database that ends with the job.

A job cannot wait for people and hears nothing of them. Where the work would wait, it ends and says how to begin again:
what was said meanwhile stands in the issue, and is read then. Nothing but the work and its council is carried out: a
gate that any workflow could write would be none.
"""

import asyncio
import json
import tempfile
from collections.abc import Mapping
from contextlib import AsyncExitStack
from pathlib import Path

import httpx
from sqlalchemy import Row, select

from app.cli.action.deciding import no_model
from app.cli.action.inputs import Inputs
from app.cli.action.job import Job
from app.cli.action.told import Told, tell_decision, tell_failure, tell_nothing
from app.forge.api import Forge
from app.forge.clean import clean_markdown
from app.forge.held import open_held
from app.forge.mirrors import Mirrors
from app.forge.permissions import READ
from app.forge.read import read_issue
from app.policy.event import parse_event
from app.policy.own_app import App
from app.policy.request import RunRequest
from app.policy.routes import route
from app.runs.admission import cancel_subject, request_run
from app.runs.drive import Workflows
from app.runs.driver import Driver
from app.runs.engine import Context
from app.runs.state import RunState
from app.sandbox.analyzers.catalog import installed
from app.sandbox.box import Box, Limits
from app.sandbox.errors import SandboxUnavailableError
from app.settings import Settings
from app.store.engine import migrate, open_database
from app.store.tables import runs, steps
from app.store.work import work
from app.wiring import Services, open_council
from app.workflows import CLEAN_UPS, WORKFLOWS
from app.workflows.errors import split_reason
from app.workflows.waiting import heard

_LOOK_S = 1.0
_TIMEOUT_S = 30.0
_INSTALLATION = 1
"""A job's token is an installation's, but does not say of which; the number is looked at nowhere."""
_DONE_HERE = frozenset({"solve", "part", "review"})
_CANNOT_WAIT = (
    "a job of a workflow cannot wait for people. Say here what is to be said, then take the label off and set it "
    "again: the work begins anew and reads it"
)
_EDITED = (
    "the issue was edited after the label was set, so that nobody asked for what it says now",
    "Read it again; if it is wanted as it is, take the label `quorum` off and set it again.",
)
_ALLOW = (
    "On a runner of Ubuntu 23.10 or newer have a step `sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0` "
    "before this one."
)


async def _nothing(_: Context, __: Services) -> None:
    """What only a server does."""


_WORKFLOWS = {name: do if name in _DONE_HERE else _nothing for name, do in WORKFLOWS.items()}


async def solve_issue(settings: Settings, inputs: Inputs, job: Job) -> Told:
    """Work on the issue until there is a pull request that the council approves, or a person is needed."""
    request = wanted(job)
    if request is None:
        told = "Work begins when a person sets the label `quorum` on an issue: `on: issues` with `types: [labeled]`."
        return tell_nothing(told)
    if settings.missing:
        return tell_decision(no_model(settings.missing))
    await asyncio.to_thread(settings.data_dir.mkdir, parents=True, exist_ok=True, mode=0o700)
    async with AsyncExitStack() as stack:
        box, model = await stack.enter_async_context(open_council(settings))
        why = await _why_it_cannot_run(box)
        if why is not None:
            return tell_failure(f"nothing can be executed here: {clean_markdown(why.what)}", f"{_ALLOW} {why.remedy}")
        client = await stack.enter_async_context(httpx.AsyncClient(timeout=_TIMEOUT_S, trust_env=False))
        database = open_database(settings.database_url)
        stack.push_async_callback(database.dispose)
        await migrate(database)
        held = inputs.github_token.get_secret_value()
        forge = await open_held(settings, client, held, request.repo)
        if await _was_edited(forge, request, job.event):
            return tell_failure(*_EDITED)
        mirrors = Mirrors(settings.data_dir / "mirrors", forge)
        trees = settings.data_dir / "worktrees"
        services = Services(settings, database, forge, mirrors, box, model, trees, installed())
        return await _solve(services, request)


def wanted(job: Job) -> RunRequest | None:
    """What the server would do for this event, if that is work on an issue. Pure."""
    body = json.loads(job.event)
    told = {**body, "installation": {"id": _INSTALLATION}} if isinstance(body, dict) else {}
    asked = route(parse_event(job.event_name, "job", told), App(0, "github-actions"), ())
    return next((each for each in asked if each.workflow == "solve"), None)


async def _was_edited(forge: Forge, request: RunRequest, event: bytes) -> bool:
    """Whether the issue says other things than when a person read it and set the label; a job can wait long."""
    labelled = json.loads(event)["issue"]
    issue = await read_issue(forge.on(request.repo, READ), request.number)
    return (issue.title, issue.body) != (labelled.get("title"), labelled.get("body") or "")


async def _why_it_cannot_run(box: Box) -> SandboxUnavailableError | None:
    with tempfile.TemporaryDirectory(prefix="quorum-action-") as name:
        try:
            await box.run(["true"], worktree=Path(name), limits=Limits())
        except SandboxUnavailableError as error:
            return error
    return None


async def _solve(services: Services, request: RunRequest) -> Told:
    async with work(services.database) as db:
        run_id = await request_run(db, request)
    if run_id is None:
        return tell_nothing("An earlier step of this job works on the issue already.")
    stop = asyncio.Event()
    told = Workflows(_WORKFLOWS, CLEAN_UPS)
    settings = services.settings
    driver = Driver(
        services.database, "job", told, services, slots=settings.concurrency, lease_s=settings.lease_s, poll_s=_LOOK_S
    )
    async with asyncio.TaskGroup() as group:
        group.create_task(_stop_when_over(services, request, run_id, stop))
        group.create_task(driver.run_until(stop))
    return _tell(await _row(services, run_id), await _pull_of(services, run_id))


async def _stop_when_over(services: Services, request: RunRequest, run_id: str, stop: asyncio.Event) -> None:
    """Or when it waits for a person: then it is told to end, and cleans up."""
    while not stop.is_set():
        row = await _row(services, run_id)
        if row.finished_at is not None:
            stop.set()
            return
        if row.waits_for == heard(request.repo.id, request.number):
            async with work(services.database) as db:
                subject = request.repo.id, request.number
                await cancel_subject(db, *subject, ("solve", "part"), _CANNOT_WAIT)
        await asyncio.sleep(_LOOK_S)


async def _row(services: Services, run_id: str) -> Row[tuple[object, ...]]:
    async with services.database.connect() as db:
        return (await db.execute(select(runs).where(runs.c.id == run_id))).one()


async def _pull_of(services: Services, run_id: str) -> int | None:
    """The pull request that was opened, by the journal."""
    mine = (steps.c.run_id == run_id) & (steps.c.name == "pull-request") & steps.c.finished_at.is_not(None)
    async with services.database.connect() as db:
        row = (await db.execute(select(steps.c.value).where(mine))).one_or_none()
    return None if row is None or not isinstance(row.value, Mapping) else int(str(row.value["number"]))


def _tell(row: Row[tuple[object, ...]], pull: int | None) -> Told:
    outputs = {"pull-request": str(pull or "")}
    where = f" Pull request #{pull}." if pull else ""
    if row.state == RunState.SUCCEEDED and pull is None:
        return tell_nothing("The issue is closed or has no label `quorum`, or who set it may not start work here.")
    if row.state == RunState.SUCCEEDED:
        return Told("solved", 0, f"### Quorum is done\n\nThe council approved.{where}", outputs=outputs)
    reason, remedy = split_reason(str(row.reason or ""))
    if row.state == RunState.CANCELLED:
        return Told("stopped", 0, f"### Quorum ended its work\n\n{clean_markdown(reason)}.{where}", outputs=outputs)
    failed = tell_failure(clean_markdown(reason).rstrip("."), f"{clean_markdown(remedy or 'See the issue.')}{where}")
    return Told("failed", failed.code, failed.page, outputs=outputs)
