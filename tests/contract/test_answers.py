"""One story over every route: each answer and each webhook is what GitHub's published description says it is."""

import base64
from typing import Any

from app.emulator import manifests
from app.emulator.app import add_repository
from tests.contract import queueing, settling
from tests.contract.conftest import EVENTS, GRANTED, Scene
from tests.contract.described import operations
from tests.contract.queueing import mutate, the_merge_queue
from tests.contract.settling import auto_merge, branches_and_repositories, the_end_of_installations
from tests.contract.told import described_shape, routes

R = "/repos/ada/engine"


async def test_every_answer_and_every_webhook_is_as_github_describes_it(scene: Scene):
    await the_app_and_its_installations(scene)
    await an_app_from_a_manifest(scene)
    await files_and_refs(scene)
    await changed_dependencies(scene)
    await issues_and_talk(scene)
    number, head = await a_pull_request(scene)
    await reviews(scene, number)
    await checks_and_statuses(scene, head)
    await rules(scene)
    await merge(scene, number, head)
    await deployments(scene)
    await jobs_of_workflows(scene)
    await people_of_an_organization(scene)
    await the_merge_queue(scene)
    await auto_merge(scene)
    await branches_and_repositories(scene)
    await the_end_of_installations(scene)
    await deliveries(scene)
    asked = {(method, described_shape(route)) for route in routes(scene.client) for method in methods(route)}
    assert asked - scene.client.met == set(), "routes that the story left out"
    assert asked - set(operations()) == set(), "routes that GitHub does not have"
    assert {event for event, _ in scene.client.heard} == EVENTS
    assert (queueing.HEARD | settling.HEARD) - scene.client.heard == set(), "webhooks that the story left out"


def methods(route: Any) -> set[str]:
    return set(route.methods) - {"HEAD"}


async def the_app_and_its_installations(scene: Scene) -> None:
    ask, app = scene.client.ask, scene.as_app
    await ask("GET", "/app", app)
    (installation,) = await ask("GET", "/app/installations", app)
    await ask("GET", f"/app/installations/{installation['id']}", app)
    await ask("GET", "/app/installations/1", app, expect=404)
    tokens = f"/app/installations/{installation['id']}/access_tokens"
    token = await ask("POST", tokens, app, {"repositories": ["engine"]}, 201)
    await ask("POST", tokens, app, {"permissions": {"secrets": "write"}}, 422)
    await ask("GET", "/installation/repositories", token["token"])
    await ask("GET", "/rate_limit", token["token"])
    await ask("GET", R, token["token"])
    await ask("GET", "/repos/ada/nothing", token["token"], expect=404)
    await ask("GET", f"{R}/collaborators/bob/permission", token["token"])
    await ask("GET", f"{R}/collaborators/nobody/permission", token["token"], expect=404)


async def an_app_from_a_manifest(scene: Scene) -> None:
    """Whoever brings the code is given the credentials once, whatever else they are."""
    manifest = manifests.parse('{"url": "http://bot.test", "redirect_url": "http://bot.test/made"}')
    code = manifests.register(scene.world, manifest, "Other bot", scene.world.users["ada"])
    made = await scene.client.ask("POST", f"/app-manifests/{code}/conversions", scene.ada, expect=201)
    assert made["slug"] == "other-bot"
    await scene.client.ask("POST", f"/app-manifests/{code}/conversions", scene.ada, expect=404)
    await scene.client.ask("GET", "/app/hook/config", scene.as_app)


