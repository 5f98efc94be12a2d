"""What a wire and a confused server can do to a request, and what the caller is told."""

import time

import httpx
import pytest

from app.forge.errors import NotFoundError, RateLimitedError, RefusedError, UnknownOutcomeError

OK = httpx.Response(200, json={"id": 1})
BAD_GATEWAY = httpx.Response(502, text="<html>bad gateway</html>", headers={"content-type": "text/html"})
MISREAD = [
    httpx.Response(200, text="<html>maintenance</html>", headers={"content-type": "text/html"}),
    httpx.Response(200, content=b"", headers={"content-type": "application/json"}),
    httpx.Response(200, content=b"{}"),
    httpx.Response(200, content=b'{"id": 1', headers={"content-type": "application/json"}),
    httpx.Response(200, content=b"\xff\xfe", headers={"content-type": "application/json"}),
    httpx.Response(200, content=b"{}", headers={"content-type": "application/json; charset=klingon"}),
    httpx.Response(200, content=b'"just a string"', headers={"content-type": "application/json"}),
    httpx.Response(
        200,
        json={},
        headers={"x-ratelimit-limit": "5000", "x-ratelimit-remaining": "4999", "x-ratelimit-reset": "9" * 30},
    ),
]
LOST = [httpx.ReadTimeout("slow"), httpx.ConnectError("refused"), httpx.RemoteProtocolError("cut off")]


@pytest.mark.parametrize("fault", [*LOST, BAD_GATEWAY], ids=repr)
async def test_a_read_is_tried_again_and_succeeds(wired, naps, fault):
    route = wired.answers("GET", "issues/1", fault, fault, OK)
    assert await wired.on().get("issues/1") == {"id": 1}
    assert route.call_count == 3
    assert len(naps) == 2


@pytest.mark.parametrize("fault", [*LOST, BAD_GATEWAY], ids=repr)
async def test_a_read_is_given_up_after_three_tries(wired, fault):
    route = wired.answers("GET", "issues/1", fault)
    with pytest.raises(UnknownOutcomeError):
        await wired.on().get("issues/1")
    assert route.call_count == 3


@pytest.mark.parametrize("fault", [*LOST, BAD_GATEWAY, *MISREAD], ids=repr)
async def test_a_write_is_never_repeated_blindly(wired, fault):
    route = wired.answers("POST", "issues/1/comments", fault, httpx.Response(201, json={"id": 1}))
    with pytest.raises(UnknownOutcomeError):
        await wired.on().post("issues/1/comments", {"body": "hello"})
    assert route.call_count == 1


@pytest.mark.parametrize("answer", MISREAD, ids=repr)
async def test_an_answer_that_makes_no_sense_is_no_answer(wired, answer):
    wired.answers("GET", "issues/1", answer)
    with pytest.raises(UnknownOutcomeError, match="issues/1"):
        await wired.on().get("issues/1")


@pytest.mark.parametrize(
    "body", [b'{"message": "no", "errors": 5}', b'{"errors": []}', b"[]", b"null", b"", b"<html>"], ids=repr
)
async def test_a_refusal_stays_a_refusal_however_odd_its_body(wired, body):
    wired.answers("POST", "pulls", httpx.Response(422, content=body, headers={"content-type": "application/json"}))
    with pytest.raises(RefusedError) as caught:
        await wired.on().post("pulls", {})
    assert caught.value.status == 422


async def test_a_limit_is_obeyed_although_its_other_headers_are_nonsense(wired):
    odd = {"x-ratelimit-limit": "many", "x-ratelimit-remaining": "0", "x-ratelimit-reset": "never", "retry-after": "77"}
    wired.answers("GET", "issues/1", httpx.Response(403, json={"message": "slow down"}, headers=odd))
    with pytest.raises(RateLimitedError) as caught:
        await wired.on().get("issues/1")
    assert caught.value.retry_at - time.time() == pytest.approx(77, abs=30)


