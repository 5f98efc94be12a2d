"""How often the demo looks whether something has happened."""

from app.cli.demo.github import pause_s

HOUR_S = 3600.0
REQUESTS_OF_A_USER = 5000
"""In an hour: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api."""
OF_A_LOOK = 2


def test_a_model_that_thinks_for_an_hour_is_waited_for_within_what_a_user_may_ask():
    waited_s, looks = 0.0, 0
    while waited_s < HOUR_S:
        waited_s, looks = waited_s + pause_s(waited_s), looks + 1
    assert looks * OF_A_LOOK < REQUESTS_OF_A_USER / 2, "the story waits several times"


def test_what_comes_at_once_is_seen_at_once():
    assert pause_s(0.0) == pause_s(5.0) < 0.2
