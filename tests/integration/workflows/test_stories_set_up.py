"""A project that needs a package: it is installed before anything else runs, from a registry that is allowed, once."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.policy.config import POLICY_PATH
from app.sandbox.box import Limits, Prepared, Result
from app.sandbox.bubblewrap import Bubblewrap
from tests.support.house import House
from tests.support.opinions import Opinions
from tests.support.places import QUICK, Place
from tests.support.players import ADD, HAND_IN, Call, Players
from tests.support.registry import Registry, registry

INSTALL = (
    "NO_PROXY= no_proxy= python3 -m pip install --quiet --disable-pip-version-check --retries 0 "
    "--index-url {host}/simple/ words"
)
"""Without a proxy what is on this machine would be looked for in the sandbox's own network."""
TEST = "python3 -c 'import words; assert words.hello() == \"hello\"'"


class Told(Bubblewrap):
    """Tells what ran and whether there was a way out; a set-up that sleeps is ended after a second."""

    def __init__(self) -> None:
        super().__init__()
        self.ran: list[tuple[str, Prepared | None]] = []
        self.ended: list[tuple[str, bool]] = []

    async def run(
        self, argv: Sequence[str], *, worktree: Path, limits: Limits, prepared: Prepared | None = None, **more: Any
    ) -> Result:
        self.ran.append((argv[-1], prepared))
        if argv[-1].startswith("sleep"):
            limits = replace(limits, wall_s=1.0)
        result = await super().run(argv, worktree=worktree, limits=limits, prepared=prepared, **more)
        self.ended.append((argv[-1], result.ok))
        return result

    @property
    def online(self) -> list[str]:
        return [command for command, prepared in self.ran if prepared is not None and prepared.through is not None]


@pytest.fixture(scope="module")
def packages() -> Iterator[Registry]:
    with registry() as told:
        yield told


def begin(house: House, hosts: tuple[str, ...], policy: str, *calls: Call) -> tuple[Players, Place, Told]:
    house.installation.repository_ids.clear()
    model, box = Players(writer=list(calls)), Told()
    settings = house.settings.model_copy(update={"setup_hosts": hosts})
    house.services = replace(house.services, model=model, box=box, settings=settings)
    place = Place(house, policy)
    place.call("ada", "POST", "issues", {"title": "Add a thing"})
    place.call("ada", "POST", "issues/1/labels", {"labels": ["quorum"]})
    house.settle()
    return model, place, box


def pulls(place: Place) -> list[Any]:
    return [each["pull"] for each in place.repository.issues.values() if each["pull"]]


def test_what_the_tests_need_is_installed_once_and_nothing_else_has_a_way_out(house: House, packages: Registry):
    policy = f"{QUICK}setup: {INSTALL.format(host=packages.host)}\ntest: {TEST}\n"
    look: Call = ("bash", {"command": f"{TEST} && ! touch ~/.local/x ~/venv/x && env | grep -ic _proxy"})
    model, place, box = begin(house, (packages.host,), policy, look, ADD, HAND_IN, HAND_IN)
    assert len(pulls(place)) == 1
    assert "Set up by" in place.answers(1)[0]
    assert [command for command in box.online if "pip" in command] == [INSTALL.format(host=packages.host)]
    assert len([path for path in packages.asked if path.endswith(".whl")]) == 1
    tested = [prepared for command, prepared in box.ran if TEST in command]
    assert tested
    assert all(each is not None and each.through is None for each in tested)
    assert "How it was set up before you came" in model.told("writer")[0]
    assert "[exit code 1]" in model.told("writer")[1]
    (left,) = house.services.prepared.glob("*/*")
    assert not [name for name in ("work", "tmp", "home/.cache") if (left / name).exists()]


