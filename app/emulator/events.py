"""Webhooks: who is told of an event, and in which form: https://docs.github.com/en/webhooks/webhook-events-and-payloads."""

from collections.abc import Collection
from typing import Any

from app.emulator.render import render_repository, render_user
from app.emulator.state import Installation, Repository, User, World

Json = dict[str, Any]
_ABOUT_CHECKS = frozenset({"check_run", "check_suite"})


def tell(
    world: World,
    repository: Repository,
    event: str,
    action: str,
    sender: User,
    payload: Json,
    *,
    only: Collection[int] | None = None,
) -> None:
    """Send an event to every App that is installed here and subscribed to it; of these, to `only` some by id."""
    for installation in world.installations.values():
        if only is not None and installation.app.id not in only:
            continue
        if repository.id in installation.repository_ids and _hears(installation, event, payload):
            body = {
                **({"action": action} if action else {}),
                **payload,
                "repository": render_repository(world, repository),
                "sender": render_user(world, sender),
                "installation": {"id": installation.id, "node_id": f"MDIz{installation.id}"},
            }
            world.emit(installation.app, event, body)


def _hears(installation: Installation, event: str, payload: Json) -> bool:
    """Of check runs and suites an App is told only its own."""
    own = event not in _ABOUT_CHECKS or payload[event]["app"]["id"] == installation.app.id
    return own and event in installation.app.subscriptions
