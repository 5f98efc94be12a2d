"""Requests with a person's own token: by the repository's name, never with a token of the App, and never shown."""

import httpx

from app.forge.permissions import PROTECT
from app.forge.person import AsPerson
from app.telemetry import redact

TOKEN = "a token of an odd form"


async def test_it_asks_with_the_persons_token_whatever_is_asked_for(wired):
    asked = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append((request.method, request.headers["authorization"]))
        return httpx.Response(200, json={"default_branch": "main"})

    wired.router.route(url__startswith="https://api.github.com/repos/mona/engine").mock(side_effect=answer)
    gh = AsPerson(wired.forge, "mona", "engine", TOKEN)
    assert (await gh.get(""))["default_branch"] == "main"
    await gh.asking(PROTECT).put("rulesets/1", {})
    assert asked == [("GET", f"token {TOKEN}"), ("PUT", f"token {TOKEN}")]
    assert wired.mints == 0


async def test_the_token_is_taken_out_of_what_is_logged(wired):
    AsPerson(wired.forge, "mona", "engine", TOKEN)
    assert redact(f"with {TOKEN} in it") == "with [redacted] in it"
