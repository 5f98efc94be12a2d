import json

from intake.signature import is_signed

SECRET = "set-in-deployment"


def receive(headers: dict[str, str], body: bytes, queue: list[dict]) -> int:
    """POST /events. Returns the status."""
    if not is_signed(body, headers.get("X-Signature", ""), SECRET):
        return 401
    queue.append(json.loads(body))
    return 202
