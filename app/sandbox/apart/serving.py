"""The process of `quorum sandbox`: a Unix socket that one process at a time listens on, until it is told to end."""

import asyncio
import fcntl
import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog

from app.sandbox.apart.server import SandboxServer
from app.sandbox.bubblewrap import Bubblewrap
from app.sandbox.errors import SandboxUnavailableError

_OWNER_ONLY = 0o177
log = structlog.get_logger()


async def serve(place: Path, root: Path, prepared: Path, box: Bubblewrap) -> None:
    """Show that the sandbox holds, then listen until SIGTERM or SIGINT; what runs by then is ended.

    Where it does not hold each order is refused with the reason, until it was shown at a worker's request. Raises
    `OSError` that says what to do where another process listens at `place`.
    """
    ending = asyncio.Event()
    for each in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(each, ending.set)
    server = SandboxServer(box, _made(root), _made(prepared))
    with _listening(_made(place.parent) / place.name) as listening:
        await _prove(server)
        listening.listen(128)
        accepting = await asyncio.start_unix_server(server.attend, sock=listening)
        log.warning("the sandbox listens", socket=str(place), work_trees=str(root))
        await ending.wait()
        # Not waited for: what goes on for a connection is cancelled with the loop's other tasks.
        accepting.close()


def _made(folder: Path) -> Path:
    """The folder, by its name without links; only this user can look into one that is made."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder.resolve()


async def _prove(server: SandboxServer) -> None:
    try:
        proofs = await server.prove()
    except SandboxUnavailableError as error:
        log.critical("nothing will be executed", error=str(error))
    else:
        log.warning("isolation holds", proofs=[each.name for each in proofs])


@contextmanager
def _listening(place: Path) -> Iterator[socket.socket]:
    """A socket that only its user can connect to. What a process that was killed left in its place is taken away."""
    with place.with_name(f"{place.name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise OSError(f"another `quorum sandbox` listens at {place}; end it, or take another socket") from error
        place.unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX) as listening:
            before = os.umask(_OWNER_ONLY)
            try:
                listening.bind(os.fspath(place))
            except OSError as error:
                raise OSError(f"{place} cannot be listened on ({error})") from error
            finally:
                os.umask(before)
            try:
                yield listening
            finally:
                place.unlink(missing_ok=True)
