"""The house of a file's stories, each of which has a place of its own in it."""

import pytest

from tests.support.house import House


@pytest.fixture(scope="module")
def house(running_house: House) -> House:
    return running_house
