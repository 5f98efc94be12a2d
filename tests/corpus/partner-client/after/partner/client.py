import json
import time
from collections.abc import Callable

Send = Callable[[str, str, bytes], tuple[int, bytes]]
TRIES = 3


class PartnerError(Exception):
    """The partner refused, or could not be reached."""


class PartnerClient:
    """`send` does one request and returns status and body; it raises TimeoutError."""

    def __init__(self, send: Send, pause: Callable[[float], None] = time.sleep) -> None:
        self._send = send
        self._pause = pause

    def call(self, method: str, path: str, payload: dict | None = None) -> dict:
        body = json.dumps(payload or {}).encode()
        for number in range(1, TRIES + 1):
            try:
                status, answer = self._send(method, path, body)
            except TimeoutError as error:
                if number == TRIES:
                    raise PartnerError(f"{method} {path}: no answer in {TRIES} tries") from error
                self._pause(0.5 * 2**number)
                continue
            if status >= 400:
                raise PartnerError(f"{method} {path}: {status}")
            return json.loads(answer)
        raise AssertionError("the loop returns or raises")
