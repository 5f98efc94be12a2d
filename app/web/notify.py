"""Ringing the broker off the request path. What cannot be rung is found by the next sweep."""

import queue
import threading
from contextlib import suppress

import structlog
from celery import Celery

from app import broker

_ROOM = 10_000
log = structlog.get_logger()


class Notifier:
    """A bounded queue and one thread; a full queue or a broker that is away loses rings, never deliveries."""

    def __init__(self, celery: Celery) -> None:
        self._celery = celery
        self._queue: queue.Queue[str | None] = queue.Queue(_ROOM)
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="notifier", daemon=True)
        self._thread.start()

    def ring(self, delivery_id: str) -> None:
        try:
            self._queue.put_nowait(delivery_id)
        except queue.Full:
            log.warning("the doorbell's queue is full; the sweep will find the delivery", delivery=delivery_id)

    def close(self) -> None:
        """Give what waits a second to be rung; what is not rung then is found by the sweep."""
        with suppress(queue.Full):
            self._queue.put_nowait(None)
            self._thread.join(timeout=1)
        self._closing.set()

    def _run(self) -> None:
        while (delivery_id := self._queue.get()) is not None and not self._closing.is_set():
            try:
                broker.ring(self._celery, "deliver", delivery_id)
            except Exception as error:
                if not self._closing.is_set():
                    log.warning("the broker could not be rung; the sweep will find the delivery", error=str(error))
