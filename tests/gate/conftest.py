"""One GitHub for all histories."""

import shutil
from collections.abc import Iterator

import pytest
import structlog
from gate_stage import GateStage


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GateStage]:
    home = tmp_path_factory.mktemp("gate")
    with pytest.MonkeyPatch.context() as patch:
        begun = GateStage(home, patch)
        yield begun
        begun.close()
    shutil.rmtree(home)


@pytest.fixture(autouse=True)
def told() -> Iterator[list[structlog.typing.EventDict]]:
    """What was logged."""
    with structlog.testing.capture_logs() as lines:
        yield lines
