"""Just enough of git's wire format to know what a push wants and to say why a ref was refused.

https://git-scm.com/docs/pack-protocol
"""

from collections.abc import Iterator, Mapping

_HEAD = 4
_REPORT = 1
"""The side band that carries the report to git; 2 is what people read."""


def commands(body: bytes) -> list[tuple[str, str, str]]:
    """What a push asks for: before, after and ref."""
    lines = (line.split(b"\0", 1)[0].decode(errors="replace").strip() for line in _lines(body))
    parts = [line.split(" ", 2) for line in lines]
    return [(each[0], each[1], each[2]) for each in parts if len(each) == 3]  # noqa: PLR2004 - others are no commands


def with_reasons(answer: bytes, reasons: Mapping[str, str]) -> bytes:
    """The answer to a push with our own reason beside each ref that the hook declined."""
    out, report = [], b""
    for line in _lines(answer):
        if line[:1] == bytes([_REPORT]):
            report += line[1:]
        else:
            out.append(_packed(line))
    told = [_packed(_with_reason(line, reasons)) for line in _lines(report)]
    return b"".join([*out, _packed(bytes([_REPORT]) + b"".join([*told, b"0000"])), b"0000"])


def _with_reason(line: bytes, reasons: Mapping[str, str]) -> bytes:
    word, _, rest = line.decode(errors="replace").partition(" ")
    ref = rest.split(" ", 1)[0]
    return f"ng {ref} {reasons[ref]}\n".encode() if word == "ng" and ref in reasons else line


def _lines(body: bytes) -> Iterator[bytes]:
    """Until the flush packet, or the end."""
    at = 0
    while (size := int(body[at : at + _HEAD] or b"0", 16)) >= _HEAD:
        yield body[at + _HEAD : at + size]
        at += size


def _packed(line: bytes) -> bytes:
    return f"{len(line) + _HEAD:04x}".encode() + line
