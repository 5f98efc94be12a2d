"""What follows when a ref has moved: pull requests follow their branches, and everybody is told."""

from typing import Any

from app.emulator import diffs, git, suites
from app.emulator.activity import remember
from app.emulator.commits import read_commits, render_pushed
from app.emulator.events import tell
from app.emulator.issue_events import tell_of
from app.emulator.render import page_of
from app.emulator.state import Actor, Repository, World

Json = dict[str, Any]
NOTHING = "0" * 40
_COMMITS = 2_048
"""More are not told: https://docs.github.com/en/webhooks/webhook-events-and-payloads#push."""


async def after_push(
    world: World, repository: Repository, actor: Actor, ref: str, before: str, after: str, *, kind: str = "push"
) -> None:
    """To be called with the repository's lock held. `kind`: what GitHub calls it, if it was no push."""
    branch = ref.removeprefix("refs/heads/")
    forced = NOTHING not in {before, after} and not await git.is_ancestor(repository.path, before, after)
    made = {before == NOTHING: "branch_creation", after == NOTHING: "branch_deletion", forced: "force_push"}
    remember(world, repository, actor, made.get(True, kind), {"ref": ref, "before": before, "after": after})
    for issue in list(repository.issues.values()):
        if issue["pull"] and issue["state"] == "open":
            await _follow(world, repository, actor, issue, branch, (before, after))
    await _tell_push(world, repository, actor, ref, (before, after), forced=forced)
    if after != NOTHING:
        await suites.open_for_push(world, repository, actor, branch, before, after)


async def _follow(
    world: World, repository: Repository, actor: Actor, issue: Json, branch: str, moved: tuple[str, str]
) -> None:
    pull, (before, after) = issue["pull"], moved
    if after == NOTHING or branch not in {pull["base_ref"], pull["head_ref"]}:
        return
    pull.update({"base_sha" if pull["base_ref"] == branch else "head_sha": after, "mergeable": None})
    pull["size"] = await diffs.size(repository, pull["base_sha"], pull["head_sha"])
    if pull["head_ref"] == branch:
        await git.run_git(repository.path, "update-ref", f"refs/pull/{issue['number']}/head", after)
        tell_of(world, repository, issue, "synchronize", actor.user, before=before, after=after)


async def _tell_push(
    world: World, repository: Repository, actor: Actor, ref: str, moved: tuple[str, str], *, forced: bool
) -> None:
    before, after = moved
    created, deleted = before == NOTHING, after == NOTHING
    commits = [] if deleted else await _told_commits(world, repository, ref, before, after)
    head = commits[-1] if commits else None
    if head is None and not deleted:
        head = (await _told(world, repository, "-1", after))[0]
    page, user = page_of(world, repository), actor.user
    payload: Json = {
        "ref": ref,
        "before": before,
        "after": after,
        "created": created,
        "deleted": deleted,
        "forced": forced,
        "base_ref": None,
        "compare": f"{page}/compare/{before[:12]}...{after[:12]}",
        "commits": commits,
        "head_commit": head,
        "pusher": {"name": user.login, "email": f"{user.id}+{user.login}@users.noreply.github.com"},
    }
    tell(world, repository, "push", "", user, payload)


async def _told_commits(world: World, repository: Repository, ref: str, before: str, after: str) -> list[Json]:
    """Those that are new on this branch; on a new branch, those that no other branch has."""
    if before != NOTHING:
        return await _told(world, repository, f"-{_COMMITS}", f"{before}..{after}")
    others = [sha for name, sha in (await git.refs(repository.path)).items() if name != ref]
    return await _told(world, repository, f"-{_COMMITS}", after, *(f"^{sha}" for sha in others))


async def _told(world: World, repository: Repository, *revisions: str) -> list[Json]:
    commits = await read_commits(repository, *revisions)
    return [render_pushed(world, repository, each, await _files(repository, each.sha)) for each in commits]


async def _files(repository: Repository, sha: str) -> Json:
    """Compared with the first parent."""
    options = ("-1", "-z", "--first-parent", "--name-status", "--format=", "--no-renames")
    told = (await git.run_git(repository.path, "log", *options, sha)).split("\0")[:-1]
    pairs = list(zip(told[::2], told[1::2], strict=True))
    names = {"added": "A", "removed": "D", "modified": "MT"}
    return {name: [path for state, path in pairs if state in letters] for name, letters in names.items()}
