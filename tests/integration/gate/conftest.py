"""One Quorum and one GitHub for all stories of a file; each story has a repository of its own."""

from collections.abc import Callable, Iterator

import pytest

from tests.support.house import House
from tests.support.places import Place


@pytest.fixture(scope="session")
def running_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QUORUM_DATA_DIR", str(tmp_path_factory.mktemp("house")))
        with House() as house:
            yield house


@pytest.fixture
def house(running_house: House) -> Iterator[House]:
    running_house.installation.repository_ids.clear()
    running_house.model.asked.clear()
    running_house.model.forgiving = False
    yield running_house
    running_house.faults()
    running_house.settle()


@pytest.fixture
def place(house: House) -> Place:
    return Place(house)


@pytest.fixture
def new_place(house: House) -> Callable[..., Place]:
    return lambda *args, **more: Place(house, *args, **more)
