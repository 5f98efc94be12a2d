"""The worker's side: a `LastingBox` whose commands are carried out by `quorum sandbox`."""

import asyncio
import os
import secrets
import tempfile
from asyncio import StreamReader, StreamWriter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from app.sandbox.apart.rooms import OTHER_FOLDER
from app.sandbox.apart.wire import (
    ANSWER,
    Answer,
    BeginOrder,
    Begun,
    Failed,
    Order,
    Proved,
    ProveOrder,
    Ran,
    Refused,
    RunOrder,
    framed,
    read_frame,
    user_behind,
)
from app.sandbox.box import Limits, Prepared, Result
from app.sandbox.errors import SandboxAwayError, SandboxError, SandboxUnavailableError
from app.sandbox.selftest import Proof

A = TypeVar("A", bound=Answer)
_SHORT_S = 300.0
"""For what takes no time of a command's own: proofs on a busy machine, giving a large tree to its user."""
_ENDING_S = 30.0
_LOOK = Limits(wall_s=20.0)
_ANSWER_BYTES = 64 * 1024
_GROWTH = 6
"""A byte of output that is no text takes so many in JSON."""
_REMEDY = "See that `quorum sandbox` runs and listens there, as the same user: its log says what keeps it from it."


class SandboxClient:
    """Each call is a connection of its own, so that a server that was started anew is used again.

    Raises `SandboxAwayError` where nobody answers, or stops answering: the command has ended then, or will with its
    server. What else is raised is what `Bubblewrap` raises on the other side.
    """

    def __init__(self, place: Path) -> None:
        self._place = place

    async def run(
        self,
        argv: Sequence[str],
        *,
        worktree: Path,
        limits: Limits,
        stdin: bytes = b"",
        env: Mapping[str, str] | None = None,
        writable: bool = True,
        prepared: Prepared | None = None,
    ) -> Result:
        """Run `argv` to its end. See `Box`."""
        order = RunOrder(
            argv=_as_bytes(argv),
            worktree=worktree,
            limits=limits,
            stdin=stdin,
            env={name: os.fsencode(value) for name, value in (env or {}).items()},
            writable=writable,
            prepared=prepared,
        )
        most_bytes = _GROWTH * limits.output_bytes + _ANSWER_BYTES
        return (await self._ask(order, Ran, limits.wall_s + _SHORT_S, most_bytes)).result

    async def begin(
        self, place: Path, argv: Sequence[str], *, worktree: Path, limits: Limits, prepared: Prepared | None = None
    ) -> None:
        """Leave a command to a process beside the server. See `app.sandbox.lasting`."""
        order = BeginOrder(place=place, argv=_as_bytes(argv), worktree=worktree, limits=limits, prepared=prepared)
        await self._ask(order, Begun)

    async def prove(self) -> tuple[Proof, ...]:
        """Have the server show anew that isolation holds. Raises `SandboxUnavailableError` that lists what did not."""
        return (await self._ask(ProveOrder(), Proved)).proofs

    async def look_at(self, worktrees: Path) -> None:
        """Have a command read what is written there. Raises `SandboxUnavailableError` where it is not the same folder.

        It is made if it is not there. Another worker may tidy up meanwhile, which shows nothing.
        """
        with _laid_out(worktrees) as (tree, token):
            try:
                await self._read(tree, token)
            except SandboxUnavailableError:
                if (tree / "token").exists():
                    raise

    async def _read(self, tree: Path, token: str) -> None:
        result = await self.run(["cat", "token"], worktree=tree, limits=_LOOK)
        if result.output != token:
            raise SandboxUnavailableError(f"in {tree} it finds {result.output.strip()[:200]!r}", OTHER_FOLDER)

    async def _ask(
        self, order: Order, expected: type[A], most_s: float = _SHORT_S, most_bytes: int = _ANSWER_BYTES
    ) -> A:
        body = await self._exchange(framed(order), most_s, most_bytes)
        try:
            answer = ANSWER.validate_json(body)
        except ValidationError as error:
            raise self._away("it answered what cannot be read; is it of another version?") from error
        if isinstance(answer, Refused):
            raise SandboxUnavailableError(answer.what, answer.remedy)
        if isinstance(answer, Failed) and answer.error == "unreadable":
            raise self._away(f"it is of another version? {answer.told}")
        if isinstance(answer, Failed):
            raise _error_of(answer)
        if not isinstance(answer, expected):
            raise self._away(f"it answered `{answer.kind}` to `{order.do}`")
        return answer

    async def _exchange(self, order: bytes, most_s: float, most_bytes: int) -> bytes:
        try:
            reader, writer = await asyncio.open_unix_connection(self._place)
        except OSError as error:
            raise self._away(error.strerror or str(error)) from error
        try:
            async with asyncio.timeout(most_s):
                body = await self._talk(reader, writer, order, most_bytes)
        except asyncio.CancelledError:
            await _let_end(reader, writer)
            raise
        except TimeoutError as error:
            raise self._away(f"there was no answer within {most_s:.0f} s") from error
        except (OSError, EOFError, ValueError) as error:
            raise self._away(f"it broke off ({error})") from error
        finally:
            writer.close()
        if body is None:
            raise self._away("it ended before it answered")
        return body

    async def _talk(self, reader: StreamReader, writer: StreamWriter, order: bytes, most_bytes: int) -> bytes | None:
        if user_behind(writer) != os.getuid():
            raise self._away(f"who listens there is another user than {os.getuid()}, and is told nothing")
        writer.write(order)
        with suppress(ConnectionError):  # it may have refused the order before all of it was sent
            await writer.drain()
        return await read_frame(reader, most_bytes)

    def _away(self, what: str) -> SandboxAwayError:
        return SandboxAwayError(f"{self._place}: {what}", _REMEDY)


@contextmanager
def _laid_out(worktrees: Path) -> Iterator[tuple[Path, str]]:
    """A work tree as a run has one, with one file, and what stands in that."""
    worktrees.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(prefix="look-", dir=worktrees, ignore_cleanup_errors=True) as run:
        tree, token = Path(run) / "1", secrets.token_hex(8)
        tree.mkdir()
        (tree / "token").write_text(token)
        yield tree, token


async def _let_end(reader: StreamReader, writer: StreamWriter) -> None:
    """Take the order back and wait until the command is gone, as what comes next may take its work tree away."""
    with suppress(OSError, TimeoutError):
        async with asyncio.timeout(_ENDING_S):
            writer.write_eof()
            while await reader.read(65_536):
                pass


def _as_bytes(argv: Sequence[str]) -> tuple[bytes, ...]:
    return tuple(os.fsencode(each) for each in argv)


def _error_of(failed: Failed) -> Exception:
    if failed.error == "value":
        return ValueError(failed.told)
    if failed.error == "os" and failed.errno is not None:
        return OSError(failed.errno, failed.told)
    return SandboxError(failed.told)
