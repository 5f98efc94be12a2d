"""GitHub as the App sees it: its clock, what the App may do and hear, and whether events arrive."""

import time
from collections.abc import Iterable, Mapping, Sequence
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import httpx

from app.cli.checkup.found import Found, failed, fine, warned
from app.cli.setting_up.manifest import read_app
from app.forge.api import Forge
from app.forge.errors import ForgeError, NotFoundError
from app.forge.hook import Sent
from app.settings import Settings

_LEVELS = {"read": 1, "write": 2, "admin": 3}
_NEEDED = frozenset({"checks", "contents", "issues", "metadata", "pull_requests"})
"""Without these nothing works; without the others something is left out, and is told of then."""
_SKEW_S, _MOST_SKEW_S = 15.0, 60.0
"""Tokens are dated back by a minute: https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app."""
_DAY_S = 86_400.0


async def look_at_clock(settings: Settings, client: httpx.AsyncClient) -> Found:
    """Any answer of GitHub's will do, its Date header is looked at."""
    try:
        answer = await client.get(f"{settings.api_url}/")
    except httpx.HTTPError as error:
        told = f"{settings.api_url} does not answer ({type(error).__name__})"
        return failed("GitHub", told, "see QUORUM_GITHUB_URL, and whether this machine may connect to it")
    return judge_clock(answer.headers.get("date", ""), time.time())


def judge_clock(date: str, now: float) -> Found:
    try:
        ahead = now - parsedate_to_datetime(date).timestamp()
    except ValueError:
        return warned("clock", "GitHub's answer has no date", "look whether a proxy takes it away")
    told = f"{abs(ahead):.0f} s {'ahead of' if ahead > 0 else 'behind'} GitHub's"
    if abs(ahead) > _MOST_SKEW_S:
        return failed("clock", told, "set it right (chrony, systemd-timesyncd): GitHub refuses the App's tokens else")
    if abs(ahead) > _SKEW_S:
        return warned("clock", told, "let it be kept right (chrony, systemd-timesyncd)")
    return fine("clock")


async def look_at_app(settings: Settings, forge: Forge) -> list[Found]:
    """What the App asks for, what installations have granted, and the webhook."""
    try:
        app = await forge.ask_as_app("/app")
        installations = await forge.all_installations()
    except ForgeError as error:
        told = f"GitHub does not take App {settings.app_id} for what it is ({error})"
        return [
            failed("App", told, "see QUORUM_APP_ID, the private key and the clock; `quorum setup` makes another App")
        ]
    found = [judge_app(app, read_app(), settings), *judge_installations(installations, app)]
    return [*found, await _look_at_hook(settings, forge)]


def judge_app(app: Mapping[str, Any], wanted: Mapping[str, Any], settings: Settings) -> Found:
    """What it asks for against what `app.yml` says."""
    lacking = lacks(app["permissions"], wanted["default_permissions"])
    deaf = sorted(set(wanted["default_events"]) - set(app["events"]))
    if not lacking and not deaf:
        return fine("App", str(app["slug"]))
    told = "; ".join(
        f"it lacks the {what} {', '.join(names)}"
        for what, names in (("permissions", lacking), ("events", deaf))
        if names
    )
    page = f"{_settings_page(app, settings)}/permissions"
    remedy = f"add them at {page}, then accept them where the App is installed"
    grave = any(each.partition(":")[0] in _NEEDED for each in lacking)
    return failed("App", told, remedy) if grave else warned("App", told, remedy)


def judge_installations(installations: Sequence[Mapping[str, Any]], app: Mapping[str, Any]) -> list[Found]:
    if not installations:
        return [failed("installations", "the App is installed nowhere", f"install it: {app['html_url']}")]
    return [_judge_installation(each, app) for each in installations]


def _judge_installation(held: Mapping[str, Any], app: Mapping[str, Any]) -> Found:
    name, page = f"installation on {held['account']['login']}", str(held["html_url"])
    if held.get("suspended_at"):
        return warned(name, "it is suspended", f"take that back at {page}")
    lacking = lacks(held["permissions"], app["permissions"])
    if lacking:
        told = f"not granted yet: {', '.join(lacking)}"
        return warned(name, told, f"somebody there accepts the new permissions at {page}")
    return fine(name)


def lacks(granted: Mapping[str, str], wanted: Mapping[str, str]) -> list[str]:
    """`NAME: LEVEL` of what is wanted and not granted so far."""
    return [
        f"{name}: {level}" for name, level in wanted.items() if _LEVELS.get(granted.get(name, ""), 0) < _LEVELS[level]
    ]


async def _look_at_hook(settings: Settings, forge: Forge) -> Found:
    try:
        config = await forge.ask_as_app("/app/hook/config")
        url = str(config.get("url") or "")
        attempts = await forge.recent_deliveries(time.time() - _DAY_S)
    except NotFoundError:
        config, url, attempts = {}, "", []
    except ForgeError as error:
        return warned("webhook", f"GitHub does not tell of it ({error})", "run this again")
    if config.get("content_type") == "form":
        return warned("webhook", "it sends forms, which are not read", "choose application/json in the App's settings")
    return judge_hook(url, attempts, settings, is_up=await _is_up(settings, forge.client))


async def _is_up(settings: Settings, client: httpx.AsyncClient) -> bool:
    try:
        return (await client.get(f"http://127.0.0.1:{settings.port}/readyz", timeout=5)).is_success
    except httpx.HTTPError:
        return False


def judge_hook(url: str, attempts: Sequence[Sent], settings: Settings, *, is_up: bool) -> Found:
    """Whether events arrive, by what became of the last day's. `is_up`: something listens at our own door."""
    relay = settings.relay_url.get_secret_value()
    if relay and url != relay:
        told = f"it goes to {_shown(url)}, and relay_url is another address, {_shown(relay)}"
        return warned("webhook", told, "make them the same, in the App's settings or in quorum.toml")
    bad = [each for each in attempts if not each.went_well]
    if not attempts:
        return fine("webhook", f"no delivery within a day; GitHub is asked every {settings.poll_s:.0f} s anyway")
    last = max(attempts, key=lambda each: each.id)
    if last.went_well:
        lost = f"; {len(bad)} of {len(attempts)} within a day did not, and are asked for again" if bad else ""
        return fine("webhook", f"the newest delivery to {_shown(url)} arrived{lost}")
    told = (
        f"{len(bad)} of {len(attempts)} deliveries within a day to {_shown(url)} failed, the last with {_status(last)}"
    )
    if not is_up:
        return warned(
            "webhook", f"{told}; nothing listens on port {settings.port} here", "start `quorum serve`, and look again"
        )
    remedy = f"see that GitHub reaches that address and that it leads to port {settings.port} here; or use a relay"
    return failed("webhook", told, remedy)


def _shown(url: str) -> str:
    """Without what may be a secret, as the channel of a relay is."""
    parts = urlsplit(url)
    path = parts.path if parts.path in {"", "/", "/webhooks"} else "/..."
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{path}" if url else "nowhere"


def _status(attempt: Sent) -> str:
    words = {401: "401: the secrets differ", 0: "no answer"}
    return words.get(attempt.status_code, f"{attempt.status_code} {attempt.status[:80]}")


def _settings_page(app: Mapping[str, Any], settings: Settings) -> str:
    owner = app.get("owner") or {}
    place = f"/organizations/{owner.get('login')}" if owner.get("type") == "Organization" else ""
    return f"{settings.github_url}{place}/settings/apps/{app['slug']}"


def worst(every: Iterable[Found]) -> int:
    """The exit code: 1 when something keeps Quorum from working."""
    return int(any(each.state == "fail" for each in every))