async def files_and_refs(scene: Scene) -> None:
    ask, ada = scene.client.ask, scene.ada
    text = base64.b64encode(b"# Engine\n").decode()
    made = await ask("PUT", f"{R}/contents/docs/readme.md", ada, {"message": "Say it", "content": text}, 201)
    sha = made["content"]["sha"]
    body = {"message": "Say more", "content": text, "sha": sha}
    await ask("PUT", f"{R}/contents/docs/readme.md", ada, body)
    await ask("PUT", f"{R}/contents/docs/readme.md", ada, {**body, "sha": "0" * 40}, 409)
    await ask("GET", f"{R}/contents/", ada)
    await ask("GET", f"{R}/contents/docs/readme.md", ada)
    await ask("GET", f"{R}/contents/nothing", ada, expect=404)
    await ask("DELETE", f"{R}/contents/docs/readme.md", ada, {"message": "Take it back", "sha": sha})
    head = (await ask("GET", f"{R}/branches/main", ada))["commit"]["sha"]
    await ask("GET", f"{R}/branches", ada)
    await ask("GET", f"{R}/commits/main", ada)
    await ask("GET", f"{R}/commits/{'0' * 40}", ada, expect=422)
    await ask("GET", f"{R}/git/commits/{head}", ada)
    await ask("POST", f"{R}/git/refs", ada, {"ref": "refs/heads/side", "sha": head}, 201)
    await ask("POST", f"{R}/git/refs", ada, {"ref": "refs/heads/side", "sha": head}, 422)
    await ask("GET", f"{R}/git/ref/heads/side", ada)
    await ask("GET", f"{R}/git/matching-refs/heads/si", ada)
    await ask("PATCH", f"{R}/git/refs/heads/side", ada, {"sha": scene.first, "force": True})
    await ask("DELETE", f"{R}/git/refs/heads/side", ada, expect=204)
    moves = await ask("GET", f"{R}/activity", ada)
    assert [each["activity_type"] for each in moves[:3]] == ["branch_deletion", "force_push", "branch_creation"]


async def changed_dependencies(scene: Scene) -> None:
    """What two commits differ in is told once it is known of; a repository without it says so."""
    ask, ada, repository = scene.client.ask, scene.ada, next(iter(scene.world.repositories.values()))
    head = (await ask("GET", f"{R}/branches/main", ada))["commit"]["sha"]
    text = base64.b64encode(b'{"dependencies": {"left": "1.0.0"}, "devDependencies": {"right": "2.0.0"}}').decode()
    made = await ask("PUT", f"{R}/contents/package.json", ada, {"message": "Need it", "content": text}, 201)
    flaw = {"name": "left", "version": "1.0.0", "ghsa_id": "GHSA-2222-3333-4444", "severity": "high"}
    repository.advisories.append({**flaw, "summary": "It pads on the wrong side."})
    repository.licenses["right"] = "MIT"
    place = f"{R}/dependency-graph/compare/{head}...{made['commit']['sha']}"
    told = {each["name"]: each for each in await ask("GET", place, ada)}
    assert [len(told[name]["vulnerabilities"]) for name in ("left", "right")] == [1, 0]
    await ask("GET", f"{R}/dependency-graph/compare/{head}...nothing", ada, expect=404)
    repository.dependency_graph = False
    await ask("GET", place, ada, expect=403)


