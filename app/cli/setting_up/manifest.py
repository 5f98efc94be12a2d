"""What GitHub is asked to make: `app.yml`, with where this Quorum hears from it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import yaml

from app.sources.addresses import is_local

_NAME_CHARS = 34
"""https://docs.github.com/en/apps/creating-github-apps/registering-a-github-app/registering-a-github-app."""
_NOWHERE = "https://example.com/webhooks"
"""An address is demanded even of a webhook that is off; this one belongs to nobody (RFC 2606)."""

Way = Literal["url", "relay", "poll"]


@dataclass(frozen=True)
class Hook:
    """How events come: to a public `url`, through a `relay`, or not at all (`poll`)."""

    way: Way
    url: str = ""


def read_app() -> dict[str, Any]:
    """`app.yml`: beside the code in a clone, inside of it where a wheel was installed."""
    package = Path(__file__).parents[2]
    place = next(each for each in (package.parent / "app.yml", package / "app.yml") if each.is_file())
    found: dict[str, Any] = yaml.safe_load(place.read_text(encoding="utf-8"))
    return found


def check_hook(way: str, url: str, *, local: bool = False) -> Hook:
    """Raises `ValueError` that says what to write. `local`: GitHub itself is on this machine, and can reach it."""
    if way == "poll":
        return Hook("poll")
    if way not in {"url", "relay"}:
        raise ValueError("choose how events reach this machine")
    parts = urlsplit(url.strip())
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("write the whole address, such as https://quorum.example.com/webhooks")
    if not parts.path.strip("/"):
        wanted = "the channel of the relay" if way == "relay" else "/webhooks, where Quorum listens,"
        raise ValueError(f"write the whole address: {wanted} is missing at its end")
    if is_local(parts.hostname) and not local:
        raise ValueError("GitHub cannot reach this machine by that address; choose a relay, or polling")
    if parts.scheme == "http" and not local:
        raise ValueError("write an https:// address: what GitHub sends shows your code")
    return Hook("relay" if way == "relay" else "url", parts.geturl())


def check_name(name: str) -> str:
    """Raises `ValueError`."""
    told = name.strip()
    if not 0 < len(told) <= _NAME_CHARS or not told.isprintable():
        raise ValueError(f"a name has 1 to {_NAME_CHARS} characters")
    return told


def manifest(app: dict[str, Any], name: str, hook: Hook, redirect_url: str) -> dict[str, Any]:
    """https://docs.github.com/en/apps/sharing-github-apps/registering-a-github-app-from-a-manifest#github-app-manifest-parameters."""
    active = hook.way != "poll"
    return {
        **app,
        "name": name,
        "hook_attributes": {"url": hook.url if active else _NOWHERE, "active": active},
        "redirect_url": redirect_url,
    }
