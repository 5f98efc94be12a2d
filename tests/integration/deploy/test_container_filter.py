"""The sandbox holds under the system calls that `deploy/seccomp.json` leaves a container, and needs what it adds."""

import json
import subprocess
import sys
from pathlib import Path

from app.sandbox import lasting
from app.sandbox.apart.client import SandboxClient
from app.sandbox.box import Limits
from tests.support import filtered
from tests.support.sandboxes import SandboxProcess

PROFILE = Path(__file__).parents[3] / "deploy" / "seccomp.json"
PROVE = """
import asyncio
from app.sandbox.bubblewrap import Bubblewrap
from app.sandbox.selftest import require
print(len(asyncio.run(require(Bubblewrap()))))
"""
REFUSED_BY_DOCKER_TOO = {"keyctl", "bpf", "ptrace", "init_module", "kexec_load", "open_by_handle_at", "settimeofday"}


def run(profile: Path, program: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, filtered.__file__, str(profile), program]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_every_proof_of_the_sandbox_holds_under_the_profile():
    ended = run(PROFILE, PROVE)
    assert ended.returncode == 0, ended.stderr
    assert int(ended.stdout) >= 10


async def test_the_process_that_runs_commands_for_workers_works_under_the_profile(tmp_path: Path):
    quorum = (filtered.__file__, str(PROFILE), "from app.cli import main; main()")
    with SandboxProcess(tmp_path, quorum=quorum) as sandbox:
        box, tree = SandboxClient(sandbox.place), sandbox.tree("1")
        assert all(each.held for each in await box.prove())
        left = tree.parent / lasting.FOLDER / "1"
        await box.begin(left, ["echo", "well"], worktree=tree, limits=Limits())

        async def nothing() -> None:
            return

        result = await lasting.wait(left, nothing)
    assert result is not None
    assert result.output == "well\n"


def test_without_what_the_profile_adds_the_sandbox_cannot_be_made(tmp_path: Path):
    told = json.loads(PROFILE.read_text())
    told["syscalls"][0]["names"].remove("pivot_root")
    narrower = tmp_path / "narrower.json"
    narrower.write_text(json.dumps(told))
    ended = run(narrower, PROVE)
    assert ended.returncode != 0
    assert "SandboxUnavailableError" in ended.stderr


def test_what_reaches_the_machine_beyond_the_container_is_refused():
    allowed = {name for rule in json.loads(PROFILE.read_text())["syscalls"] for name in rule["names"]}
    assert not allowed & REFUSED_BY_DOCKER_TOO