async def issues_and_talk(scene: Scene) -> None:
    ask, ada, bot = scene.client.ask, scene.ada, scene.as_installation
    await ask("POST", f"{R}/issues", ada, {"title": "It breaks", "body": "Badly.", "labels": ["bug"]}, 201)
    await ask("POST", f"{R}/issues", ada, {}, 422)
    await ask("GET", f"{R}/issues", ada)
    await ask("GET", f"{R}/issues/1", ada)
    await ask("GET", f"{R}/issues/99", ada, expect=404)
    for change in ({"title": "It breaks often"}, {"state": "closed", "state_reason": "not_planned"}, {"state": "open"}):
        await ask("PATCH", f"{R}/issues/1", ada, change)
    part = await ask("POST", f"{R}/issues", ada, {"title": "One half of it"}, 201)
    await ask("POST", f"{R}/issues/1/sub_issues", bot, {"sub_issue_id": part["id"]}, 201)
    await ask("POST", f"{R}/issues/1/sub_issues", bot, {"sub_issue_id": part["id"]}, 422)
    await ask("POST", f"{R}/issues/1/sub_issues", bot, {"sub_issue_id": 1}, 404)
    await ask("GET", f"{R}/issues/1/sub_issues", ada)
    blocked = f"{R}/issues/{part['number']}/dependencies/blocked_by"
    first = await ask("GET", f"{R}/issues/1", ada)
    await ask("POST", blocked, bot, {"issue_id": first["id"]}, 201)
    await ask("POST", blocked, bot, {"issue_id": first["id"]}, 422)
    await ask("POST", blocked, bot, {"issue_id": 1}, 404)
    await ask("GET", blocked, ada)
    await ask("POST", f"{R}/labels", ada, {"name": "wish"}, 201)
    await ask("POST", f"{R}/labels", ada, {"name": "Wish"}, 422)
    await ask("GET", f"{R}/labels", ada)
    await ask("POST", f"{R}/issues/1/labels", ada, {"labels": ["WISH"]})
    await ask("GET", f"{R}/issues/1/labels", ada)
    await ask("DELETE", f"{R}/issues/1/labels/wish", ada)
    await ask("GET", f"{R}/issues/1/events", ada)
    comment = await ask("POST", f"{R}/issues/1/comments", bot, {"body": "On it."}, 201)
    place = f"{R}/issues/comments/{comment['id']}"
    await ask("POST", f"{R}/issues/1/comments", bot, {"body": " "}, 422)
    await ask("PATCH", place, bot, {"body": "Done."})
    await ask("GET", place, ada)
    await ask("GET", f"{R}/issues/comments", ada)
    await ask("GET", f"{R}/issues/1/comments", ada)
    for on in (f"{R}/issues/1", place):
        given = await ask("POST", f"{on}/reactions", ada, {"content": "eyes"}, 201)
        await ask("POST", f"{on}/reactions", ada, {"content": "eyes"})
        await ask("GET", f"{on}/reactions", ada)
        await ask("DELETE", f"{on}/reactions/{given['id']}", ada, expect=204)
    await ask("DELETE", place, bot, expect=204)


async def a_pull_request(scene: Scene) -> tuple[int, str]:
    ask, ada, bot = scene.client.ask, scene.ada, scene.as_installation
    main = (await ask("GET", f"{R}/branches/main", ada))["commit"]["sha"]
    lines = "".join(f"line {number}\n" for number in range(3, 12))
    head = await scene.commit("topic", lines, main)
    body = {"title": "Mend it", "head": "topic", "base": "main", "body": "Closes #1", "draft": True}
    number = (await ask("POST", f"{R}/pulls", bot, body, 201))["number"]
    await ask("POST", f"{R}/pulls", bot, body, 422)
    await ask("GET", f"{R}/pulls", ada)
    await ask("GET", f"{R}/pulls/{number}", ada)
    assert (await ask("GET", f"{R}/pulls/{number}", ada))["mergeable"] is True
    await ask("PATCH", f"{R}/pulls/{number}", bot, {"title": "Mend it well"})
    await ask("GET", f"{R}/pulls/{number}/files", ada)
    await ask("GET", f"{R}/pulls/{number}/commits", ada)
    text = base64.b64encode(b"more\n").decode()
    body = {"message": "More", "content": text, "branch": "topic"}
    await ask("PUT", f"{R}/contents/more.txt", bot, body, 201)
    head = (await ask("GET", f"{R}/pulls/{number}", ada))["head"]["sha"]
    node = f"PR_{scene.repository.issues[number]['id']}"
    query = {"query": "mutation { markPullRequestReadyForReview }", "variables": {"id": node}}
    await scene.client.graphql(bot, query)
    return number, head


