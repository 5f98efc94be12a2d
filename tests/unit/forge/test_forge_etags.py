"""Conditional requests: what is asked again, what a 304 gives, who may see it, and how much is held."""

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.forge.errors import NotFoundError
from app.forge.etags import Etags, Held, Reader
from app.forge.permissions import CHECKS

FIRST = httpx.Response(200, json={"title": "first"}, headers={"etag": 'W/"1"'})
SECOND = httpx.Response(200, json={"title": "second"}, headers={"etag": 'W/"2"'})
SAME = httpx.Response(304, headers={"etag": 'W/"1"'})


def asked(route):
    return [call.request.headers.get("if-none-match") for call in route.calls]


async def test_the_second_read_asks_whether_the_first_still_holds(wired):
    route = wired.answers("GET", "issues/1", FIRST, SAME)
    # Another client of the same installation: what is held outlives a single one.
    assert [await wired.on().get("issues/1") for _ in range(2)] == [{"title": "first"}] * 2
    assert asked(route) == [None, 'W/"1"']


async def test_what_a_reader_does_to_an_answer_is_not_seen_by_the_next(wired):
    wired.answers("GET", "issues/1", FIRST, SAME)
    (await wired.on().get("issues/1"))["title"] = "changed"
    assert await wired.on().get("issues/1") == {"title": "first"}


async def test_a_change_takes_the_place_of_what_was_held(wired):
    route = wired.answers("GET", "issues/1", FIRST, SECOND, httpx.Response(304))
    told = [(await wired.on().get("issues/1"))["title"] for _ in range(3)]
    assert told == ["first", "second", "second"]
    assert asked(route) == [None, 'W/"1"', 'W/"2"']


@pytest.mark.parametrize("other", [{"installation_id": 8}, {"permissions": CHECKS}])
async def test_another_installation_or_lesser_token_never_profits(wired, other):
    route = wired.answers("GET", "issues/1", FIRST, httpx.Response(404, json={"message": "Not Found"}))
    await wired.on().get("issues/1")
    with pytest.raises(NotFoundError):
        await wired.on(**other).get("issues/1")
    assert asked(route) == [None, None]


async def test_a_held_page_still_knows_of_the_next(wired):
    link = '<https://api.github.com/x?page=2>; rel="next"'
    first = httpx.Response(200, json=[{"n": 1}], headers={"etag": '"p1"', "link": link})
    last = httpx.Response(200, json=[{"n": 2}], headers={"etag": '"p2"'})
    wired.answers("GET", "issues", first, last, httpx.Response(304))
    for _ in range(2):
        assert [item["n"] async for item in wired.on().pages("issues")] == [1, 2]


@pytest.mark.parametrize("status", [404, 500, 502])
async def test_only_what_was_found_is_held(wired, status):
    failed = httpx.Response(status, json={"message": "no"}, headers={"etag": '"e"'})
    route = wired.answers("GET", "issues/1", failed, FIRST)
    if status == 404:
        with pytest.raises(NotFoundError):
            await wired.on().get("issues/1")
    assert await wired.on().get("issues/1") == {"title": "first"}
    assert asked(route) == [None, None]


async def test_a_write_is_never_conditional(wired):
    wired.answers("GET", "issues/1", FIRST)
    route = wired.answers("PATCH", "issues/1", FIRST)
    await wired.on().get("issues/1")
    await wired.on().patch("issues/1", {})
    await wired.on().patch("issues/1", {})
    assert asked(route) == [None, None]


READER = Reader(7, ())


def held(size, name="e"):
    return Held(name, {}, b"x" * size)


def test_a_single_answer_that_is_very_large_is_not_held():
    etags = Etags(100_000)
    etags.put(READER, "a", held(10))
    etags.put(READER, "a", held(50_000))
    assert etags.get(READER, "a") is None
    assert etags.size_bytes == 0


def test_what_was_not_asked_for_the_longest_makes_room():
    etags = Etags(20_000)
    for name in "abcdefgh":
        etags.put(READER, name, held(1_400, name))
    assert etags.get(READER, "a") is not None
    etags.put(READER, "i", held(1_400))
    assert etags.get(READER, "b") is None
    assert etags.get(READER, "a") is not None


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(0, 3_000))))
def test_no_order_of_answers_holds_more_than_the_limit(puts):
    etags, latest = Etags(16_000), {}
    for url, size in puts:
        etags.put(READER, url, held(size))
        latest[url] = size
        assert etags.size_bytes <= 16_000
    kept = {url: found for url in latest if (found := etags.get(READER, url))}
    assert all(len(found.body) == latest[url] for url, found in kept.items())
    assert etags.size_bytes == sum(len(found.body) + 1024 for found in kept.values())
