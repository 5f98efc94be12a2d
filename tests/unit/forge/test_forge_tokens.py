"""Tokens: asked for once however many want one, kept no longer than they hold, told to whoever redacts."""

import asyncio
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from app.forge.errors import NotFoundError, RateLimitedError, RefusedError, UnknownOutcomeError
from app.forge.permissions import PUSH, READ
from app.forge.tokens import Tokens


def minted(lifetime):
    expires = datetime.now(UTC) + lifetime
    return httpx.Response(201, json={"token": f"ghs_{'a' * 40}", "expires_at": expires.isoformat()})


async def test_many_who_want_the_same_token_at_once_ask_for_it_once(wired):
    tokens = await asyncio.gather(*(wired.forge.tokens.installation_token(7, 42, READ) for _ in range(20)))
    assert len(set(tokens)) == 1
    assert wired.mints == 1


async def test_other_permissions_repositories_and_installations_get_other_tokens(wired):
    wanted = [(7, 42, READ), (7, 42, PUSH), (7, 43, READ), (8, 42, READ)]
    tokens = await asyncio.gather(*(wired.forge.tokens.installation_token(*each) for each in wanted))
    assert len(set(tokens)) == len(wanted) == wired.mints


async def test_one_who_gives_up_does_not_keep_the_others_from_their_token(wired):
    first = asyncio.create_task(wired.forge.tokens.installation_token(7, 42, READ))
    second = asyncio.create_task(wired.forge.tokens.installation_token(7, 42, READ))
    await asyncio.sleep(0)
    first.cancel()
    assert (await second).startswith("ghs_")


async def test_a_failed_mint_is_tried_anew_by_the_next(wired):
    wired.answers_on(wired.minting, httpx.Response(502), minted(timedelta(hours=1)))
    with pytest.raises(UnknownOutcomeError):
        await wired.forge.tokens.installation_token(7, 42, READ)
    assert await wired.forge.tokens.installation_token(7, 42, READ)


@pytest.mark.parametrize(("minutes", "mints"), [(60, 1), (6, 1), (4, 2), (-1, 2)])
async def test_a_token_is_kept_until_five_minutes_before_its_end(wired, minutes, mints):
    wired.answers_on(wired.minting, minted(timedelta(minutes=minutes)))
    for _ in range(2):
        await wired.forge.tokens.installation_token(7, 42, READ)
    assert wired.mints == mints


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (httpx.ConnectTimeout("slow"), UnknownOutcomeError),
        (httpx.Response(500), UnknownOutcomeError),
        (httpx.Response(302, headers={"location": "https://evil.example"}), UnknownOutcomeError),
        (httpx.Response(201, text="<html>"), UnknownOutcomeError),
        (httpx.Response(201, json={}), UnknownOutcomeError),
        (httpx.Response(201, json=[]), UnknownOutcomeError),
        (httpx.Response(201, json={"token": "x", "expires_at": "whenever"}), UnknownOutcomeError),
        (httpx.Response(201, json={"token": "x", "expires_at": None}), UnknownOutcomeError),
        (httpx.Response(404), NotFoundError),
        (httpx.Response(422, json={"message": "The permissions requested are not granted"}), RefusedError),
        (httpx.Response(403, json={"message": "You have exceeded a secondary rate limit"}), RateLimitedError),
        (httpx.Response(429, headers={"retry-after": "5"}), RateLimitedError),
    ],
)
async def test_no_token_is_told_as_an_error_of_ours(wired, answer, kind):
    wired.answers_on(wired.minting, answer)
    with pytest.raises(kind):
        await wired.forge.tokens.installation_token(7, 42, READ)


async def test_every_token_is_told_to_who_redacts(wired):
    told = []
    tokens = Tokens("5", "no key", "https://api.github.com", wired.forge.client, told.append)
    given = [await tokens.installation_token(7, 42, READ), await tokens.listing_token(7)]
    assert told == given
