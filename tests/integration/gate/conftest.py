"""One Quorum and one GitHub for all stories of a file; each story has a repository of its own."""

from collections.abc import Callable, Iterator

import pytest

from tests.support.house import House
from tests.support.places import Place


@pytest.fixture
def house(running_house: House) -> Iterator[House]:
    running_house.installation.repository_ids.clear()
    running_house.model.asked.clear()
    running_house.model.forgiving = running_house.model.graver = False
    yield running_house
    running_house.faults()
    running_house.settle()


@pytest.fixture
def place(house: House) -> Place:
    return Place(house)


@pytest.fixture
def new_place(house: House) -> Callable[..., Place]:
    return lambda *args, **more: Place(house, *args, **more)
