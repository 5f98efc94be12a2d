"""Words that close the gate and that nobody has answered yet: the event that tells of one may be late, or lost."""

from datetime import UTC, datetime

from app.forge.api import GitHub
from app.forge.read import read_comments_of
from app.policy.commands import parse_command
from app.policy.work_requests import converse_request
from app.runs.admission import find_by_key, request_run
from app.runs.state import RunState
from app.store import looks
from app.store.work import work
from app.wiring import Services

_CLOSING = frozenset({"veto", "withdraw"})
"""What is said besides can only open."""
_MARGIN_S = 3600.0
"""Clocks differ, and what was looked at may have been read before it was said."""


async def look_for_since(services: Services, repo_id: int, number: int) -> str | None:
    """From when on comments can be new (ISO 8601): the last whole look has seen those before. None: all of them."""
    async with services.database.connect() as db:
        last = await looks.look_at(db, repo_id, number)
    if last is None:
        return None
    return datetime.fromtimestamp(last.at - _MARGIN_S, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


async def is_unheard(services: Services, gh: GitHub, number: int, since: str | None) -> bool:
    """Whether somebody said such a word and has no answer. Whoever nobody told of it is told now."""
    waits = False
    for comment in await read_comments_of(gh, number, since):
        command = parse_command(comment.body, services.forge.slug) if comment.author_type == "User" else None
        if command is None or command.verb not in _CLOSING:
            continue
        request = converse_request(gh.repo, number, comment.id)
        async with work(services.database) as db:
            await request_run(db, request)
            run = await find_by_key(db, request.dedupe_key)
        waits = waits or run is None or not RunState(run.state).ended
    return waits
