"""Commands that are carried out by `quorum sandbox`: the real process, and bubblewrap, behind the real socket."""

import asyncio
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.sandbox import lasting
from app.sandbox.apart.client import SandboxClient
from app.sandbox.box import Limits, Prepared, Result
from app.sandbox.errors import SandboxAwayError, SandboxUnavailableError
from app.sandbox.lasting import LastingBox
from app.sandbox.online import way_out
from tests.support.sandboxes import SandboxProcess, Sign


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SandboxProcess]:
    with SandboxProcess(tmp_path_factory.mktemp("data")) as process:
        yield process


@pytest.fixture
def apart(served: SandboxProcess) -> SandboxClient:
    return SandboxClient(served.place)


@pytest.fixture
def tree(served: SandboxProcess, request: pytest.FixtureRequest) -> Path:
    return served.tree(request.node.name)


async def sh(box: SandboxClient, tree: Path, limits: Limits, script: str) -> Result:
    return await box.run(["sh", "-c", script], worktree=tree, limits=limits)


async def test_a_command_works_in_its_tree_with_its_input_and_environment(
    apart: SandboxClient, tree: Path, limits: Limits
) -> None:
    argv = ["sh", "-c", 'cat > told; printf "%s|%s|" "$1" "$COLOUR"; pwd; exit 3', "sh", "ä \udcff"]
    result = await apart.run(argv, worktree=tree, limits=limits, stdin=b"\0\xff\n", env={"COLOUR": "b\nlue"})
    assert (result.exit_code, result.ended) == (3, "exit")
    assert result.output == "ä \N{REPLACEMENT CHARACTER}|b\nlue|/work/\n"
    assert (tree / "told").read_bytes() == b"\0\xff\n"
    refused = await apart.run(["touch", "more"], worktree=tree, limits=limits, writable=False)
    assert "Read-only file system" in refused.output


async def test_its_limits_hold_and_its_output_comes_as_it_was_cut(
    apart: SandboxClient, tree: Path, limits: Limits
) -> None:
    hung = await apart.run(["sleep", "99"], worktree=tree, limits=Limits(wall_s=0.3))
    assert hung.ended == "timeout"
    told = await apart.run(["seq", "100000"], worktree=tree, limits=Limits(output_bytes=1000))
    assert told.omitted_bytes > 500_000
    assert told.output.endswith("\n100000\n")
    zeros = await sh(apart, tree, Limits(output_bytes=200_000), "head -c 200000 /dev/zero")
    assert zeros.output == "\0" * 200_000, "each takes six bytes on the way"


async def test_all_proofs_hold_and_the_server_has_said_so(served: SandboxProcess, apart: SandboxClient) -> None:
    proofs = await apart.prove()
    assert len(proofs) >= 10
    assert all(each.held for each in proofs)
    assert "isolation holds" in served.told
    assert stat.S_IMODE(served.place.stat().st_mode) == 0o600


async def test_no_command_finds_the_socket(
    served: SandboxProcess, apart: SandboxClient, tree: Path, limits: Limits
) -> None:
    script = f"test -S {served.place} || test -S /work/../sandbox.sock || find / -name sandbox.sock 2>/dev/null"
    assert (await sh(apart, tree, limits, script)).output == ""


async def test_a_call_that_is_cancelled_returns_when_its_command_is_gone(
    apart: SandboxClient, tree: Path, limits: Limits
) -> None:
    with Sign(tree) as sign:
        running = asyncio.create_task(sh(apart, tree, limits, sign.given_until_the_end))
        await asyncio.to_thread(sign.wait)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        assert sign.is_gone()


CALL = """
import asyncio, sys
from pathlib import Path
from app.sandbox.apart.client import SandboxClient
from app.sandbox.box import Limits
place, tree, script = sys.argv[1:]
asyncio.run(SandboxClient(Path(place)).run(["sh", "-c", script], worktree=Path(tree), limits=Limits()))
"""


async def test_a_worker_that_is_killed_takes_its_command_along(served: SandboxProcess, tree: Path) -> None:
    with Sign(tree) as sign:
        command = [sys.executable, "-c", CALL, str(served.place), str(tree), sign.given_until_the_end]
        with subprocess.Popen(command) as worker:  # noqa: ASYNC220
            await asyncio.to_thread(sign.wait)
            worker.kill()
        await asyncio.to_thread(sign.wait_for_its_end)


LEAVE = """
import asyncio, sys
from pathlib import Path
from app.sandbox.apart.client import SandboxClient
from app.sandbox.box import Limits
place, tree, left, script = sys.argv[1:]
box = SandboxClient(Path(place))
asyncio.run(box.begin(Path(left), ["sh", "-c", script], worktree=Path(tree), limits=Limits()))
"""


