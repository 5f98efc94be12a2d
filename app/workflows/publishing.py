"""From a finished work tree to commits, a branch and a pull request. Nothing here listens to a model."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pydantic import TypeAdapter

from app.forge import effects
from app.forge.clean import clean_plain
from app.forge.git import changed_paths, commit_tree, diff, tree_of
from app.forge.neighbours import Neighbour, read_neighbours
from app.forge.permissions import PUBLISH, READ
from app.forge.read import IssueFacts, has_pull
from app.policy.render import code
from app.policy.values import Repo, Sha
from app.runs.engine import Context
from app.store import tended
from app.wiring import Services
from app.workflows.agreed import STEP, Agreed
from app.workflows.commit_text import render_message, render_subject
from app.workflows.errors import NeedsPersonError
from app.workflows.journalled import carry_out, journalled
from app.workflows.listening import heed_pause
from app.workflows.objecting import find_objections, find_outside, scan_for_secrets
from app.workflows.pull_text import render_neighbours, render_planned, render_pull_body, render_since
from app.workflows.stand_ins import stand_ins
from app.workflows.task import Task
from app.workflows.verifying import Verification
from app.workflows.wanted import insist_on_wish
from app.workflows.workshop import Workshop
from app.workflows.writing import Written

_ATTEMPTS = 20
_PATHS_CHARS = 200_000
"""As JSON, of a change that touches very many files."""
_MEANWHILE = "while it was worked on"


@dataclass(frozen=True)
class Pull:
    """`body`: the description as this run wrote it last; empty if it wrote none."""

    number: int
    node_id: str
    body: str = ""


@dataclass(frozen=True)
class PullText:
    """Of a pull request that is about to be opened; `paths`: the files that it changes, as many as are kept."""

    title: str
    body: str
    paths: tuple[str, ...]


async def commit_and_push(
    ctx: Context, services: Services, task: Task, workshop: Workshop, written: Written, *, parent: Sha, round_: int
) -> Sha:
    """Commit the tree as it stands on top of `parent` and push it. Raises `NeedsPersonError` for a refused change.

    Nothing is pushed while the work is paused.
    """
    await heed_pause(ctx, services)

    async def make() -> str:
        plain = task.manners.style.form == "plain"
        paths = [] if plain else await changed_paths(workshop.mirror, parent, workshop.tree)
        message = render_message(task, written, ctx.run.id, paths)
        author, at = services.forge.author, ctx.run.created_at
        return await commit_tree(workshop.mirror, workshop.tree, [parent], message, author, at)

    async def make_if_allowed() -> str:
        if ctx.run.workflow == "solve":
            await insist_on_wish(ctx, services, _MEANWHILE)
        await require_no_objection(services, task, workshop, parent)
        return await make()

    commit = Sha(await journalled(ctx, f"commit-{round_}", str, make_if_allowed))
    await make()  # the same commit, should another machine have made it
    expected = None if round_ == 1 else parent
    await carry_out(ctx, f"push-{round_}", services.mirrors.push(ctx.run.repo, commit, task.branch, expected))
    return commit


async def require_no_objection(services: Services, task: Task, workshop: Workshop, parent: Sha) -> None:
    """Raises `NeedsPersonError` for what the writer was told and handed in all the same."""
    mirror, base = workshop.mirror, task.ground.base_sha
    found = await find_objections(mirror, base, parent, workshop.tree)
    refused = list(found.refused)
    if not refused:
        patch = await diff(mirror, parent, workshop.tree)
        refused += (await scan_for_secrets(services, await workshop.lay_out(), patch)).refused
    if refused or await tree_of(mirror, parent) == workshop.tree:
        listed = "; ".join(f"{code(each.path)}: {clean_plain(each.reason)}" for each in refused[:10])
        raise NeedsPersonError(
            f"The change is not pushed: {listed or 'no file changed'}.",
            "A person decides: make this part by hand, or say in the issue that it is not wanted, and set the label "
            "again. Quorum weakens no tests and touches none of these files by itself, whoever asks for it.",
        )


async def open_pull_request(
    ctx: Context, services: Services, task: Task, written: Written, verification: Verification, head: Sha
) -> Pull:
    """A draft, its description in the project's template; a later one tells of those that touch the same files.

    Not while the work is paused: since the push, tests have run.
    """
    await heed_pause(ctx, services)

    async def word() -> PullText:
        await insist_on_wish(ctx, services, _MEANWHILE)
        return await _word(ctx, services, task, written, verification, head)

    # Kept: to work it out again at every replay takes longer than to read it.
    text = await journalled(ctx, "pull-text", PullText, word)
    publish = services.forge.on(ctx.run.repo, PUBLISH)
    effect = effects.pull_request(publish, task.branch, task.ground.base_ref, text.title, text.body)
    receipt = await carry_out(ctx, "pull-request", effect)
    pull = Pull(int(str(receipt["number"])), str(receipt["node_id"]), text.body)
    await _tell_neighbours(ctx, services, task, pull, text.paths)
    return pull


async def _word(
    ctx: Context, services: Services, task: Task, written: Written, verification: Verification, head: Sha
) -> PullText:
    mirror, base = services.mirrors.path(ctx.run.repo), task.ground.base_sha
    paths = await changed_paths(mirror, base, head)
    asked = (await find_objections(mirror, base, base, await tree_of(mirror, head))).asked
    asked += await find_outside(mirror, base, head, task.expected)
    stood_in = await stand_ins(ctx, services)
    written = replace(written, planned=await _planned(ctx, services, written))
    body = render_pull_body(task, written, verification, asked, paths, ctx.run.id, stood_in)
    return PullText(render_subject(task, written.title, paths), body, kept_paths(paths))


async def _planned(ctx: Context, services: Services, written: Written) -> str:
    """Empty where nothing was planned."""
    async with services.database.connect() as db:
        value = await tended.step_value(db, ctx.run.id, STEP)
    agreed = Agreed() if value is None else TypeAdapter(Agreed).validate_python(value)
    page = f"{services.forge.web_url}/{ctx.run.repo.full_name}/issues/{ctx.run.number}#issuecomment-{agreed.comment}"
    return render_planned(page, written.left_plan) if agreed.comment else ""


def kept_paths(paths: Sequence[str]) -> tuple[str, ...]:
    """As many as are told apart from the files of others, and fit into a step of the journal. Pure."""
    kept, room = list[str](), _PATHS_CHARS
    for path in paths:
        room -= len(json.dumps(path))
        if room < 0:
            break
        kept.append(path)
    return tuple(kept)


async def _tell_neighbours(ctx: Context, services: Services, task: Task, pull: Pull, paths: Sequence[str]) -> None:
    """Looked for after it was opened: of two that open at the same time the later one sees the other."""
    read = services.forge.on(ctx.run.repo, READ)

    async def look() -> list[Neighbour]:
        return await read_neighbours(read, task.ground.base_ref, pull.number, paths)

    found = await journalled(ctx, "neighbours", list[Neighbour], look)
    if found:
        effect = effects.add_to_pull(services.forge.on(ctx.run.repo, PUBLISH), pull.number, render_neighbours(found))
        await carry_out(ctx, "told-neighbours", effect)


async def retell(
    ctx: Context,
    services: Services,
    task: Task,
    pull: Pull,
    both: tuple[Written, Written],
    verification: Verification,
    head: Sha,
    round_: int,
) -> Pull:
    """Write the description anew for the repaired `head`. `both`: what it tells by now, and the repair as handed in.

    What was added behind it stays. Where people changed its words, what is new is put at its end.
    """
    written, repaired = both
    text = await journalled(
        ctx, f"retold-{round_}", PullText, lambda: _word(ctx, services, task, written, verification, head)
    )
    stood_in = " ".join(await stand_ins(ctx, services, f"repair-{round_}"))
    since = render_since(task, repaired, verification, "\n\n".join(filter(None, (written.repairs[-1], stood_in))))
    publish = services.forge.on(ctx.run.repo, PUBLISH)
    effect = effects.rewrite_pull(publish, pull.number, pull.body, text.body, since)
    await carry_out(ctx, f"told-repair-{round_}", effect)
    return replace(pull, body=text.body)


async def tell_repair(ctx: Context, services: Services, pull: Pull, section: str, work: str) -> None:
    """At the end of a description that another run wrote. `work`: what the agents' names begin with."""
    stood_in = " ".join(await stand_ins(ctx, services, work))
    told = "\n\n".join(filter(None, (section, stood_in)))
    effect = effects.add_to_pull(services.forge.on(ctx.run.repo, PUBLISH), pull.number, told)
    await carry_out(ctx, f"told-{work}", effect)


