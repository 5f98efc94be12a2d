"""An hour of a thousand repositories, against what GitHub lets an installation ask in it."""

import json
import logging
import time
import uuid
from pathlib import Path
from typing import Any

import psutil
import pytest
import structlog

from app.jobs.sweep import poll_github
from app.policy.own_app import App
from tests.benchmarks.town import SLOTS, THINKS_S, Town, cpu_s, post_all, postmaster, web_server
from tests.support.brokers import redis_server
from tests.support.databases import fresh_database, migrated_template, postgres_server
from tests.support.places import Place

REPOSITORIES = 1000
OPENED, PUSHED, MERGED = 25, 12, 12
"""Of pull requests, in the hour: a repository sees one in a week of forty hours, and a push to every second one."""
CHECKS, COMMENTS, PUSHES = 1500, 500, 500
"""What concerns Quorum little: checks of others, what people say to one another, branches without a pull request."""
LOOKED_AT = 100
"""Of the repositories, by the sweep: each costs the same."""
ENTERPRISE, LARGEST, LEAST = 15_000, 12_500, 5_000
"""https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api (GitHub App installations): on
Enterprise Cloud; elsewhere with hundreds of repositories or users; everywhere."""
WRITES = 3_600
"""https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api: a second between two."""
_PADDING = "x" * 9_000
Meters = dict[str, psutil.Process]


def test_an_hour_of_a_thousand_repositories(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUORUM_DATA_DIR", str(tmp_path))
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL), cache_logger_on_first_use=False
    )
    with (
        postgres_server() as server,
        fresh_database(server, migrated_template(server)) as database_url,
        redis_server() as broker_url,
        web_server(database_url, broker_url) as (url, web),
        Town(database_url, REPOSITORIES) as town,
    ):
        meters = {"web": web, "driver": psutil.Process(), "database": postmaster(database_url)}
        tell_of_noise(town, url, meters)
        tell_of_pulls(town, url, meters)
        tell_of_poll(town)


def read(meters: Meters) -> dict[str, float]:
    return {name: cpu_s(process) for name, process in meters.items()}


def tell_of_noise(town: Town, url: str, meters: Meters) -> None:
    sent = [(str(uuid.uuid4()), *each) for each in noise(town)]
    before = read(meters)
    town.run(post_all(url, sent))
    taken = read(meters)
    town.run(town.route())
    routed = read(meters)
    web, kept = taken["web"] - before["web"], taken["database"] - before["database"]
    print(
        f"\n{len(sent)} deliveries that ask for nothing. One core takes in {len(sent) / (web + kept):.0f} a second",
        end="",
    )
    print(f" (web {web / (web + kept):.0%}, database the rest): {(web + kept) / 3600:.2%} of it for the hour's")
    spent = sum(routed[each] - taken[each] for each in ("driver", "database"))
    print(f"  one core routes {len(sent) / spent:.0f} a second: {spent / 3600:.2%} of it for the hour's")


def noise(town: Town) -> list[tuple[str, bytes]]:
    repositories = list(town.stage.world.repositories.values())
    kinds = [("check_run", "completed")] * CHECKS + [("issue_comment", "created")] * COMMENTS + [("push", "")] * PUSHES
    return [
        (event, json.dumps(payload(town, repositories[number % len(repositories)], event, action)).encode())
        for number, (event, action) in enumerate(kinds)
    ]


def payload(town: Town, repository: Any, event: str, action: str) -> dict[str, Any]:
    owner = {"login": "mona", "id": 1, "type": "User"}
    named = {"id": repository.id, "name": repository.name, "full_name": repository.full_name, "owner": owner}
    common = {"repository": {**named, "default_branch": "main", "description": _PADDING}, "sender": owner}
    common |= {"installation": {"id": town.installation.id}}
    if event == "push":
        return {**common, "ref": "refs/heads/topic", "before": "0" * 40, "after": "1" * 40, "deleted": False}
    common["action"] = action
    if event == "issue_comment":
        comment = {"id": 1, "body": "Looks good, thank you.", "user": owner, "created_at": "2026-01-01T00:00:00Z"}
        return {**common, "issue": {"number": 1, "user": owner}, "comment": comment}
    suite = {"head_branch": "topic", "pull_requests": []}
    check = {"id": 1, "name": "build", "head_sha": "2" * 40, "conclusion": "success", "app": {"id": 99}}
    return {**common, "check_run": {**check, "status": "completed", "check_suite": suite, "pull_requests": []}}


