"""What runs beside Quorum: the database and the broker. Each is asked once, and nothing is changed."""

import asyncio
from pathlib import Path
from urllib.parse import urlsplit

from app.cli.checkup.found import Found, failed, fine, warned
from app.settings import Settings

_PRIVATE = "redis+socket://"


async def look_at_database(settings: Settings) -> Found:
    from app.store.engine import open_database
    from app.store.schema import read_schema

    place = settings.database_url.removeprefix("sqlite+aiosqlite:///")
    if place != settings.database_url and not await asyncio.to_thread(Path(place).exists):
        return fine("database", "not there yet; `quorum serve` makes it")
    remedy = "see QUORUM_DATABASE_URL, and whether the server is up"
    try:
        engine = open_database(settings.database_url)
    except ValueError as error:
        return failed("database", str(error), "mend QUORUM_DATABASE_URL")
    try:
        found = await read_schema(engine)
    except Exception as error:
        return failed("database", f"it does not answer ({type(error).__name__})", remedy)
    finally:
        await engine.dispose()
    match found:
        case "newest":
            return fine("database")
        case "older":
            return warned("database", "its schema is older than this Quorum", "`quorum serve` or a worker brings it up")
        case _:
            told = "its schema is newer than this Quorum"
            return failed("database", told, "install the version that made it, or a newer one")


async def look_at_broker(settings: Settings) -> Found:
    if settings.broker_url.startswith(_PRIVATE):
        return fine("broker", "a private Redis, which `quorum serve` starts")
    return await asyncio.to_thread(_ask_broker, settings.broker_url)


def _ask_broker(url: str) -> Found:
    from app import broker

    where = urlsplit(url).hostname or "it"
    try:
        with broker.create(url).connection_for_write() as connection:
            connection.ensure_connection(max_retries=1, timeout=10)
            policy = _eviction(connection) if url.startswith(("redis", "rediss")) else ""
    except Exception as error:
        told = f"{where} does not answer ({type(error).__name__})"
        return failed("broker", told, "see QUORUM_BROKER_URL, and whether the server is up")
    if policy not in {"", "noeviction"}:
        told = f"{where} throws keys away when it is full ({policy}), which may be messages"
        return warned("broker", told, "set its maxmemory-policy to noeviction")
    return fine("broker", where)


def _eviction(connection: object) -> str:
    """https://redis.io/docs/latest/develop/reference/eviction/. Empty where the server does not say."""
    client = connection.default_channel.client  # type: ignore[attr-defined]
    try:
        return str(client.config_get("maxmemory-policy").get("maxmemory-policy", ""))
    except Exception:
        return ""
