"""What `quorum doctor` makes of what it sees."""

from datetime import UTC, datetime

import pytest

from app.cli.checkup.found import failed, fine, warned
from app.cli.checkup.github import judge_app, judge_clock, judge_hook, judge_installations, lacks, worst
from app.cli.checkup.machine import look_at_key, look_at_secret
from app.cli.checkup.services import look_at_database
from app.cli.checkup.variables import look_at_variables
from app.forge.hook import Sent, in_vain, oldest_first
from app.settings import Settings

NOW = datetime(2026, 1, 1, 12, 0, tzinfo=UTC).timestamp()
WANTED = {"default_permissions": {"checks": "write", "members": "read"}, "default_events": ["push", "status"]}
APP = {
    "slug": "bot",
    "html_url": "https://github.com/apps/bot",
    "permissions": {"checks": "write", "members": "read"},
    "events": ["push", "status"],
    "owner": {"login": "acme", "type": "Organization"},
}
SETTINGS = Settings(app_id=1)


def test_before_the_app_is_made_there_is_one_thing_to_do():
    nothing = Settings(app_id=0, private_key_file=None, webhook_secret="")
    found = look_at_key(nothing), look_at_secret(nothing)
    assert all(each.state == "fail" and str(each).count("quorum setup") == 1 for each in found)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("mysql://root@db/q", "begins with `mysql://`"),
        ("postgresql://db/q", "begins with `postgresql://`"),
        ("sqlite:////tmp/q.db", "begins with `sqlite://`"),
        ("nonsense", "is no database URL"),
    ],
)
async def test_a_database_that_cannot_be_spoken_to_is_told_with_what_to_write(url, told):
    found = await look_at_database(Settings(database_url=url))
    assert found.state == "fail"
    assert told in found.told
    assert "postgresql+psycopg://" in found.told


@pytest.mark.parametrize(
    ("date", "state", "told"),
    [
        ("Thu, 01 Jan 2026 12:00:05 GMT", "ok", ""),
        ("Thu, 01 Jan 2026 12:00:30 GMT", "warn", "30 s behind GitHub's"),
        ("Thu, 01 Jan 2026 11:50:00 GMT", "fail", "600 s ahead of GitHub's"),
        ("", "warn", "no date"),
        ("soon", "warn", "no date"),
    ],
)
def test_a_clock_that_is_wrong_is_told_of_before_tokens_are_refused(date, state, told):
    found = judge_clock(date, NOW)
    assert (found.state, told in found.told) == (state, True)


def test_more_than_is_asked_for_is_enough():
    assert lacks({"checks": "write", "members": "admin"}, {"checks": "read", "members": "read"}) == []
    assert judge_app(APP, WANTED, SETTINGS).state == "ok"


@pytest.mark.parametrize(
    ("change", "state", "told"),
    [
        ({"permissions": {"checks": "read", "members": "read"}}, "fail", "permissions checks: write"),
        ({"permissions": {"checks": "write"}}, "warn", "permissions members: read"),
        ({"events": ["push"]}, "warn", "events status"),
    ],
)
def test_what_the_app_lacks_is_named_with_the_page_that_mends_it(change, state, told):
    found = judge_app({**APP, **change}, WANTED, SETTINGS)
    assert found.state == state
    assert told in found.told
    assert "https://github.com/organizations/acme/settings/apps/bot/permissions" in found.remedy


def test_each_installation_is_looked_at():
    held = {"account": {"login": "acme"}, "html_url": "https://github.com/x", "permissions": {"checks": "write"}}
    whole = {**held, "permissions": APP["permissions"]}
    found = judge_installations([whole, held, {**whole, "suspended_at": "2026-01-01T00:00:00Z"}], APP)
    assert [each.state for each in found] == ["ok", "warn", "warn"]
    assert "members: read" in found[1].told
    assert "https://github.com/x" in found[1].remedy
    assert judge_installations([], APP)[0].state == "fail"


