"""The queue is a doorbell: a message is a kind and an id, and losing it costs one sweep. The database is the record."""

from typing import Literal

from celery import Celery

Kind = Literal["deliver", "drive"]
QUEUE = "quorum"


def create(url: str) -> Celery:
    """The Celery object. Imports no task: what rings need not know who answers."""
    celery = Celery("quorum", broker=url)
    celery.conf.update(
        accept_content=["json"],
        task_serializer="json",
        task_ignore_result=True,
        task_acks_late=False,
        task_default_queue=QUEUE,
        worker_prefetch_multiplier=1,
        worker_hijack_root_logger=False,
        worker_send_task_events=False,
        broker_connection_retry_on_startup=True,
        broker_connection_timeout=5,
        broker_transport_options={
            "socket_timeout": 10,
            "socket_connect_timeout": 5,
            "socket_keepalive": True,
            "health_check_interval": 25,
        },
    )
    return celery


def ring(celery: Celery, kind: Kind, identity: str) -> None:
    """Send a doorbell by name. Raises kombu's `OperationalError` when the broker is away."""
    celery.send_task(f"quorum.{kind}", args=(identity,), queue=QUEUE, retry=False, ignore_result=True)
