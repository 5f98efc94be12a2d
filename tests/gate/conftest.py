"""One GitHub for all histories, in memory where the machine has a place for that."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog
from gate_stage import GateStage

_MEMORY = Path("/dev/shm")


@pytest.fixture(scope="module")
def stage() -> Iterator[GateStage]:
    home = Path(tempfile.mkdtemp(prefix="quorum-gate-", dir=_MEMORY if _MEMORY.is_dir() else None))
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
