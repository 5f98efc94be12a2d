"""Lists over pages: the Link header says whether there are more, and nothing is lost behind the first hundred."""

import httpx
import pytest

NEXT = {"link": '<https://api.github.com/repositories/42/issues?page=2>; rel="next"'}


async def numbers(items):
    return [item["n"] async for item in items]


def page(*values, **headers):
    return httpx.Response(200, json=[{"n": value} for value in values], headers=headers)


async def test_a_short_page_with_a_next_link_is_not_the_last(wired):
    route = wired.answers("GET", "issues", page(1, **NEXT), page(2))
    assert await numbers(wired.on().pages("issues")) == [1, 2]
    assert [call.request.url.params["page"] for call in route.calls] == ["1", "2"]


async def test_a_full_page_is_followed_up_without_a_link_too(wired):
    wired.answers("GET", "issues", page(*range(100)), page())
    assert await numbers(wired.on().pages("issues")) == list(range(100))


@pytest.mark.parametrize(("body", "found"), [({"total_count": 1, "check_runs": [{"n": 1}]}, [1]), ({}, [])])
async def test_a_list_may_be_wrapped_in_an_object(wired, body, found):
    wired.answers("GET", "commits/x/check-runs", httpx.Response(200, json=body))
    assert await numbers(wired.on().pages("commits/x/check-runs")) == found


async def test_installations_and_repositories_beyond_the_first_hundred_are_seen(wired):
    many = [{"id": number, "owner": {"login": "mona"}, "name": f"r{number}"} for number in range(130)]

    def answer(request):
        first = (int(request.url.params["page"]) - 1) * 100
        found = many[first : first + 100]
        return httpx.Response(200, json={"repositories": found} if "/installation/" in request.url.path else found)

    wired.router.get(path="/app/installations").mock(side_effect=answer)
    wired.router.get(path="/installation/repositories").mock(side_effect=answer)
    assert await wired.forge.installations() == list(range(130))
    assert [repo.id for repo in await wired.forge.repositories(7)] == list(range(130))
