"""The way out of a project's set-up: a proxy on a Unix socket that reaches the hosts of an exact list, and no other.

It runs outside of the sandbox, where names are resolved, and there is no other way out. Of what is asked for it keeps
nothing but the names of hosts. What speaks to it is untrusted: every size, number and wait is bounded.
"""

import asyncio
import os
import socket
import tempfile
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from shutil import rmtree

import structlog

from app.sandbox.allowed import Asked, Target, parse_entry, parse_head

HOSTS_SETTING = "QUORUM_SETUP_HOSTS"
_CHUNK = 65_536
_MOST_REFUSED = 50
_AGAIN_S = 0.5

log = structlog.get_logger()


@dataclass(frozen=True)
class Traffic:
    """Bounds: seconds, bytes of both directions together, and connections at once, beyond which others wait."""

    head_bytes: int = 16 * 1024
    head_s: float = 15.0
    connect_s: float = 20.0
    idle_s: float = 120.0
    connections: int = 128
    bytes_in_all: int = 2 * 1024**3


@dataclass
class WayOut:
    """`socket` is for `Prepared.through`. `refused`: hosts that were asked for and are not allowed, as an entry would
    name them; the first fifty. `spent`: whether all that may be carried was carried, so that no more was.
    """

    socket: Path
    refused: set[str] = field(default_factory=set)
    spent: bool = False


@asynccontextmanager
async def way_out(
    hosts: Collection[str],
    place: Path,
    traffic: Traffic = Traffic(),
) -> AsyncIterator[WayOut]:
    """Listen in a new folder below `place` while the block lasts; connections end with it.

    `hosts` are as `parse_entry` reads them, which raises `ValueError`.
    """
    allowed = frozenset(map(parse_entry, hosts))
    folder = Path(tempfile.mkdtemp(prefix="way-out-", dir=place))
    try:
        with _listening(folder) as listening:
            way = WayOut(folder / "socket")
            serving = asyncio.create_task(_Proxy(way, allowed, traffic).serve(listening))
            try:
                yield way
            finally:
                serving.cancel()
                await asyncio.gather(serving, return_exceptions=True)
    finally:
        rmtree(folder, ignore_errors=True)