def tell_of_pulls(town: Town, url: str, meters: Meters) -> None:
    seen, before, start = len(town.stage.requests()), read(meters), time.perf_counter()
    places = [town.place(number) for number in range(OPENED)]
    heads = [open_pull(place) for place in places]
    town.take_in(url)
    town.work_off()
    for place, head in list(zip(places, heads, strict=True))[:PUSHED]:
        place.push("topic", place.commit({"src/b.py": "value = 2\n" * 30}, head))
    town.take_in(url)
    town.work_off()
    for place in places[:MERGED]:
        place.call("mona", "PUT", "pulls/1/merge", {})
    town.take_in(url)
    town.work_off()
    after, seconds, reviews = read(meters), time.perf_counter() - start, OPENED + PUSHED
    tell_of_work(town, seconds)
    used = {name: after[name] - before[name] for name in meters}
    shares = ", ".join(f"{name} {each / sum(used.values()):.0%}" for name, each in used.items())
    print(f"  one core for {sum(used.values()) / reviews:.2f} s each ({shares}), GitHub's stand-in included: ", end="")
    print(f"{sum(used.values()) / 3600:.1%} of it for the hour's")
    asked = [(method, status) for method, path, status in town.stage.requests()[seen:] if is_ours(path)]
    tell_of_requests([each for each in asked if each[1] != 304], reviews)


def open_pull(place: Place) -> str:
    files = {f"src/m{number}.py": f"value = {number}\n" * 40 for number in range(5)}
    head = place.push("topic", place.commit(dict(files), place.main))
    place.open("topic")
    return head


def is_ours(path: str) -> bool:
    """Asked by id is asked by Quorum; people here ask by name."""
    return "/repositories/" in path or path.endswith("/graphql")


def tell_of_work(town: Town, seconds: float) -> None:
    kinds = dict(town.rows("SELECT workflow, count(*) FROM runs GROUP BY workflow"))
    failed = town.rows("SELECT workflow, reason FROM runs WHERE state = 'failed'")
    assert not failed, failed
    assert kinds["review"] == OPENED + PUSHED
    told = ", ".join(f"{number} {name}" for name, number in sorted(kinds.items()))
    print(
        f"{OPENED} pull requests, {PUSHED} pushes to them, {MERGED} merges: {sum(kinds.values())} runs ({told})", end=""
    )
    print(f" in the time of {seconds / THINKS_S:.0f} answers of the model after one another, {SLOTS} at once")


def tell_of_requests(asked: list[tuple[str, int]], reviews: int) -> None:
    writes = sum(method != "GET" for method, _ in asked)
    print(f"  requests to GitHub: {len(asked)}, {len(asked) / reviews:.1f} a review; ", end="")
    print(", ".join(f"1/{limit / len(asked):.0f} of {limit}" for limit in (ENTERPRISE, LARGEST, LEAST)))
    print(f"  {writes} of them write, {writes / reviews:.1f} a review: 1/{WRITES / writes:.0f} of one a second")


def tell_of_poll(town: Town) -> None:
    del town.installation.repository_ids[LOOKED_AT:]
    seen = len(town.stage.requests())
    town.run(
        poll_github(town.services.database, town.services.forge, App(town.settings.app_id, town.settings.app_slug))
    )
    asked = [each for each in town.stage.requests()[seen:] if "/access_tokens" not in each[1]]
    costly = sum(status != 304 for _, _, status in asked)
    print(f"one look at {LOOKED_AT} of them: {len(asked)} requests, {len(asked) / LOOKED_AT:.1f} a repository", end="")
    print(f", for all {costly * REPOSITORIES / LOOKED_AT / ENTERPRISE:.0%} of {ENTERPRISE}")
