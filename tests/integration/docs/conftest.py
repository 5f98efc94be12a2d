"""A desk at which everything in the pages can be typed: a GitHub, an App, a reviewed pull request, a clone of each."""

from collections.abc import Iterator

import pytest
from desk import Desk, furnish

from app.sandbox.box import Box
from tests.support.house import House


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    async def shown_elsewhere(box: Box) -> None:
        """That the sandbox holds takes seconds to show, and has tests of its own."""

    place = tmp_path_factory.mktemp("typed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QUORUM_DATA_DIR", str(place / "house"))
        for where in ("app.wiring.require", "app.sandbox.selftest.require"):
            patch.setattr(where, shown_elsewhere)
        patch.setattr("app.cli.reviewing.judging.installed", lambda: ())
        patch.setattr("app.telemetry.configure", lambda *_, **__: None)
        with House() as house:
            yield furnish(house, place, patch)
