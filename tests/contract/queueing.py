"""The chapter of the merge queue, in a repository of an organization, since no other has one."""

from dataclasses import replace
from typing import Any

from app.emulator.app import add_repository
from app.emulator.state import User
from tests.contract.conftest import GRANTED, Scene

R = "/repos/acme/plant"
HEARD = {
    *(("merge_group", action) for action in ("checks_requested", "destroyed")),
    *(("pull_request", action) for action in ("enqueued", "dequeued")),
}
QUEUE = {
    "check_response_timeout_minutes": 60,
    "grouping_strategy": "ALLGREEN",
    "max_entries_to_build": 5,
    "max_entries_to_merge": 5,
    "merge_method": "SQUASH",
    "min_entries_to_merge": 1,
    "min_entries_to_merge_wait_minutes": 5,
}


async def the_merge_queue(scene: Scene) -> None:
    plant = await a_plant(scene)
    ask, ada = plant.client.ask, plant.ada
    check = {"context": "lint", "integration_id": plant.app.id}
    required = {"type": "required_status_checks", "parameters": {"required_status_checks": [check]}}
    conditions = {"ref_name": {"include": ["~DEFAULT_BRANCH"], "exclude": []}}
    new: Any = {"name": "queue", "enforcement": "active", "conditions": conditions}
    new["rules"] = [required, {"type": "merge_queue", "parameters": QUEUE}]
    await ask("POST", f"{R}/rulesets", ada, new, 201)
    await ask("GET", f"{R}/rules/branches/main", ada)
    await ask("POST", f"{R}/rulesets", ada, {**new, "name": "other", "rules": [{"type": "merge_queue"}]}, 422)
    number, node = await a_pull(plant)
    await ask("PUT", f"{R}/pulls/{number}/merge", ada, {}, 405)
    await enqueue(plant, node)
    await mutate(plant, "dequeuePullRequest", id=node)
    await enqueue(plant, node)
    (group,) = await ask("GET", f"{R}/git/matching-refs/heads/gh-readonly-queue/", ada)
    await succeed(plant, group["object"]["sha"])
    assert (await ask("GET", f"{R}/pulls/{number}", ada))["merged"] is True
    await ask("GET", f"{R}/issues/{number}/events", ada)


async def a_plant(scene: Scene) -> Scene:
    owner = User("acme", scene.world.next_id(), "Organization")
    repository = await add_repository(scene.world, owner, "plant", {"ada": "admin", "bob": "write"})
    token = scene.world.mint(scene.world.install(scene.app, [repository]), GRANTED, [repository.id])[0]
    plant = replace(scene, repository=repository, as_installation=token)
    plant.first = await plant.commit("main", "So it begins.\n", "")
    return plant


async def a_pull(plant: Scene) -> tuple[int, str]:
    head = await plant.commit("topic", "So it goes on.\n", plant.first)
    body = {"title": "Go on", "head": "topic", "base": "main"}
    pull = await plant.client.ask("POST", f"{R}/pulls", plant.bob, body, 201)
    await succeed(plant, head)
    return pull["number"], pull["node_id"]


async def succeed(plant: Scene, sha: str) -> None:
    run = {"name": "lint", "head_sha": sha, "conclusion": "success"}
    await plant.client.ask("POST", f"{R}/check-runs", plant.as_installation, run, 201)


async def enqueue(plant: Scene, node: str) -> None:
    answer = await mutate(plant, "enqueuePullRequest", pullRequestId=node)
    assert answer["enqueuePullRequest"]["mergeQueueEntry"]["position"] == 1


async def mutate(scene: Scene, name: str, **told: str) -> Any:
    query = f"mutation($input: Input!) {{ {name}(input: $input) {{ clientMutationId }} }}"
    return await scene.client.graphql(scene.bob, {"query": query, "variables": {"input": told}})
