"""Webhooks: who is told of an event, and in which form: https://docs.github.com/en/webhooks/webhook-events-and-payloads."""

from collections.abc import Collection
from typing import Any

from app.emulator.render import render_installation, render_organization, render_repository, render_user
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
    owner = repository.owner
    organization = {"organization": render_organization(world, owner)} if owner.type == "Organization" else {}
    for installation in world.installations.values():
        if only is not None and installation.app.id not in only:
            continue
        if repository.id in installation.repository_ids and _hears(installation, event, payload):
            body = {
                **({"action": action} if action else {}),
                **payload,
                "repository": render_repository(world, repository),
                **organization,
                "sender": render_user(world, sender),
                "installation": {"id": installation.id, "node_id": f"MDIz{installation.id}"},
            }
            world.emit(installation.app, event, body)


def tell_installation(
    world: World, installation: Installation, event: str, action: str, sender: User, payload: Json
) -> None:
    """Of its own installations every App is told, subscribed or not, and suspended or not."""
    installed = {"installation": render_installation(world, installation), "sender": render_user(world, sender)}
    world.emit(installation.app, event, {"action": action, **installed, **payload})


def _hears(installation: Installation, event: str, payload: Json) -> bool:
    """Of check runs and suites an App is told only its own."""
    own = event not in _ABOUT_CHECKS or payload[event]["app"]["id"] == installation.app.id
    return own and event in installation.app.subscriptions and installation.suspended_by is None
