"""What every test shares: property tests draw the same examples each time, so that a verdict depends on the code alone.

`QUORUM_EXPLORE=1 make test` draws new ones; an example that it finds belongs into the test as `@example`.
"""

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.support.made_once import make_once

# A deadline would be a timing assertion.
settings.register_profile("same", derandomize=True, deadline=None)
settings.register_profile("explore", derandomize=False, deadline=None)
settings.load_profile("explore" if os.environ.get("QUORUM_EXPLORE") else "same")


@pytest.fixture(scope="session", autouse=True)
def once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        make_once(patch)
        yield
