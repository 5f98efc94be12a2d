"""No secret leaves through the log, in whatever form it comes; and every line carries its run."""

import asyncio
import base64
import io
import json
import logging
import time
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app import telemetry
from app.telemetry import REDACTED, bind, configure, logger, redact, register_secret

LONG_GHS = "ghs_1234567_eyJ" + "aB3-_" * 33 + "." + "cD4-_" * 33 + "." + "eF5-_" * 34
PEM = "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nabc/def+\n-----END RSA PRIVATE KEY-----"
SECRETS = {
    "an installation token of 520 characters": LONG_GHS,
    "an installation token of old": "ghs_" + "a1B2" * 9,
    "a personal token": "ghp_" + "a1B2" * 9,
    "an OAuth token": "gho_" + "a1B2" * 9,
    "a user token": "ghu_" + "a1B2" * 9,
    "a refresh token": "ghr_" + "a1B2" * 19,
    "a fine-grained token": "github_pat_11ABCDEFG0" + "x" * 60,
    "a key file": PEM,
    "a key file in JSON": PEM.replace("\n", "\\n"),
    "a key file cut off": PEM[:60],
    "a JWT": "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiIxIn0.c2lnbmF0dXJl",
    "a model key": "sk-ant-api03-" + "aB3_" * 20,
}


@pytest.fixture(autouse=True)
def forget():
    """What others registered is not known here; it comes back, as whatever belongs to the process does."""
    telemetry._secrets.clear()
    telemetry._longest_first[0] = ()


def failure(message):
    """An error with a traceback, as a caller would log it."""
    try:
        raise RuntimeError(message)  # noqa: TRY301 - it is to be caught
    except RuntimeError as error:
        return error


def lines(stream):
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_the_long_token_is_as_long_as_github_makes_it():
    assert 500 <= len(LONG_GHS) <= 540


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS.keys())
@pytest.mark.parametrize("around", ["{}", "before {} after", '"{}"', "'{}',", "({})", "x={}\nmore"])
def test_what_looks_like_a_secret_is_taken_out_wherever_it_stands(secret, around):
    shown = redact(around.format(secret))

    assert secret not in shown
    assert secret[-16:] not in shown
    assert REDACTED in shown


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer abc.def-123",
        "authorization: token abc.def-123",
        "AUTHORIZATION: basic abc.def-123",
        '{"Authorization": "Bearer abc.def-123"}',
        "{'authorization': 'Bearer abc.def-123'}",
        "[(b'authorization', b'Bearer abc.def-123')]",
        "http.extraHeader=Authorization: Basic abc.def-123",
        "x-api-key: abc.def-123",
        "Cookie: session=abc.def-123",
        "https://x-access-token:abc.def-123@github.com/acme/tally.git",
    ],
)
def test_headers_and_urls_with_a_password_lose_it(text):
    assert "abc.def-123" not in redact(text)


@pytest.mark.parametrize(
    "text",
    [
        "ghs_short",
        "12 input_tokens, 5 output_tokens",
        "the authorization of ada was read",
        "risk-antenna",
        "sk-ant",
        "eyJ is how a JWT starts",
        "https://github.com/acme/tally.git",
        "at 12:30:45 mail ada@example.com",
        "a1b2c3d4" * 5,
    ],
)
def test_ordinary_text_stays(text):
    assert redact(text) == text


def test_a_registered_secret_is_taken_out_in_every_form():
    secret = 'pa$$ "word"/+\nline'
    register_secret(secret)
    as_base64 = base64.b64encode(secret.encode()).decode()

    for form in (secret, as_base64, "pa%24%24%20%22word%22%2F%2B%0Aline", secret.replace("\n", "\\n")):
        assert redact(f"<{form}>") == f"<{REDACTED}>"


def test_of_two_secrets_the_longer_goes_first_and_blank_ones_are_no_secrets():
    for secret in ("hunter-2", "hunter-2-and-more", "", "  \n"):
        register_secret(secret)

    assert redact("hunter-2-and-more, hunter-2, other words") == f"{REDACTED}, {REDACTED}, other words"


@pytest.mark.parametrize("stand_in", ["key", "none", "EMPTY", "ollama", " ollama \n"])
def test_the_word_that_stands_for_the_key_of_a_local_server_stays_in_what_people_read(stand_in):
    register_secret(stand_in)

    assert redact(f"ollama/qwen3: invalid x-api-key, {stand_in}") == f"ollama/qwen3: invalid x-api-key, {stand_in}"