async def test_a_lasting_command_outlives_the_worker_that_left_it(served: SandboxProcess, tree: Path) -> None:
    assert isinstance(SandboxClient(served.place), LastingBox)
    left = tree.parent / lasting.FOLDER / "1"
    with Sign(tree) as sign:
        script = f"{sign.given}; until [ -e go ]; do sleep 0.02; done; echo it is done"
        subprocess.run([sys.executable, "-c", LEAVE, str(served.place), str(tree), str(left), script], check=True)  # noqa: ASYNC221
        await asyncio.to_thread(sign.wait)
    (tree / "go").touch()

    async def nothing() -> None:
        return

    result = await lasting.wait(left, nothing)
    assert result is not None
    assert (result.output, result.exit_code) == ("it is done\n", 0)


async def test_what_ends_a_server_ends_its_commands_and_a_new_one_is_used_again(tmp_path: Path, limits: Limits) -> None:
    with SandboxProcess(tmp_path) as first:
        box, tree = SandboxClient(first.place), first.tree("1")
        with Sign(tree) as sign:
            running = asyncio.create_task(sh(box, tree, limits, sign.given_until_the_end))
            await asyncio.to_thread(sign.wait)
            first.kill()
            with pytest.raises(SandboxAwayError, match=r"quorum sandbox.*runs and listens"):
                await running
            await asyncio.to_thread(sign.wait_for_its_end)
    with pytest.raises(SandboxAwayError, match="Connection refused"):
        await sh(box, tree, limits, "true")
    with SandboxProcess(tmp_path) as second:
        assert (await sh(box, tree, limits, "echo again")).output == "again\n"
        with Sign(tree) as sign:
            running = asyncio.create_task(sh(box, tree, limits, sign.given_until_the_end))
            await asyncio.to_thread(sign.wait)
            assert second.end() == 0
            with pytest.raises(SandboxAwayError):
                await running
            assert sign.is_gone()
            assert "xception" not in second.told
    with pytest.raises(SandboxAwayError, match="No such file"):
        await sh(box, tree, limits, "true")


async def test_trees_that_are_no_runs_are_refused(
    served: SandboxProcess, apart: SandboxClient, tree: Path, tmp_path: Path, limits: Limits
) -> None:
    (tree / "within").mkdir()
    run = tree.parent
    (run / "link").symlink_to(tmp_path)
    (served.root / "linked").symlink_to(run)
    elsewhere = tmp_path / "run" / tree.name
    elsewhere.mkdir(parents=True)
    outside = (tmp_path, elsewhere, Path("/"), Path("/usr/bin"), served.root, run, tree / "within", run / "link")
    made_up = (run / ".." / "run", run / ".." / ".." / "run", run / "gone", served.root / "linked" / tree.name)
    for each in (*outside, *made_up, Path("worktrees/run/1"), run / lasting.FOLDER):
        with pytest.raises(SandboxUnavailableError, match=r"no work tree of a run|is not there, or is a link") as told:
            await sh(apart, each, limits, "true")
        assert not isinstance(told.value, SandboxAwayError), "it does not pass by itself"
        with pytest.raises(SandboxUnavailableError, match=r"no work tree of a run|is not there, or is a link"):
            await apart.begin(run / lasting.FOLDER / "2", ["true"], worktree=each, limits=limits)


async def test_places_that_are_not_beside_the_tree_are_refused(
    served: SandboxProcess, apart: SandboxClient, tree: Path, tmp_path: Path, limits: Limits
) -> None:
    run = tree.parent
    other = served.root / "other" / lasting.FOLDER
    other.mkdir(parents=True)
    (run / lasting.FOLDER).mkdir(exist_ok=True)
    (run / lasting.FOLDER / "linked").symlink_to(tmp_path)
    for each in (tmp_path / "1", run / "1", tree / "1", other / "1", run / lasting.FOLDER / "..", tree / "a" / "b"):
        with pytest.raises(SandboxUnavailableError, match="no place for a command"):
            await apart.begin(each, ["true"], worktree=tree, limits=limits)
    with pytest.raises(SandboxUnavailableError, match="is a link"):
        await apart.begin(run / lasting.FOLDER / "linked", ["true"], worktree=tree, limits=limits)


async def test_what_cannot_be_started_raises_as_it_does_here(apart: SandboxClient, tree: Path, limits: Limits) -> None:
    with pytest.raises(ValueError, match="not the name of an environment variable"):
        await apart.run(["true"], worktree=tree, limits=limits, env={"a b": "c"})
    with pytest.raises(ValueError, match="null byte"):
        await apart.run(["echo", "\0"], worktree=tree, limits=limits)
    with pytest.raises(OSError, match="Argument list too long"):
        await apart.run(["echo", "x" * 3 * 1024**2], worktree=tree, limits=limits)
    with pytest.raises(ValueError, match="bytes of output are more than"):
        await apart.run(["true"], worktree=tree, limits=Limits(output_bytes=1024**3))


