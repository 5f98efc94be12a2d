import asyncio
import time

from uploads import handler
from uploads.scanner import Scanner

handler.PAUSE_S = 0
blocked = []
time.sleep = blocked.append
store = {}
assert asyncio.run(handler.handle("u1", b"x", Scanner(looks=3), store)) == "stored"
assert not blocked, "the loop was blocked"