async def reviews(scene: Scene, number: int) -> None:
    ask, ada, bob = scene.client.ask, scene.ada, scene.bob
    pull = f"{R}/pulls/{number}"
    suggestion = {"path": "notes.txt", "start_line": 7, "line": 8, "body": "```suggestion\nline\n```"}
    body = {"event": "REQUEST_CHANGES", "body": "Not yet.", "comments": [suggestion]}
    first = (await ask("POST", f"{pull}/reviews", bob, body))["id"]
    await ask("POST", f"{pull}/reviews", bob, {**body, "comments": [{**suggestion, "line": 99}]}, 422)
    await ask("GET", f"{pull}/reviews", ada)
    await ask("GET", f"{pull}/reviews/{first}", ada)
    (comment,) = await ask("GET", f"{pull}/reviews/{first}/comments", ada)
    await ask("PUT", f"{pull}/reviews/{first}/dismissals", ada, {"message": "It is well."})
    pending = (await ask("POST", f"{pull}/reviews", bob, {"body": "Well."}))["id"]
    await ask("POST", f"{pull}/reviews/{pending}/events", bob, {"event": "APPROVE"})
    single = {"path": "notes.txt", "line": 1, "side": "LEFT", "body": "Why?", "commit_id": comment["commit_id"]}
    await ask("POST", f"{pull}/comments", ada, single, 201)
    await ask("POST", f"{pull}/comments", ada, {**single, "line": 99}, 422)
    await ask("POST", f"{pull}/comments/{comment['id']}/replies", ada, {"body": "Because."}, 201)
    await ask("GET", f"{pull}/comments", ada)
    await ask("GET", f"{R}/pulls/comments/{comment['id']}", ada)
    await ask("GET", f"{R}/pulls/comments", ada)
    await threads(scene, pull, comment["id"])


async def threads(scene: Scene, pull: str, comment: int) -> None:
    """Of the comment that was given in a review; what GraphQL answers is described by its field names only."""
    ask, ada = scene.client.ask, scene.ada
    place = f"{R}/pulls/comments/{comment}/reactions"
    given = await ask("POST", place, ada, {"content": "-1"}, 201)
    await ask("GET", place, ada)
    await ask("DELETE", f"{place}/{given['id']}", ada, expect=204)
    await ask("POST", f"{R}/pulls/comments/1/reactions", ada, {"content": "-1"}, 404)
    node = (await ask("GET", pull, ada))["node_id"]
    query = "query($id: ID!) { node(id: $id) { ... on PullRequest { reviewThreads(first: 100) { nodes { id } } } } }"
    shown = await scene.client.graphql(ada, {"query": query, "variables": {"id": node}})
    first, second = shown["node"]["reviewThreads"]["nodes"]
    assert first["id"] == f"PRRT_{comment}" != second["id"]
    for name in ("resolveReviewThread", "unresolveReviewThread"):
        await mutate(scene, name, threadId=first["id"])


async def checks_and_statuses(scene: Scene, head: str) -> None:
    ask, ada, bot = scene.client.ask, scene.ada, scene.as_installation
    mark = {"path": "notes.txt", "start_line": 1, "end_line": 1, "annotation_level": "notice", "message": "So."}
    output = {"title": "Looked", "summary": "It is so.", "annotations": [mark]}
    button = {"label": "Explain", "description": "Say why", "identifier": "explain"}
    new = {"name": "lint", "head_sha": head, "status": "in_progress", "output": output, "actions": [button]}
    run = (await ask("POST", f"{R}/check-runs", bot, new, 201))["id"]
    await ask("POST", f"{R}/check-runs", bot, {}, 422)
    await ask("PATCH", f"{R}/check-runs/{run}", bot, {"conclusion": "success"})
    suite = (await ask("GET", f"{R}/check-runs/{run}", ada))["check_suite"]["id"]
    await ask("GET", f"{R}/check-runs/{run}/annotations", ada)
    await ask("GET", f"{R}/commits/{head}/check-runs", ada)
    await ask("GET", f"{R}/commits/{head}/check-suites", ada)
    await ask("GET", f"{R}/check-suites/{suite}", ada)
    await ask("GET", f"{R}/check-suites/{suite}/check-runs", ada)
    quiet = await scene.commit("quiet", "Nobody was told.\n", scene.first)
    await ask("POST", f"{R}/check-suites", bot, {"head_sha": quiet}, 201)
    await ask("POST", f"{R}/check-runs/{run}/rerequest", bot, expect=201)
    await ask("POST", f"{R}/check-suites/{suite}/rerequest", bot, expect=201)
    await scene.client.control(
        "clicks", {"login": "ada", "repository": "ada/engine", "check_run": run, "action": "explain"}
    )
    await ask("POST", f"{R}/statuses/{head}", ada, {"state": "success", "context": "ci"}, 201)
    await ask("POST", f"{R}/statuses/{head}", ada, {"state": "fine"}, 422)
    await ask("GET", f"{R}/commits/{head}/statuses", ada)
    await ask("GET", f"{R}/commits/{head}/status", ada)


