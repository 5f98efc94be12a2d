import asyncio
import time

from uploads.scanner import Scanner

LOOKS = 10
PAUSE_S = 0.5


async def handle(upload_id: str, content: bytes, scanner: Scanner, store: dict[str, bytes]) -> str:
    """One request; the server handles hundreds of them in one loop."""
    store[upload_id] = content
    await asyncio.sleep(0)
    result = wait_for_scan(scanner, upload_id)
    if result != "clean":
        del store[upload_id]
        return "refused"
    return "stored"


def wait_for_scan(scanner: Scanner, upload_id: str) -> str | None:
    """What the scanner says, or None when it says nothing in time."""
    for _ in range(LOOKS):
        result = scanner.result(upload_id)
        if result is not None:
            return result
        time.sleep(PAUSE_S)
    return None
