"""An installation that comes while a worker lives need not wait for the next look at all of GitHub."""

import pytest

from app.emulator import installing
from app.jobs.sweep import Polls
from app.policy.own_app import App
from tests.support.house import House

WAITING = "SELECT workflow, number FROM runs WHERE workflow = 'solve'"


@pytest.fixture
def house(monkeypatch, tmp_path):
    monkeypatch.setenv("QUORUM_DATA_DIR", str(tmp_path))
    with House() as made:
        yield made


def test_work_of_an_installation_that_came_back_is_found_at_the_next_short_look(house):
    mona = house.person("mona")
    place = "/repos/mona/first"
    mona.call("PUT", f"{place}/contents/a.txt", {"message": "Begin", "content": "YQ=="})
    world, services = house.stage.world, house.services
    (installation,) = world.installations.values()
    installing.suspend(world, installation, world.users["mona"])
    polls = Polls(services.database, services.forge, App(house.settings.app_id, house.settings.app_slug))
    house.run(polls.whole())
    mona.call("POST", f"{place}/labels", {"name": "quorum", "color": "ededed"})
    mona.call("POST", f"{place}/issues", {"title": "One", "labels": ["quorum"]})
    house.run(polls.new())
    assert house.rows(WAITING) == []
    installing.unsuspend(world, installation, world.users["mona"])
    house.run(polls.new())
    assert house.rows(WAITING) == [("solve", 1)]
    asked = services.forge.requests
    house.run(polls.new())
    assert services.forge.requests == asked + 1
