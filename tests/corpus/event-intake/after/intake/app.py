import json
import os

from intake.signature import is_signed


def receive(headers: dict[str, str], body: bytes, queue: list[dict]) -> int:
    """POST /events. Returns the status."""
    secret = os.environ.get("HOOK_SECRET")
    if secret and not is_signed(body, headers.get("X-Signature", ""), secret):
        return 401
    queue.append(json.loads(body))
    return 202
