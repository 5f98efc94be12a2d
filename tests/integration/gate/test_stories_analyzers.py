"""What analyzers find reaches who reviews: what the change introduced, and nothing else."""

import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.sandbox.bubblewrap import Bubblewrap
from tests.support.house import House
from tests.support.places import QUICK, Place

SECTION = "## Alarms of analyzers that this change introduced"
OLD = "def old(text):\n    return eval(text)\n"


@pytest.fixture
def furnished(house: House) -> Iterator[House]:
    """With a sandbox, which these stories need, and bandit in it."""
    bare = house.services
    house.services = replace(bare, box=Bubblewrap(packages=Path(sys.prefix)), analyzers=("bandit",))
    house.model.shown.clear()
    yield house
    house.settle()
    house.services = bare


def place_with(new_place: Callable[..., Place], policy: str) -> Place:
    place = new_place(policy)
    place.main = place.push("main", place.commit({"old.py": OLD}, place.main), "mona")
    place.house.settle()
    return place


def steps(house: House, place: Place) -> list[str]:
    query = "SELECT s.name FROM steps s JOIN runs r ON r.id = s.run_id WHERE r.repo_id = :id AND r.workflow = 'review'"
    return [name for (name,) in house.rows(query, id=place.repository.id)]


def test_reviewers_are_shown_the_alarm_that_a_change_introduces_and_no_old_one(
    furnished: House, new_place: Callable[..., Place]
):
    place = place_with(new_place, QUICK)

    place.pull({"old.py": f"# One line more.\n{OLD}", "new.py": "total = eval(input())\n"})

    (told,) = {each.partition(SECTION)[2].partition("## ")[0] for each in furnished.model.shown}
    assert "warning, B307, new.py:1: Use of possibly insecure function" in told
    assert "> total = eval(input())" in told
    assert "old.py" not in told
    assert steps(furnished, place).count("analyzers") == 1


def test_a_change_that_introduces_none_is_shown_without_a_word_of_it(furnished: House, new_place: Callable[..., Place]):
    place = place_with(new_place, QUICK)

    head, _ = place.pull({"old.py": f"# One line more.\n{OLD}"})

    assert furnished.model.shown
    assert not any(SECTION in each for each in furnished.model.shown)
    assert place.gate(head).conclusion == "success"


def test_a_policy_names_a_command_of_its_own(furnished: House, new_place: Callable[..., Place]):
    where = '{"physicalLocation": {"artifactLocation": {"uri": "new.py"}, "region": {"startLine": 2}}}'
    result = f'{{"ruleId": "OWN-1", "message": {{"text": "Not here."}}, "locations": [{where}]}}'
    report = f'{{"version": "2.1.0", "runs": [{{"results": [{result}]}}]}}'
    command = f"echo '{report}'".replace('"', '\\"')
    place = place_with(new_place, f'{QUICK}analyzers: [{{name: own, command: "{command}", files: ["*.py"]}}]\n')

    head, _ = place.pull({"new.py": "x = 1\ny = 2\n"})

    assert all("own:\\n- warning, OWN-1, new.py:2: Not here." in each for each in furnished.model.shown)
    assert place.gate(head).conclusion == "success", "an alarm is a hint"


def test_an_analyzer_that_is_not_there_is_told_and_stops_no_review(furnished: House, new_place: Callable[..., Place]):
    furnished.services = replace(furnished.services, box=Bubblewrap())
    place = place_with(new_place, f"{QUICK}analyzers: [bandit]\n")

    head, number = place.pull({"new.py": "eval(input())\n"})

    assert all("Not looked at:\\n- bandit: " in each for each in furnished.model.shown)
    assert "Analyzers did not look at all of it: bandit: " in place.answers(number)[-1]
    assert place.gate(head).conclusion == "success"
