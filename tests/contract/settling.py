"""The chapters of what becomes of branches, repositories and installations."""

from typing import Any

from tests.contract.conftest import Scene
from tests.contract.queueing import mutate

R = "/repos/ada/engine"
HEARD = {
    *(
        ("installation", action)
        for action in ("suspend", "unsuspend", "deleted", "created", "new_permissions_accepted")
    ),
    *(("installation_repositories", action) for action in ("added", "removed")),
    *(("repository", action) for action in ("renamed", "edited", "archived", "unarchived", "transferred")),
    *(("repository", action) for action in ("privatized", "publicized")),
    *(("pull_request", action) for action in ("auto_merge_enabled", "auto_merge_disabled")),
    *(("pull_request_review_thread", action) for action in ("resolved", "unresolved")),
}


async def auto_merge(scene: Scene) -> None:
    ask, ada, bot = scene.client.ask, scene.ada, scene.as_installation
    await ask("PATCH", R, ada, {"allow_auto_merge": True})
    main = (await ask("GET", f"{R}/branches/main", ada))["commit"]["sha"]
    head = await scene.commit("auto", "It goes by itself.\n", main)
    body = {"title": "Go by itself", "head": "auto", "base": "main"}
    pull = await ask("POST", f"{R}/pulls", bot, body, 201)
    place = f"{R}/pulls/{pull['number']}"
    await ask("PUT", f"{R}/branches/main/protection", ada, {"required_status_checks": required(), "restrictions": None})
    wish = {"pullRequestId": pull["node_id"], "mergeMethod": "SQUASH", "expectedHeadOid": head}
    await mutate(scene, "enablePullRequestAutoMerge", **wish)
    assert (await ask("GET", place, ada))["auto_merge"]["merge_method"] == "squash"
    await ask("GET", f"{R}/pulls", ada)
    await mutate(scene, "disablePullRequestAutoMerge", pullRequestId=pull["node_id"])
    await mutate(scene, "enablePullRequestAutoMerge", **wish)
    await ask("POST", f"{R}/statuses/{head}", ada, {"state": "success", "context": "ci"}, 201)
    assert (await ask("GET", place, ada))["merged"] is True
    await ask("DELETE", f"{R}/branches/main/protection", ada, expect=204)


def required() -> Any:
    return {"strict": False, "checks": [{"context": "ci", "app_id": -1}]}


async def branches_and_repositories(scene: Scene) -> None:
    """The repository ends under the name that it began with, so that other chapters find it."""
    ask, ada = scene.client.ask, scene.ada
    main = (await ask("GET", f"{R}/branches/main", ada))["commit"]["sha"]
    for branch in ("base", "head"):
        await scene.commit(branch, f"{branch}\n", main)
    for head, base in (("base", "main"), ("head", "base")):
        await ask("POST", f"{R}/pulls", ada, {"title": head, "head": head, "base": base}, 201)
    await ask("PATCH", f"{R}/pulls/{max(scene.repository.issues)}", ada, {"base": "main"})
    await ask("POST", f"{R}/branches/head/rename", ada, {"new_name": "base"}, 422)
    await ask("POST", f"{R}/branches/base/rename", ada, {"new_name": "other"}, 201)
    await ask("POST", f"{R}/branches/main/rename", ada, {"new_name": "trunk"}, 201)
    await ask("GET", f"{R}/branches/main", ada, expect=301)
    await ask("POST", f"{R}/branches/trunk/rename", ada, {"new_name": "main"}, 201)
    for change in ({"archived": True}, {"archived": False}, {"private": True}, {"private": False}):
        await ask("PATCH", R, ada, change)
    await ask("PATCH", R, ada, {"name": "motor"})
    await ask("GET", R, ada, expect=301)
    await ask("PATCH", "/repos/ada/motor", ada, {"name": "engine"})
    await ask("POST", f"{R}/transfer", ada, {"new_owner": "bob"}, 202)
    await ask("POST", "/repos/bob/engine/transfer", ada, {"new_owner": "ada"}, 202)


async def the_end_of_installations(scene: Scene) -> None:
    """One is removed and another made, under which the App hears of the rest."""
    ask, app, place = scene.client.ask, scene.as_app, f"/app/installations/{scene.installation.id}"
    await click(scene, "remove", repositories=["ada/engine"])
    await click(scene, "add", repositories=["ada/engine"])
    await click(scene, "accept", permissions=scene.app.permissions)
    await ask("PUT", f"{place}/suspended", app, expect=204)
    await ask("GET", place, app)
    await ask("POST", f"{place}/access_tokens", app, {}, 403)
    await ask("GET", R, scene.as_installation, expect=403)
    await ask("DELETE", f"{place}/suspended", app, expect=204)
    await ask("DELETE", place, app, expect=204)
    await ask("POST", f"{place}/access_tokens", app, {}, 404)
    await click(scene, "create", app=scene.app.id, repositories=["ada/engine"])


async def click(scene: Scene, action: str, **more: Any) -> None:
    wish = {"login": "ada", "action": action, "installation": scene.installation.id, **more}
    await scene.client.control("installations", wish)
