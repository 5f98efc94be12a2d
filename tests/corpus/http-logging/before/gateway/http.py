import logging
from collections.abc import Callable

log = logging.getLogger("gateway")

Send = Callable[[str, dict[str, str], bytes], int]


class Gateway:
    """Calls to other services, each with the token of the person who asks."""

    def __init__(self, send: Send) -> None:
        self._send = send

    def post(self, url: str, token: str, body: bytes) -> bool:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        status = self._send(url, headers, body)
        if status >= 400:
            log.warning("POST %s: %s", url, status)
            return False
        return True