def frame(body: bytes) -> bytes:
    return len(body).to_bytes(4) + body


RUBBISH = {
    "of another protocol": b"GET / HTTP/1.1\r\n\r\n",
    "too long": b"\xff\xff\xff\xff",
    "no order": frame(b"{}"),
    "no JSON": frame(b"nope"),
    "deep": frame(b"[" * 10_000),
    "unknown": frame(b'{"do":"stop"}'),
    "not whole": frame(b'{"do":"run"}'),
    "of other types": frame(b'{"do":"run","argv":[1],"worktree":{},"limits":[]}'),
    "with more": frame(b'{"do":"prove","box":"none"}'),
}


@pytest.mark.parametrize("sent", RUBBISH.values(), ids=RUBBISH)
async def test_what_is_no_order_is_answered_with_an_error(served: SandboxProcess, sent: bytes) -> None:
    reader, writer = await asyncio.open_unix_connection(served.place)
    writer.write(sent)
    answer = await reader.read()
    writer.close()
    assert b'"kind":"failed","error":"unreadable"' in answer


@pytest.mark.parametrize("sent", [b"", b"\0", b"\0\0\0\x09half"])
async def test_who_leaves_before_the_end_of_an_order_is_told_nothing(served: SandboxProcess, sent: bytes) -> None:
    reader, writer = await asyncio.open_unix_connection(served.place)
    writer.write(sent)
    writer.write_eof()
    assert await reader.read() == b""
    writer.close()


async def test_what_follows_an_order_takes_it_back(served: SandboxProcess, tree: Path) -> None:
    order = b'{"do":"run","argv":["c2xlZXA=","OTk5"],"worktree":"%s","limits":{}}' % os.fsencode(tree)
    reader, writer = await asyncio.open_unix_connection(served.place)
    writer.write(frame(order) + b"more")
    assert await reader.read() == b""
    writer.close()


def test_two_do_not_listen_at_one_place(served: SandboxProcess) -> None:
    with pytest.raises(AssertionError, match="another `quorum sandbox` listens at"), SandboxProcess(served.root.parent):
        pass


@pytest.mark.parametrize("name", ["ANTHROPIC_API_KEY", "QUORUM_DATABASE_URL", "AWS_SECRET_ACCESS_KEY"])
def test_it_does_not_start_beside_a_key(tmp_path: Path, name: str) -> None:
    with pytest.raises(AssertionError, match=f"ended with 1: quorum: {name}: .*take them away") as error:
        SandboxProcess(tmp_path, {name: "canary"}).__enter__()
    assert "canary" not in str(error.value)


async def test_a_project_is_set_up_there_and_later_commands_find_what_it_left(
    served: SandboxProcess, apart: SandboxClient, tree: Path
) -> None:
    place = served.prepared / "1" / "key"
    place.mkdir(parents=True)
    script = "mkdir -p ~/.local/bin; printf '#!/bin/sh\\necho it ran' > ~/.local/bin/tool; chmod +x ~/.local/bin/tool"
    ask = "python3 -c 'import socket; print(socket.socket(socket.AF_UNIX).connect_ex(\"/run/quorum/way-out\"))'"
    async with way_out([], place) as way:
        online = Prepared(place, way.socket)
        told = await apart.run(["sh", "-c", f"{script}; {ask}"], worktree=tree, limits=Limits(), prepared=online)
        assert told.output == "0\n"
        (place / "work").mkdir()
        (place / "work" / "token").touch()
        assert (await apart.run(["ls"], worktree=place / "work", limits=Limits(), prepared=online)).output == "token\n"
        for each in (Prepared(place), None):
            with pytest.raises(SandboxUnavailableError, match="no work tree of a run"):
                await apart.run(["ls"], worktree=place / "work", limits=Limits(), prepared=each)
        refused = [Prepared(place, each) for each in (tree, place / "gone" / "socket", served.place)]
        refused += [
            Prepared(each) for each in (served.prepared, served.root, tree, Path("/etc"), place / ".." / "gone")
        ]
        for each in refused:
            with pytest.raises(SandboxUnavailableError, match=r"not what a set-up left in|no socket of a way out"):
                await apart.run(["true"], worktree=tree, limits=Limits(), prepared=each)
    later = Prepared(place)
    told = await apart.run(["tool"], worktree=tree, limits=Limits(), prepared=later)
    assert told.output == "it ran\n"
    left = tree.parent / lasting.FOLDER / "prepared"
    await apart.begin(left, ["tool"], worktree=tree, limits=Limits(), prepared=later)

    async def nothing() -> None:
        return

    result = await lasting.wait(left, nothing)
    assert result is not None
    assert result.output == "it ran\n"