def test_a_host_that_is_not_allowed_is_named_and_nobody_is_asked_there(house: House, packages: Registry):
    packages.asked.clear()
    policy = f"{QUICK}setup: {INSTALL.format(host=packages.host)}\n"
    _model, place, box = begin(house, ("registry.example",), policy, ADD, HAND_IN, HAND_IN)
    (report, *_) = place.answers(1)
    assert "The set-up failed" in report
    assert "127.0.0.1" in report
    assert "QUORUM_SETUP_HOSTS" in report
    assert "The last that it printed: `ERROR: No matching distribution found for words`" in report
    assert packages.asked == []
    assert len(pulls(place)) == 1
    assert {prepared for command, prepared in box.ran if command not in box.online} == {None}


def test_a_set_up_that_hangs_is_ended_and_not_tried_again_at_once(house: House):
    _model, place, box = begin(house, ("registry.example",), f"{QUICK}setup: sleep 999\n", ADD, HAND_IN, HAND_IN)
    assert "ended by timeout" in place.answers(1)[0]
    assert len(pulls(place)) == 1
    place.call("ada", "POST", "issues/2/comments", {"body": "@quorum review"})
    house.settle()
    assert box.online.count("sleep 999") == 1


def test_where_no_host_is_allowed_nothing_is_set_up(house: House):
    _model, place, box = begin(house, (), f"{QUICK}setup: touch x\n", ADD, HAND_IN, HAND_IN)
    assert len(pulls(place)) == 1
    assert box.online == []
    assert "touch x" not in [command for command, _ in box.ran]


def test_a_review_whose_tests_fail_for_want_of_what_was_not_installed_says_so(house: House):
    """It is the set-up of the base branch: what the change says of it counts when it is merged."""
    house.installation.repository_ids.clear()
    box, settings = Told(), house.settings.model_copy(update={"setup_hosts": ("registry.example",)})
    house.services = replace(house.services, model=Opinions(), box=box, settings=settings)
    place = Place(house, f"{QUICK}setup: exit 3\ntest: test -e installed\n")
    files = {POLICY_PATH: f"{QUICK}setup: touch installed\ntest: test -e a.txt\n"}
    _head, number = place.pull(files)
    house.settle()
    assert box.online[-1] == "exit 3"
    assert "before, the set-up failed: exit 3: exit code 3" in "".join(place.answers(number))


def test_what_one_branch_left_is_not_used_for_another(house: House):
    """Its manifests may be the same, and what they install another thing: only `main` speaks for `main`."""
    house.installation.repository_ids.clear()
    box, settings = Told(), house.settings.model_copy(update={"setup_hosts": ("registry.example",)})
    house.services = replace(house.services, model=Opinions(), box=box, settings=settings)
    place = Place(house, f"{QUICK}setup: cp -r given kept\ntest: grep main kept/word\n")
    start = place.main
    for base in ("other", "main"):
        sha = place.push(base, place.commit({"given/word": f"{base}\n"}, start), "mona")
        place.push(f"to-{base}", place.commit({"n.txt": "n\n"}, sha))
        place.open(f"to-{base}", base)
        house.settle()
    assert box.online.count("cp -r given kept") == 2
    assert [fine for command, fine in box.ended if "grep" in command] == [False, True]


def test_no_more_is_kept_of_a_repository_than_there_is_room_for(house: House):
    """Each branch has its own: who may push could have one made after the other."""
    house.installation.repository_ids.clear()
    box, settings = Told(), house.settings.model_copy(update={"setup_hosts": ("registry.example",)})
    house.services = replace(house.services, model=Opinions(), box=box, settings=settings)
    place = Place(house, f"{QUICK}setup: mkdir kept\ntest: test -e kept\n")
    for number in range(12):
        (house.services.prepared / str(place.repository.id) / f"{number:032}").mkdir(parents=True)
    _head, number = place.pull({"n.txt": "n\n"})
    house.settle()
    assert "mkdir kept" not in box.online
    assert "12 set-ups of this repository were used within a day" in "".join(place.answers(number))