async def rules(scene: Scene) -> None:
    ask, ada = scene.client.ask, scene.ada
    place = f"{R}/branches/main/protection"
    await ask("GET", place, ada, expect=404)
    checks = {"strict": False, "checks": [{"context": "lint", "app_id": scene.app.id}]}
    reviews = {"required_approving_review_count": 1}
    body = {"required_status_checks": checks, "required_pull_request_reviews": reviews, "enforce_admins": True}
    await ask("PUT", place, ada, {**body, "restrictions": None})
    await ask("GET", place, ada)
    await ask("GET", f"{R}/branches/main", ada)
    await ask("DELETE", place, ada, expect=204)
    check = {"context": "lint", "integration_id": scene.app.id}
    required = {"type": "required_status_checks", "parameters": {"required_status_checks": [check]}}
    plain = ("creation", "update", "deletion", "non_fast_forward", "pull_request")
    new = {"name": "all", "enforcement": "active", "rules": [required, *({"type": each} for each in plain)]}
    new["conditions"] = {"ref_name": {"include": ["~DEFAULT_BRANCH"], "exclude": []}}
    new["bypass_actors"] = [{"actor_id": 5, "actor_type": "RepositoryRole", "bypass_mode": "pull_request"}]
    ruleset = (await ask("POST", f"{R}/rulesets", ada, new, 201))["id"]
    await ask("POST", f"{R}/rulesets", ada, new, 422)
    await ask("GET", f"{R}/rulesets", ada)
    await ask("GET", f"{R}/rulesets/{ruleset}", ada)
    await ask("GET", f"{R}/rules/branches/main", ada)
    await ask("PUT", f"{R}/rulesets/{ruleset}", ada, {"enforcement": "evaluate"})
    await ask("DELETE", f"{R}/rulesets/{ruleset}", ada, expect=204)
    await ask("GET", f"{R}/rulesets/{ruleset}", ada, expect=404)


async def merge(scene: Scene, number: int, head: str) -> None:
    ask, ada = scene.client.ask, scene.ada
    place = f"{R}/pulls/{number}/merge"
    await ask("PUT", place, ada, {"sha": scene.first}, 409)
    await ask("PUT", place, ada, {"sha": head})
    await ask("PUT", place, ada, {"sha": head}, 405)
    await ask("GET", f"{R}/pulls/{number}", ada)
    await ask("GET", f"{R}/pulls?state=all", ada)
    await ask("GET", f"{R}/issues/{number}/events", ada)


async def deployments(scene: Scene) -> None:
    ask, ada, bot, control = scene.client.ask, scene.ada, scene.as_installation, scene.client.control
    place = f"{R}/environments/prod"
    await ask("GET", place, ada, expect=404)
    await ask("PUT", place, ada, {"wait_timer": 0})
    await ask("GET", place, ada)
    await ask("GET", f"{R}/environments", ada)
    await ask("POST", f"{place}/deployment_protection_rules", ada, {"integration_id": 1}, 422)
    await ask("POST", f"{place}/deployment_protection_rules", ada, {"integration_id": scene.app.id}, 201)
    await ask("GET", f"{place}/deployment_protection_rules", bot)
    await ask("GET", f"{R}/commits/main/pulls", bot)
    await control("deploys", {"login": "ada", "repository": "ada/engine", "environment": "Prod", "ref": "topic"})
    (run,) = (await ask("GET", f"{R}/actions/runs?status=waiting", bot))["workflow_runs"]
    place = f"{R}/actions/runs/{run['id']}"
    await ask("GET", place, bot)
    (pending,) = await ask("GET", f"{place}/pending_deployments", bot)
    assert pending["environment"]["name"] == "prod"
    answer = {"environment_name": "prod", "comment": "Looking."}
    await ask("POST", f"{place}/deployment_protection_rule", bot, answer, 204)
    await ask("POST", f"{place}/deployment_protection_rule", bot, {**answer, "state": "approved"}, 204)
    await ask("POST", f"{place}/deployment_protection_rule", bot, {**answer, "state": "approved"}, 422)
    assert await ask("GET", f"{place}/pending_deployments", bot) == []
    await control("deploys", {"login": "ada", "repository": "ada/engine", "environment": "prod", "run": run["id"]})
    (deployment,) = await ask("GET", f"{R}/deployments?environment=prod", bot)
    await ask("GET", f"{R}/deployments/{deployment['id']}", bot)
    new = {"ref": "main", "environment": "staging", "auto_merge": False, "required_contexts": []}
    other = (await ask("POST", f"{R}/deployments", bot, new, 201))["id"]
    await ask("POST", f"{R}/deployments/{other}/statuses", bot, {"state": "success"}, 201)
    await ask("POST", f"{R}/deployments/{other}/statuses", bot, {"state": "fine"}, 422)
    assert len(await ask("GET", f"{R}/deployments/{deployment['id']}/statuses", bot)) == 2


