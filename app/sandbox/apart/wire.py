"""What a worker and `quorum sandbox` say to each other: one order and one answer a connection.

Each is JSON behind its length in four bytes, most significant first. Arguments, values and input are bytes (base64 in
JSON), so that nothing that a command may be handed is lost on the way. Whoever closes the connection ends the command.
"""

import asyncio
import socket
import struct
from asyncio import StreamReader, StreamWriter
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from app.sandbox.box import Limits, Prepared, Result
from app.sandbox.selftest import Proof

MOST_ORDER_BYTES = 64 * 1024**2
MOST_OUTPUT_BYTES = 64 * 1024**2
_LENGTH = 4
_CREDENTIALS = struct.Struct("iII")  # pid, uid, gid: unix(7), SO_PEERCRED


class _Message(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", ser_json_bytes="base64", val_json_bytes="base64", hide_input_in_errors=True
    )


class RunOrder(_Message):
    """`Box.run`."""

    do: Literal["run"] = "run"
    argv: tuple[bytes, ...] = Field(min_length=1)
    worktree: Path
    limits: Limits
    stdin: bytes = b""
    env: dict[str, bytes] = {}
    writable: bool = True
    prepared: Prepared | None = None


class BeginOrder(_Message):
    """`LastingBox.begin`."""

    do: Literal["begin"] = "begin"
    place: Path
    argv: tuple[bytes, ...] = Field(min_length=1)
    worktree: Path
    limits: Limits
    prepared: Prepared | None = None


class ProveOrder(_Message):
    """Show anew that isolation holds."""

    do: Literal["prove"] = "prove"


class Ran(_Message):
    kind: Literal["ran"] = "ran"
    result: Result


class Begun(_Message):
    kind: Literal["begun"] = "begun"


class Proved(_Message):
    """All that was tried, also what did not hold."""

    kind: Literal["proved"] = "proved"
    proofs: tuple[Proof, ...]


class Refused(_Message):
    """Isolation cannot be had, so that nothing was run: `SandboxUnavailableError`."""

    kind: Literal["refused"] = "refused"
    what: str
    remedy: str


class Failed(_Message):
    """The order could not be carried out: `error` is what the same call raises where the sandbox is no part of its own.

    `unreadable`: it is none that this version knows. `errno`: of an `OSError`.
    """

    kind: Literal["failed"] = "failed"
    error: Literal["unreadable", "value", "os", "other"]
    told: str
    errno: int | None = None


Order = RunOrder | BeginOrder | ProveOrder
Answer = Ran | Begun | Proved | Refused | Failed
ORDER: TypeAdapter[Order] = TypeAdapter(Annotated[Order, Field(discriminator="do")])
ANSWER: TypeAdapter[Answer] = TypeAdapter(Annotated[Answer, Field(discriminator="kind")])


def framed(message: Order | Answer) -> bytes:
    body = message.model_dump_json().encode()
    return len(body).to_bytes(_LENGTH) + body


async def read_frame(reader: StreamReader, most_bytes: int) -> bytes | None:
    """The next message; None where the other side has closed before one. Raises `ValueError` for one that is too long.

    Raises `EOFError` where it breaks off within.
    """
    try:
        length = await reader.readexactly(_LENGTH)
    except asyncio.IncompleteReadError as error:
        if error.partial:
            raise
        return None
    size = int.from_bytes(length)
    if size > most_bytes:
        raise ValueError(f"a message of {size} bytes is longer than {most_bytes}")
    return await reader.readexactly(size)


def user_behind(stream: StreamWriter) -> int:
    """The user id of the process on the other side, as the kernel knows it."""
    told = stream.get_extra_info("socket").getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
    return int(_CREDENTIALS.unpack(told)[1])
