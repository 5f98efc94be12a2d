"""The first process of a set-up command: it leads a port of the sandbox's own loopback to the proxy's socket.

Started inside, by Quorum's interpreter and its standard library alone, with the socket and the command as arguments. It
ends when the command does, with its exit code; output and input are the command's.
"""

import asyncio
import contextlib
import os
import sys
from asyncio import StreamReader, StreamWriter
from collections.abc import Sequence

_CHUNK = 65_536
_NOT_FOUND = 127
_AS_LITTLE = {
    "npm_config_cache": "/home/agent/.cache/npm",
    "npm_config_store_dir": "/home/agent/.cache/pnpm",
    "npm_config_update_notifier": "false",
    "BUN_INSTALL_CACHE_DIR": "/home/agent/.cache/bun",
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    "UV_PYTHON_DOWNLOADS": "never",
    "UV_COMPILE_BYTECODE": "1",
    "HUSKY": "0",
    "PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD": "1",
    "PUPPETEER_SKIP_DOWNLOAD": "1",
    "CYPRESS_INSTALL_BINARY": "0",
    "ELECTRON_SKIP_BINARY_DOWNLOAD": "1",
}
"""What was fetched is not kept twice, and browsers, which come from hosts that are no registries, end no set-up."""


def variables(port: int) -> dict[str, str]:
    """What makes programs ask the proxy. Java's machines and Node's own `fetch` do not read the usual names."""
    proxy = f"http://127.0.0.1:{port}"
    here = "localhost,127.0.0.1,::1"
    java = " ".join(f"-D{each}.proxyHost=127.0.0.1 -D{each}.proxyPort={port}" for each in ("http", "https"))
    told = {"HTTP_PROXY": proxy, "HTTPS_PROXY": proxy, "ALL_PROXY": proxy, "NO_PROXY": here}
    lower = {name.lower(): value for name, value in told.items()}
    npm = {"npm_config_proxy": proxy, "npm_config_https_proxy": proxy, "npm_config_noproxy": here}
    yarn = {"YARN_HTTP_PROXY": proxy, "YARN_HTTPS_PROXY": proxy}
    return {**_AS_LITTLE, **told, **lower, **npm, **yarn, "NODE_USE_ENV_PROXY": "1", "JAVA_TOOL_OPTIONS": java}


async def carry(door: str, argv: Sequence[str]) -> int:
    """Run the command with a way to the proxy. Returns its exit code as a shell tells it."""

    async def attend(reader: StreamReader, writer: StreamWriter) -> None:
        with contextlib.suppress(OSError):
            try:
                out, into = await asyncio.open_unix_connection(door)
                try:
                    await asyncio.gather(_pass(reader, into), _pass(out, writer))
                finally:
                    into.close()
            finally:
                writer.close()

    listening = await asyncio.start_server(attend, "127.0.0.1", 0, backlog=1024)
    port = listening.sockets[0].getsockname()[1]
    try:
        child = await asyncio.create_subprocess_exec(*argv, env={**os.environ, **variables(port)})
    except OSError as error:
        print(f"{argv[0]}: {error.strerror}", file=sys.stderr)  # noqa: T201 - as a shell does
        return _NOT_FOUND
    code = await child.wait()
    return code if code >= 0 else 128 - code


async def _pass(reader: StreamReader, writer: StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while chunk := await reader.read(_CHUNK):
            writer.write(chunk)
            await writer.drain()
    with contextlib.suppress(OSError):
        writer.write_eof()


async def _to_the_end() -> None:
    code = await carry(sys.argv[1], sys.argv[2:])
    sys.stderr.flush()
    os._exit(code)  # nothing is to be told of connections that are still open: they end with the sandbox


if __name__ == "__main__":
    asyncio.run(_to_the_end())
