"""What GitHub's refusals mean, and how long it asks to wait."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.forge.answers import error_for, graphql_error_for, wait_for
from app.forge.errors import NotFoundError, RateLimitedError, RefusedError, UnknownOutcomeError

NOW = 1_800_000_000.0


@pytest.fixture
def stopped_clock(monkeypatch):
    monkeypatch.setattr("app.forge.answers.time", SimpleNamespace(time=lambda: NOW))


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (301, NotFoundError),
        (302, UnknownOutcomeError),
        (304, UnknownOutcomeError),
        (308, NotFoundError),
        (401, RefusedError),
        (403, RefusedError),
        (404, NotFoundError),
        (409, RefusedError),
        (410, NotFoundError),
        (422, RefusedError),
        (429, RateLimitedError),
        (451, RefusedError),
        (500, UnknownOutcomeError),
        (502, UnknownOutcomeError),
        (599, UnknownOutcomeError),
    ],
)
def test_each_status_has_one_meaning(status, kind):
    error = error_for("GET /x", status, {}, "because")
    assert type(error) is kind
    assert "GET /x" in str(error)
    assert getattr(error, "status", status) == status


def test_a_suspended_installation_may_come_back_so_that_its_work_waits():
    error = error_for("POST /x", 403, {}, "This installation has been suspended")

    assert type(error) is UnknownOutcomeError
    assert "is suspended" in str(error)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "30"}, 30),
        ({"retry-after": "0"}, 1),
        ({"retry-after": "-5"}, 1),
        ({"retry-after": "0.5"}, 1),
        ({"retry-after": "soon"}, 60),
        ({"retry-after": ""}, 60),
        ({"retry-after": "nan"}, 60),
        ({"retry-after": "inf"}, 86_400),
        ({"retry-after": "1e300"}, 86_400),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(NOW) + 90)}, 90),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(NOW) - 90)}, 60),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "9" * 400}, 86_400),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "tomorrow"}, 60),
        ({"x-ratelimit-remaining": "0"}, 60),
        ({"retry-after": "5", "x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(NOW) + 90)}, 5),
        ({"x-ratelimit-remaining": "12", "x-ratelimit-reset": str(int(NOW) + 90)}, None),
        ({}, None),
    ],
)
def test_the_wait_is_read_off_the_headers(stopped_clock, headers, seconds):
    assert wait_for(403, headers, "Forbidden") == seconds


@pytest.mark.parametrize(("away", "seconds"), [(120, 120), (-120, 1), (10**6, 86_400)])
def test_a_wait_may_be_given_as_a_date(stopped_clock, away, seconds):
    told = format_datetime(datetime.fromtimestamp(NOW, UTC) + timedelta(seconds=away), usegmt=True)
    assert wait_for(403, {"retry-after": told}, "") == seconds


def test_a_secondary_limit_is_known_by_its_words_or_by_429():
    assert wait_for(403, {}, "You have exceeded a Secondary Rate Limit.") == 60
    assert wait_for(429, {}, "") == 60
    assert wait_for(403, {}, "Resource not accessible by integration") is None


@given(st.text(), st.text(), st.sampled_from(["0", "", "x"]))
def test_no_header_makes_the_wait_unreasonable(after, reset, remaining):
    for headers in ({"retry-after": after}, {"x-ratelimit-remaining": remaining, "x-ratelimit-reset": reset}):
        wait = wait_for(429, headers, "")
        assert wait is not None
        assert 1 <= wait <= 86_400


@pytest.mark.parametrize(
    ("headers", "error", "kind"),
    [
        ({}, {"type": "RATE_LIMITED", "message": "API rate limit exceeded"}, RateLimitedError),
        ({"x-ratelimit-remaining": "0"}, {"message": "API rate limit already exceeded"}, RateLimitedError),
        ({"retry-after": "9"}, {"message": "You have exceeded a secondary rate limit"}, RateLimitedError),
        ({}, {"type": "NOT_FOUND", "message": "Could not resolve to a node"}, NotFoundError),
        ({}, {"message": "Something went wrong while executing your query."}, UnknownOutcomeError),
        ({}, {"type": "FORBIDDEN", "message": "Resource not accessible by integration"}, RefusedError),
        ({}, {}, RefusedError),
        ({}, "not even an object", RefusedError),
    ],
)
def test_a_graphql_error_has_one_meaning(headers, error, kind):
    assert type(graphql_error_for(headers, error)) is kind