def _listening(folder: Path) -> socket.socket:
    """Under root, commands run as users of their own: they may connect, and not look into the folder."""
    listening = socket.socket(socket.AF_UNIX)
    listening.setblocking(False)
    around = os.open(folder, os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        # By way of the folder's descriptor, as a socket's path is cut off at 108 bytes: unix(7).
        listening.bind(f"/proc/self/fd/{around}/socket")
    finally:
        os.close(around)
    if os.getuid() == 0:
        (folder / "socket").chmod(0o666)
        folder.chmod(0o711)
    listening.listen(1024)
    return listening


class _RefusedError(Exception):
    """Of one request; `text` is the status and the reason that its client is told."""


class _Proxy:
    def __init__(self, way: WayOut, allowed: frozenset[Target], traffic: Traffic) -> None:
        self._way = way
        self._allowed = allowed
        self._traffic = traffic
        self._carried = 0
        self._places = asyncio.Semaphore(traffic.connections)
        self._going: set[asyncio.Task[None]] = set()

    async def serve(self, listening: socket.socket) -> None:
        """Accept for ever. Who comes when all places are taken waits in the kernel's queue."""
        try:
            while True:
                await self._places.acquire()
                try:
                    connection, _ = await asyncio.get_running_loop().sock_accept(listening)
                except OSError as error:  # no descriptor is left, say
                    log.warning("a set-up's connection could not be accepted", error=str(error))
                    self._places.release()
                    await asyncio.sleep(_AGAIN_S)
                    continue
                task = asyncio.create_task(self._attend(connection))
                self._going.add(task)
                task.add_done_callback(self._ended)
        finally:
            self._end_all()
            await asyncio.gather(*self._going, return_exceptions=True)

    def _ended(self, task: "asyncio.Task[None]") -> None:
        self._going.discard(task)
        self._places.release()
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("a connection of a set-up broke off", exc_info=error)

    def _end_all(self) -> None:
        for task in self._going:
            task.cancel()

    async def _attend(self, connection: socket.socket) -> None:
        reader, writer = await asyncio.open_unix_connection(sock=connection, limit=self._traffic.head_bytes)
        try:
            with suppress(OSError, EOFError, TimeoutError):
                try:
                    await self._carry(reader, writer)
                except _RefusedError as refused:
                    _say(writer, str(refused))
                writer.close()
                async with asyncio.timeout(self._traffic.idle_s):
                    await writer.wait_closed()  # until what is on the way was taken
        finally:
            writer.transport.abort()

    async def _carry(self, reader: StreamReader, writer: StreamWriter) -> None:
        asked = await self._asked(reader)
        out, into = await self._reach(asked.target)
        try:
            async with asyncio.timeout(self._traffic.idle_s) as idle:
                if asked.onward:
                    into.write(asked.onward)
                    await self._pass(out, writer, idle)  # one request, so that nothing more is read from who asked
                else:
                    writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
                    await asyncio.gather(self._pass(reader, into, idle), self._pass(out, writer, idle))
        finally:
            into.close()

    async def _asked(self, reader: StreamReader) -> Asked:
        """What is asked for, if it is allowed."""
        try:
            async with asyncio.timeout(self._traffic.head_s):
                asked = parse_head(await reader.readuntil(b"\r\n\r\n"))
        except asyncio.LimitOverrunError:
            raise _RefusedError("431 the request's head is too long") from None
        except ValueError as error:
            raise _RefusedError(f"403 {error}; see {HOSTS_SETTING}") from None
        if asked.target not in self._allowed:
            self._refuse(asked.target)
            raise _RefusedError(f"403 {asked.target} is not allowed by {HOSTS_SETTING}")
        if self._way.spent:
            raise _RefusedError(f"403 more than {self._traffic.bytes_in_all} bytes were carried")
        return asked

    def _refuse(self, target: Target) -> None:
        if len(self._way.refused) < _MOST_REFUSED:
            self._way.refused.add(str(target))

    async def _reach(self, target: Target) -> tuple[StreamReader, StreamWriter]:
        try:
            async with asyncio.timeout(self._traffic.connect_s):
                return await asyncio.open_connection(target.host.strip("[]"), target.port, happy_eyeballs_delay=0.25)
        except TimeoutError:
            raise _RefusedError(f"504 {target} did not answer in time") from None
        except (OSError, UnicodeError):  # a label that is too long for a name
            raise _RefusedError(f"502 {target} could not be reached") from None

    async def _pass(self, reader: StreamReader, writer: StreamWriter, idle: asyncio.Timeout) -> None:
        """Until one side ends. What goes in either direction shows that a connection is not idle."""
        with suppress(OSError):
            while chunk := await reader.read(_CHUNK):
                self._count(len(chunk))
                writer.write(chunk)
                await writer.drain()
                idle.reschedule(asyncio.get_running_loop().time() + self._traffic.idle_s)
        with suppress(OSError):
            writer.write_eof()

    def _count(self, size: int) -> None:
        self._carried += size
        if self._carried > self._traffic.bytes_in_all and not self._way.spent:
            self._way.spent = True
            self._end_all()


def _say(writer: StreamWriter, refusal: str) -> None:
    """The reason stands in the status, too: of an answer to `CONNECT` most clients show no more."""
    body = f"Quorum's set-up: {refusal[4:]}\n".encode()
    head = f"HTTP/1.1 {refusal}\r\nContent-Type: text/plain\r\nContent-Length: {len(body)}\r\nConnection: close"
    writer.write(f"{head}\r\n\r\n".encode() + body)