def test_a_secret_that_is_worthless_by_now_is_forgotten_when_another_one_comes(monkeypatch):
    register_secret("an-hour-long", life_s=3600)
    register_secret("for-ever")
    later = telemetry.time.monotonic() + 3601
    monkeypatch.setattr(telemetry, "time", SimpleNamespace(monotonic=lambda: later))
    register_secret("a-newer-one")

    assert redact("an-hour-long for-ever a-newer-one") == f"an-hour-long {REDACTED} {REDACTED}"


def test_every_value_is_cleaned_however_deep():
    stream = io.StringIO()
    configure(stream)
    register_secret("canary-value")

    logger("test").info(
        "push canary-value",
        headers={"Authorization": "Bearer x", "list": [("canary-value", {"k": b"canary-value"})]},
        canary_set={"canary-value"},
        error=ValueError("canary-value"),
        api_key="short",
        token="short",
        input_tokens=12,
        **{"canary-value": 1},
    )

    assert "canary-value" not in stream.getvalue()
    assert "Bearer x" not in stream.getvalue()
    line = lines(stream)[0]
    assert (line["api_key"], line["token"], line["input_tokens"]) == (REDACTED, REDACTED, 12)
    assert (line["event"], line["level"], line["logger"]) == (f"push {REDACTED}", "info", "test")


def test_exceptions_are_written_with_their_traceback_and_without_secrets():
    for form in ("json", "console"):
        stream = io.StringIO()
        configure(stream, form=form)
        logger("test").error("it failed", exc_info=failure(f"refused: {LONG_GHS}"))
        assert "Traceback" in stream.getvalue()
        assert "refused" in stream.getvalue()
        assert LONG_GHS not in stream.getvalue()


def test_the_standard_librarys_loggers_pass_through_as_well():
    stream = io.StringIO()
    configure(stream)

    logging.getLogger("celery.worker").warning(
        "lost %s with %s", "the broker", LONG_GHS, extra={"jwt": SECRETS["a JWT"]}
    )
    logging.getLogger("httpx").info("GET everything")

    assert [line["event"] for line in lines(stream)] == [f"lost the broker with {REDACTED}"]
    assert "eyJ" not in stream.getvalue()


def test_a_second_call_replaces_the_first_and_levels_are_kept():
    first, second = io.StringIO(), io.StringIO()
    configure(first)
    configure(second, form="console", level="warning")

    logger("test").info("not said")
    logger("test").warning("said", run_id="r1")

    assert first.getvalue() == ""
    assert "said" in second.getvalue()
    assert "run_id" in second.getvalue()
    assert "not said" not in second.getvalue()


async def test_a_run_is_named_on_every_line_of_its_tasks_and_on_no_other():
    stream = io.StringIO()
    configure(stream)

    async def work(run_id):
        with bind(run_id=run_id):
            await asyncio.sleep(0)
            async with asyncio.TaskGroup() as group:
                group.create_task(step())

    async def step():
        logger("test").info("step")

    async with asyncio.TaskGroup() as group:
        group.create_task(work("one"))
        group.create_task(work("two"))
    logger("test").info("after")

    assert sorted(line.get("run_id", "-") for line in lines(stream)) == ["-", "one", "two"]


plain = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20) | st.binary()
holding = st.sampled_from(["the-canary", b"x the-canary x", frozenset({"the-canary"}), ("the-canary",), object()])
keys = st.text(max_size=5) | st.just("the-canary")
values = st.recursive(
    plain | holding,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=10,
)


@settings(max_examples=150, deadline=None)
@given(values)
def test_any_value_becomes_one_line_of_json_without_the_canary(value):
    stream = io.StringIO()
    configure(stream)
    register_secret("the-canary")

    logger("test").info("event", value=value)

    assert "the-canary" not in stream.getvalue()
    assert len(lines(stream)) == 1


def test_a_value_that_holds_itself_ends():
    stream = io.StringIO()
    configure(stream)
    endless = []
    endless.append(endless)

    logger("test").info("event", value=endless)

    assert "too deep" in stream.getvalue()


@pytest.mark.parametrize(
    "text", ["-----BEGIN A-----" * 4000, "eyJ" * 30_000, "://a:" * 20_000, "ghs_" * 20_000, "a" * 99_999]
)
def test_redaction_of_long_text_costs_a_bounded_time(text):
    began = time.thread_time()

    redact(text)

    assert time.thread_time() - began < 2
