"""Webhooks: signed, delivered to a real receiver, recorded; lost, doubled and shuffled on demand."""

import asyncio
import time

import pytest

from app.emulator.hooks import Hooks, Mischief
from app.emulator.state import World
from tests.integration.emulator.conftest import SECRET
from tests.support.virtual_time import run_virtually

WAIT_S = 60


def open_issue(stage, title):
    answer = stage.ask("POST", "issues", stage.person, {"title": title})
    assert answer.status_code == 201, answer.text


def recorded(stage, *, at_least=1):
    """The App's deliveries, newest first, once so many have been answered."""
    deadline = time.monotonic() + WAIT_S
    while time.monotonic() < deadline:
        found = stage.ask("GET", "/app/hook/deliveries", stage.app_token()).json()
        if sum(each["status_code"] != 0 for each in found) >= at_least:
            return found
    pytest.fail(f"fewer than {at_least} deliveries were answered")


def test_a_delivery_carries_the_headers_and_the_signature_of_github(stage, receiver):
    open_issue(stage, "It breaks")
    arrived = receiver.next()
    assert arrived.signature_holds
    assert arrived.headers["x-github-event"] == "issues"
    assert arrived.headers["user-agent"].startswith("GitHub-Hookshot/")
    assert arrived.headers["x-github-hook-installation-target-type"] == "integration"
    assert arrived.headers["x-github-hook-installation-target-id"] == str(stage.app.id)
    assert arrived.payload["action"] == "opened"
    assert arrived.payload["issue"]["title"] == "It breaks"
    assert arrived.payload["installation"]["id"] == stage.installation.id


def test_an_event_without_a_subscription_is_not_sent(stage, receiver):
    open_issue(stage, "First")
    stage.ask("POST", "issues/1/comments", stage.person, {"body": "me too"})
    open_issue(stage, "Second")
    assert [receiver.next().payload["issue"]["title"] for _ in range(2)] == ["First", "Second"]


def test_a_delivery_is_recorded_with_the_answer_and_not_tried_again(stage, receiver):
    receiver.status = 500
    open_issue(stage, "It breaks")
    guid = receiver.next().guid
    (delivery,) = recorded(stage)
    assert (delivery["guid"], delivery["status_code"], delivery["redelivery"]) == (guid, 500, False)
    receiver.status = 202
    open_issue(stage, "Another")
    assert receiver.next().payload["issue"]["title"] == "Another"


def test_a_redelivery_keeps_the_guid_and_is_recorded_as_such(stage, receiver):
    open_issue(stage, "It breaks")
    first = receiver.next()
    (delivery,) = recorded(stage)
    assert stage.ask("POST", f"/app/hook/deliveries/{delivery['id']}/attempts", stage.app_token()).status_code == 202
    second = receiver.next()
    assert (second.guid, second.body) == (first.guid, first.body)
    newest, oldest = recorded(stage, at_least=2)
    assert (newest["redelivery"], oldest["redelivery"]) == (True, False)
    assert newest["id"] != oldest["id"]


def test_deliveries_are_shown_to_the_app_only_not_to_its_installation(stage):
    answer = stage.ask("GET", "/app/hook/deliveries", stage.token(contents="write"))
    assert answer.status_code == 401


def test_a_lost_delivery_is_recorded_but_never_sent(stage, receiver):
    stage.control("hooks", {"lost": True})
    open_issue(stage, "Unheard")
    stage.control("hooks", {})
    open_issue(stage, "Heard")
    assert receiver.next().payload["issue"]["title"] == "Heard"
    assert [each["status_code"] for each in recorded(stage)] == [202, 0]


def test_only_the_events_that_are_named_are_lost(stage, receiver):
    stage.control("hooks", {"lost": True, "events": "^push$"})
    stage.pushed()
    open_issue(stage, "Heard")
    assert receiver.next().payload["issue"]["title"] == "Heard"


def test_a_late_delivery_arrives_all_the_same(stage, receiver):
    stage.control("hooks", {"late_s": 0.05})
    open_issue(stage, "Late")
    assert receiver.next().payload["issue"]["title"] == "Late"


def test_a_late_delivery_is_overtaken_by_the_next_one(tmp_path):
    """By a clock of its own: between two requests any time may pass."""

    async def play() -> tuple[list[str], float]:
        world = World(tmp_path)
        hooks, app = Hooks(world), world.add_app("bot", "no key", {}, frozenset(), ("http://receiver.test/", SECRET))
        hooks.mischief = Mischief(late_s=5.0)
        hooks.put(app, "issues", {"action": "late"})
        hooks.mischief = Mischief()
        hooks.put(app, "issues", {"action": "prompt"})
        sent = [await hooks._queue.get() for _ in range(2)]
        return [each["action"] for each in sent], asyncio.get_running_loop().time()

    assert run_virtually(play()) == (["prompt", "late"], 5.0)


def test_deliveries_are_paged_by_cursors_that_new_ones_do_not_shift(stage, receiver):
    for number in range(5):
        open_issue(stage, f"issue {number}")
    place = "/app/hook/deliveries?per_page=2"
    first = stage.ask("GET", place, stage.app_token())
    open_issue(stage, "meanwhile")
    seen, answer = [each["id"] for each in first.json()], first
    while "next" in answer.links:
        answer = stage.wire.get(answer.links["next"]["url"], headers={"authorization": f"Bearer {stage.app_token()}"})
        seen += [each["id"] for each in answer.json()]
    assert len(seen) == 5
    assert seen == sorted(set(seen), reverse=True)
    assert stage.ask("GET", f"{place}&cursor=2", stage.app_token()).status_code == 422


def test_a_delivery_is_shown_with_what_was_sent_and_answered(stage, receiver):
    open_issue(stage, "It breaks")
    arrived = receiver.next()
    (delivery,) = recorded(stage)
    shown = stage.ask("GET", f"/app/hook/deliveries/{delivery['id']}", stage.app_token()).json()
    assert shown["request"]["payload"] == arrived.payload
    assert shown["request"]["headers"]["X-Hub-Signature-256"] == arrived.headers["x-hub-signature-256"]
    assert (shown["status_code"], shown["repository_id"]) == (202, stage.repository.id)


def test_a_tripled_delivery_arrives_three_times_under_one_guid(stage, receiver):
    stage.control("hooks", {"copies": 3})
    open_issue(stage, "It breaks")
    assert len({receiver.next().guid for _ in range(3)}) == 1


def test_held_deliveries_leave_on_release_in_an_order_made_from_the_seed(stage, receiver):
    stage.control("hooks", {"hold": True})
    titles = [f"issue {number}" for number in range(6)]
    for title in titles:
        open_issue(stage, title)
    assert stage.control("hooks", {"release": 7}) == {"released": 6}
    arrived = [receiver.next().payload["issue"]["title"] for _ in titles]
    assert sorted(arrived) == titles
    assert arrived != titles
