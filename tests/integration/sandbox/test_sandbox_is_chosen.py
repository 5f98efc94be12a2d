"""Who runs a worker's commands follows from one setting, and `quorum doctor` looks at the same one."""

from pathlib import Path

import pytest

from app import wiring
from app.cli.checkup.machine import look_at_sandbox
from app.sandbox.apart.client import SandboxClient
from app.sandbox.bubblewrap import Bubblewrap
from app.sandbox.errors import SandboxAwayError
from app.settings import Settings
from tests.support.sandboxes import SandboxProcess


async def test_a_worker_runs_its_commands_itself_unless_it_is_told_who_does(monkeypatch: pytest.MonkeyPatch) -> None:
    async def shown(_box: object) -> None:
        return None

    monkeypatch.setattr("app.wiring.require", shown)
    assert isinstance(await wiring._box(Settings()), Bubblewrap)


async def test_the_one_that_is_set_is_used_as_soon_as_it_is_there(tmp_path: Path) -> None:
    settings = Settings(sandbox_socket=tmp_path / "sandbox.sock")
    box = await wiring._box(settings)
    assert isinstance(box, SandboxClient)
    with pytest.raises(SandboxAwayError):
        await box.prove()
    found = await look_at_sandbox(settings)
    assert found.state == "fail"
    assert "quorum sandbox" in found.told
    with SandboxProcess(tmp_path):
        assert await box.prove()
        assert (await look_at_sandbox(settings)).told == f"apart, at {tmp_path}/sandbox.sock"
