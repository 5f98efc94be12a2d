"""`quorum sandbox`: carry out commands for workers, in a process that holds no key."""

import asyncio
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

_SOCKET = "Where to listen; else QUORUM_SANDBOX_SOCKET."


def sandbox(socket: Annotated[Path | None, typer.Option(help=_SOCKET, metavar="PATH")] = None) -> None:
    """Run the commands of agents and tests for the workers that have the same QUORUM_SANDBOX_SOCKET.

    It is to run without any key, in a container of its own; the folders `worktrees` and `prepared` below
    QUORUM_DATA_DIR have to be the same ones at the same paths as the workers'. It does not start where it finds a key
    of Quorum's beside it.
    """
    from app import telemetry
    from app.sandbox.apart.serving import serve
    from app.sandbox.apart.settings import SandboxSettings, keys_in
    from app.sandbox.bubblewrap import Bubblewrap
    from app.settings import SECRETS

    telemetry.configure(sys.stderr)
    settings = SandboxSettings()
    place = socket or settings.sandbox_socket
    if place is None:
        raise ValueError("say where the sandbox is to listen: `--socket PATH`, or QUORUM_SANDBOX_SOCKET")
    keys = keys_in(os.environ, SECRETS)
    if keys:
        told = "what escapes from the sandbox would find them, and it needs none; take them away"
        raise ValueError(f"{', '.join(keys)}: {told}")
    box = Bubblewrap(settings.toolchains, packages=Path(sys.prefix))
    asyncio.run(serve(place.absolute(), settings.root, settings.prepared, box))
