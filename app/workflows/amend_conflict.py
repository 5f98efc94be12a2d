"""Merge the base branch into an own pull request that conflicts with it. What others may have built on stays."""

from dataclasses import replace

from app.agents.envelope import enclose
from app.agents.tool import AgentTool
from app.agents.tools.handing_in import Look, SubmitRepair, repair_tool
from app.forge import effects
from app.forge.clean import clean_description, clean_plain
from app.forge.errors import RefusedError
from app.forge.git import commit_tree, diff
from app.forge.merging import Merged, files_with_markers, merge
from app.forge.permissions import TALK
from app.policy.render import code
from app.policy.values import Sha
from app.runs.engine import Context
from app.wiring import Services
from app.workflows.amended import tell_amendment, verify_on
from app.workflows.amending import Site, end_if_moved, must_be_open, remember_push, tell_site, with_tests
from app.workflows.commit_text import render_message
from app.workflows.errors import NeedsPersonError
from app.workflows.journalled import carry_out, journalled
from app.workflows.objecting import find_objections, scan_for_secrets
from app.workflows.workshop import Workshop
from app.workflows.writing import Ending, Written, amend, repaired

_TASK = (
    "The base branch was merged into your change, and the files named below conflict. Resolve each so that what the "
    "base branch now does and what your change is for both hold; leave no conflict marker, and change nothing else. "
    "Between `<<<<<<<` and `=======` stands your change, between `=======` and `>>>>>>>` the base branch."
)
_BY_HAND = "Merge {base} into {head} by hand and push that."
_ITS_TESTS = "This is commit {}; the change's tests were tried on {}, the base branch: below that is the old code."
_SHOWN = 20


async def amend_conflict(ctx: Context, services: Services, site: Site, workshop: Workshop) -> Sha | None:
    """Returns the merge that was pushed, None where there is no conflict any more. Raises `NeedsPersonError`."""
    merged = await journalled(ctx, "merged", Merged, lambda: merge(workshop.mirror, site.pull.head_sha, site.start.tip))
    if not merged.conflicts:
        return None
    by_hand = _BY_HAND.format(base=code(site.pull.base_ref), head=code(site.pull.head_ref))
    names = ", ".join(code(path) for path in merged.conflicts[:_SHOWN])
    site, before = await with_tests(ctx, services, site, workshop)
    if before.result != "passed":
        raise NeedsPersonError(
            f"It conflicts with {code(site.pull.base_ref)} in {names}, and no tests would show whether it was resolved "
            f"rightly: before the merge, {before.line}.",
            by_hand,
        )
    workshop.begin_anew(merged.tree)
    parts = [
        _TASK,
        enclose("conflicts", "\n".join(merged.conflicts), rendered=False),
        *await tell_site(site, workshop, before),
    ]
    task = replace(site.task, ground=site.start.ground)  # what is tried on the old code is tried on the base as it is
    ending = _without_markers(workshop, merged, described=bool(site.pull.body))
    value = await amend(ctx, services, task, workshop, before, parts, ending)
    written, tip = repaired(value), site.start.tip
    verified = await verify_on(ctx, services, site, workshop, before, tip)
    head = await _push(ctx, services, site, workshop, merged, written)
    heading = f"After a merge of {code(site.pull.base_ref)}"
    await tell_amendment(ctx, services, site, written, verified, heading, _ITS_TESTS.format(head[:12], tip[:12]))
    told = f"I merged {code(site.pull.base_ref)} in {head[:12]}, where {names} conflicted; the tests pass.\n\n"
    said = effects.comment(
        services.forge.on(ctx.run.repo, TALK),
        ctx.run.number,
        f"merged-{head[:12]}",
        told + clean_description(written.summary),
    )
    await carry_out(ctx, "told", said)
    return head


def _without_markers(workshop: Workshop, merged: Merged, *, described: bool) -> Ending:
    """Nothing is handed in while a conflict is still marked."""

    def ending(look: Look) -> AgentTool[SubmitRepair]:
        async def checked(known: str) -> tuple[bool, str]:
            fine, text = await look(known)
            left = await files_with_markers(workshop.mirror, workshop.tree, merged.conflicts)
            return (False, f"Conflict markers are left in {', '.join(left)}.") if left else (fine, text)

        return repair_tool(checked, (), described=described)

    return ending


async def _push(
    ctx: Context, services: Services, site: Site, workshop: Workshop, merged: Merged, written: Written
) -> Sha:
    """A merge commit: the head is its first parent, so that nothing is rewritten."""
    await must_be_open(ctx, services)
    parents = [site.pull.head_sha, site.start.tip]
    message = render_message(site.task, written, ctx.run.id, merged.conflicts)

    async def make() -> str:
        author, at = services.forge.author, ctx.run.created_at
        return await commit_tree(workshop.mirror, workshop.tree, parents, message, author, at)

    async def make_if_allowed() -> str:
        await _require_no_objection(services, site, workshop, merged)
        return await make()

    commit = Sha(await journalled(ctx, "commit-2", str, make_if_allowed))
    await make()  # the same commit, should another machine have made it
    try:
        push = services.mirrors.push(ctx.run.repo, commit, site.pull.head_ref, site.pull.head_sha)
        await carry_out(ctx, "push-2", push)
    except RefusedError:
        await end_if_moved(ctx, services, site.pull.head_sha)
        raise
    return await remember_push(ctx, commit)


async def _require_no_objection(services: Services, site: Site, workshop: Workshop, merged: Merged) -> None:
    """Of what the resolution adds to the merge; what came from the base branch has landed there already."""
    found = await find_objections(workshop.mirror, site.start.tip, merged.tree, workshop.tree)
    refused = list(found.refused)
    if not refused:
        patch = await diff(workshop.mirror, merged.tree, workshop.tree)
        refused += (await scan_for_secrets(services, await workshop.lay_out(), patch)).refused
    if refused:
        raise NeedsPersonError(
            f"The resolution is not pushed: {code(refused[0].path)}: {clean_plain(refused[0].reason)}.",
            _BY_HAND.format(base=code(site.pull.base_ref), head=code(site.pull.head_ref)),
        )
