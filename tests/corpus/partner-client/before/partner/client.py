import json
from collections.abc import Callable

Send = Callable[[str, str, bytes], tuple[int, bytes]]


class PartnerError(Exception):
    """The partner refused, or could not be reached."""


class PartnerClient:
    """`send` does one request and returns status and body; it raises TimeoutError."""

    def __init__(self, send: Send) -> None:
        self._send = send

    def call(self, method: str, path: str, payload: dict | None = None) -> dict:
        body = json.dumps(payload or {}).encode()
        try:
            status, answer = self._send(method, path, body)
        except TimeoutError as error:
            raise PartnerError(f"{method} {path}: no answer") from error
        if status >= 400:
            raise PartnerError(f"{method} {path}: {status}")
        return json.loads(answer)
