"""A sandbox that is apart and does not hold runs nothing and says so; one that answers amiss is not believed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from app.sandbox.apart.client import SandboxClient
from app.sandbox.apart.server import SandboxServer
from app.sandbox.apart.wire import Failed, Proved, framed
from app.sandbox.box import Ended, Limits, Result
from app.sandbox.errors import SandboxAwayError, SandboxUnavailableError


class Leaky:
    """Says of every proof but the last that it could be done, until it is mended."""

    def __init__(self) -> None:
        self.ran: list[str] = []
        self.output = "it was possible"
        self.ended: Ended = "exit"

    async def run(self, argv: list[str], **_: Any) -> Result:
        self.ran.append(argv[-1])
        return Result(0, self.output, "memory" if "80 << 20" in argv[-1] else self.ended)


@asynccontextmanager
async def listening(place: Path, attend: Any) -> AsyncIterator[SandboxClient]:
    """Each connection of the block is attended to the end, and there is one at least."""
    attending: list[asyncio.Task[Any]] = []
    begun = asyncio.Event()

    async def attend_one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        attending.append(asyncio.create_task(attend(reader, writer)))
        begun.set()

    server = await asyncio.start_unix_server(attend_one, place)
    try:
        yield SandboxClient(place)
    finally:
        await begun.wait()
        server.close()
        await asyncio.gather(*attending, return_exceptions=True)


async def test_nothing_is_run_until_isolation_was_shown(tmp_path: Path) -> None:
    box, tree = Leaky(), tmp_path / "run" / "1"
    tree.mkdir(parents=True)
    server = SandboxServer(box, tmp_path, tmp_path)  # type: ignore[arg-type]
    async with listening(tmp_path / "s", server.attend) as client:
        with pytest.raises(SandboxUnavailableError, match="not shown yet") as unshown:
            await client.run(["true"], worktree=tree, limits=Limits())
        assert not isinstance(unshown.value, SandboxAwayError), "it does not pass by itself"
        with pytest.raises(SandboxUnavailableError, match="no network: exit 0: it was possible"):
            await client.prove()
        with pytest.raises(SandboxUnavailableError, match="no network: exit 0: it was possible"):
            await client.begin(tree.parent / "lasting" / "1", ["true"], worktree=tree, limits=Limits())
        assert "true" not in box.ran
        box.output = "HELD"
        assert all(proof.held for proof in await client.prove())
        assert (await client.run(["true"], worktree=tree, limits=Limits())).ok


async def test_what_a_busy_machine_leaves_undecided_is_tried_again_and_takes_nothing_back(tmp_path: Path) -> None:
    box, tree = Leaky(), tmp_path / "run" / "1"
    tree.mkdir(parents=True)
    server = SandboxServer(box, tmp_path, tmp_path)  # type: ignore[arg-type]
    box.output, box.ended = "", "timeout"
    with pytest.raises(SandboxUnavailableError, match="no network: timeout"):
        await server.prove()
    assert sum("unshare(0x" in each for each in box.ran) == 6, "three times, and each once more"
    async with listening(tmp_path / "s", server.attend) as client:
        with pytest.raises(SandboxUnavailableError, match="no network: timeout"):
            await client.run(["true"], worktree=tree, limits=Limits())
        box.output, box.ended = "HELD", "exit"
        await client.prove()
        box.output, box.ended = "", "timeout"
        with pytest.raises(SandboxUnavailableError, match="no network: timeout"):
            await client.prove()
        assert (await client.run(["true"], worktree=tree, limits=Limits())).ended == "timeout", "it was run"
        box.output, box.ended = "it was possible", "exit"
        with pytest.raises(SandboxUnavailableError, match="it was possible"):
            await client.prove()
        with pytest.raises(SandboxUnavailableError, match="it was possible"):
            await client.run(["true"], worktree=tree, limits=Limits())


class Tidy(Leaky):
    """What it runs goes on until it is cancelled, and is then ended in several steps."""

    def __init__(self) -> None:
        super().__init__()
        self.output = "HELD"
        self.begun = asyncio.Event()
        self.is_gone = False

    async def run(self, argv: list[str], **more: Any) -> Result:
        if argv != ["sleep"]:
            return await super().run(argv, **more)
        try:
            self.begun.set()
            await asyncio.Event().wait()
        finally:
            for _ in range(5):
                await asyncio.sleep(0)
            self.is_gone = True


async def test_a_server_that_ends_lets_what_it_ends_come_to_its_end(tmp_path: Path) -> None:
    """All tasks of a loop that ends are cancelled, in any order, those that others would cancel as well."""
    box, tree = Tidy(), tmp_path / "run" / "1"
    tree.mkdir(parents=True)
    server = SandboxServer(box, tmp_path, tmp_path)  # type: ignore[arg-type]
    await server.prove()
    async with listening(tmp_path / "s", server.attend) as client:
        before = asyncio.all_tasks()
        asking = asyncio.create_task(client.run(["sleep"], worktree=tree, limits=Limits()))
        await box.begun.wait()
        by_name = {task.get_coro().__name__: task for task in asyncio.all_tasks() - before}  # type: ignore[union-attr]
        by_name["_answer"].cancel()
        await asyncio.sleep(0)
        by_name["attend"].cancel()
        with pytest.raises(SandboxAwayError):
            await asking
        assert box.is_gone


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        (b"", "ended before it answered"),
        (b"\0\0\0\x09half", "broke off"),
        (b"\0\0\0\x02{}", "cannot be read"),
        (b"\x7f\xff\xff\xff", "broke off .*is longer than"),
        (framed(Failed(error="unreadable", told="limits: what is that?")), "another version.*what is that"),
        (framed(Proved(proofs=())), "answered `proved` to `run`"),
    ],
)
async def test_a_server_that_answers_rubbish_is_away(tmp_path: Path, sent: bytes, told: str) -> None:
    async def answer(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(sent)
        writer.close()

    async with listening(tmp_path / "s", answer) as client:
        with pytest.raises(SandboxAwayError, match=told):
            await client.run(["true"], worktree=tmp_path, limits=Limits())


async def test_a_server_that_never_answers_is_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.sandbox.apart.client._SHORT_S", 0.0)

    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.read(1000):
            pass
        writer.close()

    async with listening(tmp_path / "s", hang) as client:
        with pytest.raises(SandboxAwayError, match="no answer within"):
            await client.run(["true"], worktree=tmp_path, limits=Limits(wall_s=0.0))


async def test_another_users_process_is_told_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[bytes] = []

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.read())
        writer.close()

    monkeypatch.setattr("app.sandbox.apart.client.user_behind", lambda _stream: 1)
    async with listening(tmp_path / "s", listen) as client:
        with pytest.raises(SandboxAwayError, match="another user"):
            await client.run(["true"], worktree=tmp_path, limits=Limits())
    assert heard in ([], [b""])


async def test_another_users_order_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    box = Leaky()
    monkeypatch.setattr("app.sandbox.apart.server.user_behind", lambda _stream: 1)
    async with listening(tmp_path / "s", SandboxServer(box, tmp_path, tmp_path).attend) as client:  # type: ignore[arg-type]
        with pytest.raises(SandboxAwayError, match=r"ended before it answered|broke off"):
            await client.prove()
    assert not box.ran