async def free_branch(services: Services, repo: Repo, issue: IssueFacts) -> str:
    """`quorum/issue-N-slug`, with a number behind it while an earlier attempt's branch is still there.

    Raises `NeedsPersonError` when all are taken.
    """
    slug = re.sub(r"[^a-z0-9]+", "-", issue.title.lower()).strip("-")[:40].strip("-")
    name = f"quorum/issue-{issue.number}-{slug or 'change'}"
    for candidate in (name, *(f"{name}-{number}" for number in range(2, _ATTEMPTS + 1))):
        if await services.mirrors.remote_ref(repo, f"refs/heads/{candidate}") is None:
            return candidate
    raise NeedsPersonError(f"There are {_ATTEMPTS} branches named {name} already.", "Delete those that are not wanted.")


async def take_back_branch(ctx: Context, services: Services) -> None:
    """Leave no branch of ours without a pull request. What somebody else pushed or opened one for stays."""
    journal = await ctx.journal()
    if "push-1" not in journal:
        return
    branch, ours = str(journal["branch"].value), {journal[name].value for name in journal if name.startswith("commit-")}
    if await services.mirrors.remote_ref(ctx.run.repo, f"refs/heads/{branch}") not in ours:
        return
    publish = services.forge.on(ctx.run.repo, PUBLISH)
    if not await journalled(ctx, "cleanup.has-pull", bool, lambda: has_pull(publish, branch)):
        await carry_out(ctx, "cleanup.branch", effects.delete_branch(publish, branch))
