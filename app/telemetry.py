"""Logging: one line an event, as JSON or for a terminal, with the run it belongs to and without secrets.

Everything passes through here, the standard library's loggers (Celery, uvicorn, httpx) as well. Secrets are taken out
twice: from every value, and from the finished line.
"""

import base64
import logging
import math
import re
import time
from collections.abc import Mapping, MutableMapping
from contextlib import AbstractContextManager
from typing import Literal, TextIO, cast
from urllib.parse import quote

import structlog

REDACTED = "[redacted]"
_MAX_DEPTH = 8

_PATTERNS = re.compile(
    r"""
      -----BEGIN\ [A-Z0-9 ]{1,60}-----.*?(?:-----END\ [A-Z0-9 ]{1,60}-----|\Z)
    | gh[opsur]_[A-Za-z0-9._-]{36,}
    | github_pat_[A-Za-z0-9_]{20,}
    | eyJ[A-Za-z0-9_-]{8,2000}\.[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*)?
    | sk-ant-[A-Za-z0-9_-]{8,}
    | \bsk-[A-Za-z0-9_-]{16,}
    | \bAIza[A-Za-z0-9_-]{35}
    | (?<=://)[^/\s:@]{1,200}:[^/\s@]{1,4000}(?=@)
    """,
    re.VERBOSE | re.DOTALL,
)
"""Tokens: https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/. An
installation's is `ghs_` and about 520 characters with dots and dashes. The last line is a password in a URL."""

_HEADER = re.compile(
    r"""((?:proxy-)?authorization|x-api-key|set-cookie|cookie)((?:["']?\s*[:=]|["']\s*,)\s*b?["']?)[^"'\r\n]+""",
    re.IGNORECASE,
)
_SECRET_KEY = re.compile(
    r"(?:^|[_-])(?:authorization|token|secret|password|passwd|private_?key|api[_-]?key|cookie)\Z", re.IGNORECASE
)

_SHORTEST = 8
"""Below this many characters a value is a stand-in: a local model server takes any key, and people write `ollama` or
`EMPTY`. Taking such a word out of every comment and prompt spoils them, and hides nothing that cannot be guessed."""
_secrets: dict[str, float] = {}
"""What is taken out, and until when by the monotonic clock."""
_longest_first: list[tuple[str, ...]] = [()]
"""The same, put into its place at once: other threads write lines meanwhile."""


def register_secret(value: str, life_s: float = math.inf) -> None:
    """From now on `value` is taken out wherever it shows, also as it looks in base64, in a URL and in JSON.

    `life_s`: for how long it must not show; a worker mints tokens for as long as it lives, and each is soon worthless.
    A value of less than 8 characters stays: it is a word that stands where a key must stand.
    """
    if len(value.strip()) < _SHORTEST:
        return
    escaped = value.replace("\\", "\\\\").replace("\r", "\\r").replace("\n", "\\n")
    looks = {value, value.strip(), escaped, quote(value, safe=""), base64.b64encode(value.encode()).decode()}
    now = time.monotonic()
    for past in [secret for secret, until in _secrets.items() if until < now]:
        del _secrets[past]
    for look in looks:
        _secrets[look] = max(_secrets.get(look, 0.0), now + life_s)
    _longest_first[0] = tuple(sorted(_secrets, key=lambda secret: (-len(secret), secret)))


def redact(text: str) -> str:
    """`text` without registered secrets and without what looks like one."""
    for secret in _longest_first[0]:
        text = text.replace(secret, REDACTED)
    text = _PATTERNS.sub(REDACTED, text)
    return _HEADER.sub(rf"\1\2{REDACTED}", text)


def configure(stream: TextIO, *, form: Literal["json", "console"] = "json", level: str = "INFO") -> None:
    """Send every log line of this process to `stream`. A second call replaces the first."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    remove = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        _RedactingFormatter(foreign_pre_chain=shared, processors=[remove, redact_event, _renderer(form, stream)])
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for chatty in ("httpx", "httpcore", "httpx2", "alembic.runtime.plugins"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


def logger(name: str) -> structlog.stdlib.BoundLogger:
    return cast("structlog.stdlib.BoundLogger", structlog.get_logger(name))


def bind(**context: object) -> AbstractContextManager[None]:
    """Within the returned context every line of this task, and of those it starts, carries these values."""
    return structlog.contextvars.bound_contextvars(**context)


def redact_event(_logger: object, _method: str, event: MutableMapping[str, object]) -> dict[str, object]:
    """A structlog processor: no secret in any key or value, however deep; what is not plain data becomes text."""
    return cast("dict[str, object]", _clean(event, 0))


class _RedactingFormatter(structlog.stdlib.ProcessorFormatter):
    """The last look at the whole line, for what a renderer put together."""

    def format(self, record: logging.LogRecord) -> str:
        return redact(super().format(record))


def _clean(value: object, depth: int) -> object:
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, bytes | bytearray):
        value = bytes(value).decode("utf-8", "backslashreplace")
    if isinstance(value, str):
        return redact(value)
    if depth >= _MAX_DEPTH:
        return "[too deep]"
    if isinstance(value, Mapping):
        return {redact(str(key)): _clean_entry(str(key), each, depth) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_clean(item, depth + 1) for item in value]
    return redact(repr(value))


def _clean_entry(key: str, value: object, depth: int) -> object:
    """A key that is named like a secret hides what it holds, whatever that looks like."""
    if _SECRET_KEY.search(key) and isinstance(value, str | bytes) and value:
        return REDACTED
    return _clean(value, depth + 1)


def _renderer(form: Literal["json", "console"], stream: TextIO) -> structlog.typing.Processor:
    if form == "json":
        return structlog.processors.JSONRenderer(ensure_ascii=True)
    return structlog.dev.ConsoleRenderer(
        colors=stream.isatty(), exception_formatter=structlog.dev.plain_traceback, sort_keys=True
    )
