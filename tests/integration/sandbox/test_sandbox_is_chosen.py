"""Who runs a worker's commands follows from one setting, and `quorum doctor` looks at the same one."""

from pathlib import Path

import pytest

from app import wiring
from app.cli.checkup.machine import look_at_sandbox
from app.sandbox.apart.client import SandboxClient
from app.sandbox.apart.settings import SandboxSettings
from app.sandbox.box import Result
from app.sandbox.bubblewrap import Bubblewrap
from app.sandbox.errors import SandboxAwayError, SandboxUnavailableError
from app.settings import Settings
from tests.support.sandboxes import SandboxProcess


async def test_a_worker_runs_its_commands_itself_unless_it_is_told_who_does(monkeypatch: pytest.MonkeyPatch) -> None:
    async def shown(_box: object) -> None:
        return None

    monkeypatch.setattr("app.wiring.require", shown)
    assert isinstance(await wiring._box(Settings()), Bubblewrap)
    monkeypatch.setenv("QUORUM_SANDBOX_SOCKET", "")
    assert isinstance(await wiring._box(Settings()), Bubblewrap)
    assert SandboxSettings().sandbox_socket is None
    monkeypatch.setenv("QUORUM_SANDBOX_SOCKET", "/run/quorum/sandbox.sock")
    assert Settings().sandbox_socket == SandboxSettings().sandbox_socket == Path("/run/quorum/sandbox.sock")


async def test_the_one_that_is_set_is_used_as_soon_as_it_is_there(tmp_path: Path) -> None:
    settings = Settings(sandbox_socket=tmp_path / "sandbox.sock", data_dir=tmp_path)
    box = await wiring._box(settings)
    assert isinstance(box, SandboxClient)
    with pytest.raises(SandboxAwayError):
        await box.prove()
    found = await look_at_sandbox(settings)
    assert found.state == "fail"
    assert "quorum sandbox" in found.told
    with SandboxProcess(tmp_path):
        assert isinstance(await wiring._box(settings), SandboxClient)
        assert await box.prove()
        assert (await look_at_sandbox(settings)).told == f"apart, at {tmp_path}/sandbox.sock"


async def test_one_that_sees_other_work_trees_is_found_out(tmp_path: Path) -> None:
    worktrees = tmp_path / "mine" / "worktrees"
    worktrees.mkdir(parents=True)
    with SandboxProcess(tmp_path / "its") as process:
        found = await look_at_sandbox(Settings(sandbox_socket=process.place, data_dir=worktrees.parent))
        assert found.state == "fail"
        assert "same QUORUM_DATA_DIR" in found.told
        assert list(worktrees.iterdir()) == []
        await SandboxClient(process.place).look_at(process.root)


async def test_work_trees_that_cannot_be_written_are_told_of(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "worktrees").write_text("no folder")
    with SandboxProcess(tmp_path) as process:
        settings = Settings(sandbox_socket=process.place, data_dir=tmp_path / "mine")
        assert isinstance(await wiring._box(settings), SandboxClient), "the rest of the worker goes on"
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Path, "is_dir", lambda _path: True)
            assert "Not a directory" in (await look_at_sandbox(settings)).told


async def test_another_folder_at_the_same_path_is_found_out(tmp_path: Path) -> None:
    """As two containers may have it."""

    class There(SandboxClient):
        async def run(self, *_args: object, **_more: object) -> Result:
            return Result(1, "cat: token: No such file or directory\n")

    class Tidied(SandboxClient):
        async def run(self, *_args: object, worktree: Path, **_more: object) -> Result:
            (worktree / "token").unlink()
            raise SandboxUnavailableError("it is not there", "Mount it.")

    await Tidied(tmp_path / "s").look_at(tmp_path / "worktrees")
    with pytest.raises(SandboxUnavailableError, match=r"it finds 'cat: token: No such.*mount one volume"):
        await There(tmp_path / "s").look_at(tmp_path / "worktrees")