async def test_each_request_is_judged_by_its_own_headers(wired):
    """Two answers cross: the limit of one is not the other's."""
    gh = wired.on()
    limited = httpx.Response(403, json={"message": "slow down"}, headers={"retry-after": "9"})
    wired.answers("GET", "issues/1", httpx.Response(403, json={"message": "Resource not accessible"}))
    wired.answers("GET", "issues/2", limited)
    with pytest.raises(RateLimitedError):
        await gh.get("issues/2")
    with pytest.raises(RefusedError):
        await gh.get("issues/1")


@pytest.mark.parametrize(("status", "kind"), [(301, NotFoundError), (308, NotFoundError), (307, UnknownOutcomeError)])
async def test_a_redirection_is_not_followed_with_the_token(wired, status, kind):
    elsewhere = wired.router.route(host="evil.example").respond(200, json={"id": 666})
    moved = httpx.Response(status, json={"message": "Moved"}, headers={"location": "https://evil.example/x"})
    wired.answers("GET", "issues/1", moved)
    with pytest.raises(kind):
        await wired.on().get("issues/1")
    assert not elsewhere.called


async def test_a_refused_token_is_forgotten_and_another_tried_once(wired):
    unauthorized = httpx.Response(401, json={"message": "Bad credentials"})
    route = wired.answers("POST", "issues", unauthorized, httpx.Response(201, json={"id": 1}))
    assert await wired.on().post("issues", {"title": "x"}) == {"id": 1}
    used = [call.request.headers["authorization"] for call in route.calls]
    assert len(set(used)) == 2
    assert wired.mints == 2


async def test_a_second_refused_token_is_the_end(wired):
    route = wired.answers("GET", "issues/1", httpx.Response(401, json={"message": "Bad credentials"}))
    with pytest.raises(RefusedError):
        await wired.on().get("issues/1")
    assert route.call_count == 2
    wired.answers("GET", "issues/2", OK)
    await wired.on().get("issues/2")
    assert wired.mints == 3


async def test_a_deletion_answers_nothing_and_that_is_fine(wired):
    wired.answers("DELETE", "git/refs/heads/x", httpx.Response(204))
    assert await wired.on().delete("git/refs/heads/x") is None


async def test_what_cannot_be_sent_is_our_fault_and_not_a_riddle(wired):
    route = wired.answers("POST", "issues", OK)
    with pytest.raises(TypeError):
        await wired.on().post("issues", {"title": object()})
    assert not route.called


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (httpx.Response(200, json={"data": None, "errors": [{"type": "RATE_LIMITED"}]}), RateLimitedError),
        (httpx.Response(200, json={"data": None, "errors": [{"type": "FORBIDDEN", "message": "no"}]}), RefusedError),
        (httpx.Response(200, json={"data": None, "errors": "odd"}), RefusedError),
        (httpx.Response(200, json={"message": "what?"}), UnknownOutcomeError),
        (httpx.Response(200, json=[]), UnknownOutcomeError),
        (httpx.Response(502, text="bad gateway"), UnknownOutcomeError),
        (httpx.Response(403, json={}, headers={"retry-after": "3"}), RateLimitedError),
    ],
)
async def test_graphql_tells_its_troubles_as_errors_of_ours(wired, answer, kind):
    wired.answers_on(wired.router.post("https://api.github.com/graphql"), answer)
    with pytest.raises(kind):
        await wired.on().graphql("mutation { x }")


@pytest.mark.parametrize("answer", [BAD_GATEWAY, MISREAD[0], httpx.ReadTimeout("slow")], ids=repr)
async def test_what_the_app_asks_as_itself_fails_as_errors_of_ours(wired, answer):
    wired.answers_on(wired.router.route(path__startswith="/app/"), answer)
    for asking in (wired.forge.installations(), wired.forge.attempts(), wired.forge.redeliver(3)):
        with pytest.raises(UnknownOutcomeError):
            await asking


async def test_a_limit_on_what_the_app_asks_as_itself_says_when_to_come_again(wired):
    limited = httpx.Response(403, json={"message": "slow down"}, headers={"retry-after": "9"})
    wired.answers_on(wired.router.route(path__startswith="/app/"), limited)
    with pytest.raises(RateLimitedError):
        await wired.forge.installations()