def sent(number: int, status: int, guid: str = "") -> Sent:
    moment = datetime.fromtimestamp(NOW, UTC)
    told = {"event": "push", "delivered_at": moment, "status": "x", "status_code": status}
    return Sent(id=number, guid=guid or str(number), **told)


@pytest.mark.parametrize(
    ("attempts", "is_up", "state", "told"),
    [
        ([], True, "ok", "no delivery"),
        ([sent(1, 202)], True, "ok", "the newest delivery"),
        ([sent(1, 502), sent(2, 202)], True, "ok", "1 of 2"),
        ([sent(1, 202), sent(2, 502)], True, "fail", "1 of 2"),
        ([sent(1, 401)], True, "fail", "the secrets differ"),
        ([sent(1, 502)], False, "warn", "nothing listens"),
    ],
)
def test_deliveries_tell_whether_events_arrive(attempts, is_up, state, told):
    found = judge_hook("https://quorum.example/webhooks", attempts, SETTINGS, is_up=is_up)
    assert (found.state, told in found.told) == (state, True)


def test_a_relay_that_nobody_sends_to_is_noticed():
    settings = Settings(app_id=1, relay_url="https://smee.example/a")
    assert judge_hook("https://smee.example/a", [], settings, is_up=True).state == "ok"
    found = judge_hook("https://smee.example/b", [sent(1, 202)], settings, is_up=True)
    assert found.state == "warn"
    assert "smee.example/a" not in str(found)  # who knows the channel can read it
    assert "smee.example/b" not in str(found)


def test_of_attempts_at_one_delivery_the_last_speaks_and_old_ones_do_not():
    found = oldest_first([sent(3, 202, "a"), sent(2, 502, "b"), sent(1, 502, "a")], NOW)
    assert [(each.id, each.guid) for each in found] == [(3, "a"), (2, "b")]
    assert oldest_first([sent(1, 202)], NOW + 1) == []


def test_what_no_attempt_brought_is_asked_for_once_by_its_last_attempt():
    attempts = [sent(6, 502, "c"), sent(5, 0, "d"), sent(4, 202, "a"), sent(3, 502, "b"), sent(2, 502, "a")]
    found = in_vain([*attempts, sent(1, 502, "b"), sent(0, 502, "d")])
    assert [each.id for each in found] == [3, 6]


def test_only_a_failure_is_an_exit_code():
    assert worst([fine("a"), warned("b", "x", "y")]) == 0
    assert worst([fine("a"), failed("b", "x", "y")]) == 1
    assert str(failed("b", "x", "y")) == "fail  b: x; y"
    assert str(fine("a")) == "ok    a"


def test_a_webhook_secret_that_could_be_guessed_is_told_by_its_length_alone():
    found = look_at_secret(Settings(webhook_secret="hunter2"))
    assert (found.state, "7 characters" in found.told, "hunter2" in repr(found)) == ("warn", True, False)
    assert look_at_secret(Settings(webhook_secret="0123456789abcdef")).state == "ok"


@pytest.mark.parametrize("name", ["QUORUM_MODLE", "quorum_modle", "QUORUM_DATABASE_ULR", "QUORUM_DATADIR"])
def test_a_variable_that_is_misspelt_is_told_with_the_one_that_is_meant(name: str):
    found = look_at_variables([name, "PATH"], Settings.model_fields)
    assert found.state == "warn"
    assert f"{name} sets nothing; is QUORUM_" in found.told


@pytest.mark.parametrize(
    "name",
    [
        *("QUORUM_MODEL", "quorum_model", "QUORUM_CONFIG", "ANTHROPIC_API_KEY", "OPENAI_API_KYE"),
        *("QUORUM_SERVICE_HOST", "QUORUM_SERVICE_PORT_HTTP", "QUORUM_PORT_8470_TCP_ADDR"),
    ],
)
def test_other_variables_are_nobodys_fault(name: str):
    assert look_at_variables([name], Settings.model_fields).state == "ok"
