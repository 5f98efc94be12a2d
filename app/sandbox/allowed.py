"""What the way out of a set-up lets through: entries of the allow-list, and what the head of a request asks for. Pure.

A host is let through by TLS (`CONNECT`), which the proxy cannot look into, or, where the entry begins with `http://`,
by reading requests alone. Heads follow https://www.rfc-editor.org/rfc/rfc9112 and what is not plainly so is refused.
"""

import re
from dataclasses import dataclass

_NAME = r"[a-z0-9_](?:[a-z0-9_.-]{0,251}[a-z0-9_])?"
_AUTHORITY = re.compile(rf"({_NAME}\.?|\[[0-9a-f:.]{{2,45}}\])(?::([0-9]{{1,5}}))?", re.ASCII | re.IGNORECASE)
_LINE = re.compile(rb"([A-Z]{1,20}) ([\x21-\x7e]{1,8000}) HTTP/1\.[01]")
_FIELD = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}):[ \t]*([\t\x20-\x7e\x80-\xff]*)")
_PLAIN = re.compile(r"http://([^/?#]+)((?:[/?][^#]*)?)", re.IGNORECASE)
_READING = {"GET", "HEAD"}
_OF_THE_HOP = {
    "host",
    "connection",
    "keep-alive",
    "te",
    "trailer",
    "upgrade",
    "expect",
    "content-length",
    "transfer-encoding",
}
_TLS_PORT, _PLAIN_PORT, _LAST_PORT = 443, 80, 65_535


@dataclass(frozen=True)
class Target:
    """A host, in lower case and without a dot at its end, and how it is spoken to."""

    host: str
    port: int
    plain: bool = False

    def __str__(self) -> str:
        """As the allow-list would have it."""
        if self.plain:
            return f"http://{self.host}" if self.port == _PLAIN_PORT else f"http://{self.host}:{self.port}"
        return self.host if self.port == _TLS_PORT else f"{self.host}:{self.port}"


@dataclass(frozen=True)
class Asked:
    """`onward`: what the host is sent instead of the head; empty for a tunnel."""

    target: Target
    onward: bytes = b""


def parse_entry(entry: str) -> Target:
    """Read `HOST`, `HOST:PORT`, `http://HOST` or `http://HOST:PORT`. Raises `ValueError` for anything else."""
    plain = entry[:7].lower() == "http://"
    try:
        return _target(entry[7:] if plain else entry, plain=plain, otherwise=_PLAIN_PORT if plain else _TLS_PORT)
    except ValueError:
        form = "write it as HOST, HOST:PORT or, for an internal mirror without TLS, http://HOST:PORT"
        raise ValueError(f"{entry!r} is no host that set-up could be allowed to reach; {form}") from None


def parse_head(head: bytes) -> Asked:
    """Read a request's head, its empty line included. Raises `ValueError` for what could not be let through."""
    first, *fields = head.removesuffix(b"\r\n\r\n").split(b"\r\n")
    line = _LINE.fullmatch(first)
    if line is None:
        raise ValueError("the request cannot be read")
    method, wanted = line[1].decode(), line[2].decode()
    if method == "CONNECT":
        return Asked(_target(wanted, plain=False, otherwise=None))
    address = _PLAIN.fullmatch(wanted)
    if method not in _READING or address is None:
        raise ValueError(f"only CONNECT, and GET and HEAD of http:// addresses, are let through, not {method}")
    target = _target(address[1], plain=True, otherwise=_PLAIN_PORT)
    path = address[2] if address[2].startswith("/") else f"/{address[2]}"
    host = f"{target.host}:{target.port}"
    told = [f"{method} {path} HTTP/1.1", f"Host: {host}", "Connection: close"]
    return Asked(target, b"\r\n".join([*(each.encode() for each in told), *_passed_on(fields), b"", b""]))


def _target(authority: str, *, plain: bool, otherwise: int | None) -> Target:
    parts = _AUTHORITY.fullmatch(authority)
    port = None if parts is None else int(parts[2]) if parts[2] else otherwise
    if parts is None or port is None or not 0 < port <= _LAST_PORT:
        raise ValueError("it names no host and port")
    return Target(parts[1].lower().removesuffix("."), port, plain)


def _passed_on(fields: list[bytes]) -> list[bytes]:
    """The header fields that are the host's business."""
    kept = []
    for field in fields:
        parts = _FIELD.fullmatch(field)
        if parts is None:
            raise ValueError("a header field cannot be read")
        name, value = parts[1].decode().lower(), parts[2].strip()
        if name == "transfer-encoding" or (name == "content-length" and value != b"0"):
            raise ValueError("a request that reads has no body")
        if name not in _OF_THE_HOP and not name.startswith("proxy-"):
            kept.append(field)
    return kept
