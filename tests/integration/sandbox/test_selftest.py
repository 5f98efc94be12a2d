"""The self-test holds on a sound box and names what does not hold on an unsound one."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from app.sandbox.box import Limits, Result
from app.sandbox.bubblewrap import Bubblewrap
from app.sandbox.errors import SandboxUnavailableError
from app.sandbox.selftest import prove, require


class NoBox:
    """Runs commands in the open: what the self-test is there to find."""

    async def run(
        self,
        argv: Sequence[str],
        *,
        worktree: Path,
        limits: Limits,
        stdin: bytes = b"",
        env: Mapping[str, str] | None = None,
        writable: bool = True,
    ) -> Result:
        if "fork" in argv[-1] or "/usr/quorum" in argv[-1] or "unshare" in argv[-1]:
            return Result(1, "not tried in the open")
        process = await asyncio.create_subprocess_exec(
            *argv,
            cwd=worktree,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        out, _ = await process.communicate(stdin)
        return Result(process.returncode or 0, out.decode())


class SilentBox(NoBox):
    """Claims that everything went well and runs nothing."""

    async def run(self, *_args: object, **_kwargs: object) -> Result:
        return Result(0, "")


class LateBox(NoBox):
    """Holds; of each program the first run is cut off before it has shown anything."""

    def __init__(self) -> None:
        self._known: set[str] = set()

    async def run(self, argv: Sequence[str], **_: object) -> Result:
        if argv[-1] not in self._known:
            self._known.add(argv[-1])
            return Result(-9, "", "timeout")
        return Result(0, "HELD") if "HELD" in argv[-1] else Result(-9, "", "memory")


async def test_every_proof_holds_in_bubblewrap(box: Bubblewrap) -> None:
    proofs = await require(box)
    assert len(proofs) >= 10
    assert all(proof.held for proof in proofs)


async def test_no_isolation_is_found_out() -> None:
    broken = {proof.name for proof in await prove(NoBox()) if not proof.held}
    assert {"no network", "the host's files cannot be read", "the host's files cannot be written"} <= broken
    assert "the host's processes are not seen" in broken


async def test_a_box_that_runs_nothing_proves_nothing() -> None:
    assert not any(proof.held for proof in await prove(SilentBox()))


async def test_what_a_busy_machine_cut_off_is_tried_once_more() -> None:
    assert all(proof.held for proof in await prove(LateBox()))


async def test_an_unsound_box_is_refused_with_what_failed_and_a_remedy() -> None:
    with pytest.raises(SandboxUnavailableError, match=r"no network.*unprivileged_userns_clone"):
        await require(NoBox())