async def jobs_of_workflows(scene: Scene) -> None:
    ask, bot, control = scene.client.ask, scene.as_installation, scene.client.control
    job = {"login": "ada", "repository": "ada/engine", "ref": "topic", "name": "build"}
    await control("ci", job)
    await control("ci", {**job, "conclusion": "failure", "log": "It broke."})
    (check,) = (await ask("GET", f"{R}/commits/topic/check-runs?check_name=build", bot))["check_runs"]
    of_suite = f"{R}/actions/runs?check_suite_id={check['check_suite']['id']}"
    (run,) = (await ask("GET", of_suite, bot))["workflow_runs"]
    place = f"{R}/actions/runs/{run['id']}"
    (found,) = (await ask("GET", f"{place}/jobs", bot))["jobs"]
    await ask("GET", f"{R}/actions/jobs/{found['id']}", bot)
    await ask("GET", f"{R}/actions/jobs/{found['id']}/logs", bot, expect=302)
    await ask("GET", f"{R}/actions/jobs/1/logs", bot, expect=404)
    await ask("POST", f"{place}/rerun-failed-jobs", bot, {}, 201)
    await ask("POST", f"{place}/rerun-failed-jobs", bot, {}, 403)
    await control("ci", {**job, "conclusion": "success"})
    assert len((await ask("GET", f"{place}/jobs?filter=all", bot))["jobs"]) == 2


async def people_of_an_organization(scene: Scene) -> None:
    ask, world = scene.client.ask, scene.world
    works = world.add_organization("works", {"ada": "admin"})
    world.add_team(works, "core", {"ada": "active", "bob": "pending"})
    shop = await add_repository(world, works.account, ".github", {"ada": "admin"})
    bot = world.mint(world.install(scene.app, [shop]), GRANTED, [shop.id])[0]
    await ask("GET", "/repos/works/.github", bot)
    await ask("POST", "/repos/works/.github/issues", bot, {"title": "A house of our own"}, 201)
    for login in ("ada", "bob"):
        await ask("GET", f"/orgs/works/teams/core/memberships/{login}", bot)
        await ask("GET", f"/orgs/works/memberships/{login}", bot)
    await ask("GET", "/orgs/works/teams/core/memberships/nobody", bot, expect=404)
    await ask("GET", "/orgs/works/memberships/nobody", bot, expect=404)
    await ask("GET", "/orgs/works/memberships/ada", scene.as_installation, expect=403)
    await ask("GET", "/orgs/works/teams/core/members", bot)
    await ask("GET", "/orgs/works/teams/nothing/members", bot, expect=404)
    *_, told = await ask("GET", "/app/installations", scene.as_app)
    assert (told["account"]["login"], told["target_type"]) == ("works", "Organization")
    assert scene.client.hooks.deliveries[-1]["payload"]["organization"]["login"] == "works"


async def deliveries(scene: Scene) -> None:
    ask, app = scene.client.ask, scene.as_app
    (newest,) = await ask("GET", "/app/hook/deliveries?per_page=1", app)
    place = f"/app/hook/deliveries/{newest['id']}"
    await ask("GET", place, app)
    await ask("POST", f"{place}/attempts", app, expect=202)
