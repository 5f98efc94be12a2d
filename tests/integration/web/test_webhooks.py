"""The webhook door, over real HTTP and a real database; the broker is away, which must not matter."""

import hashlib
import hmac
import socket

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import text

from app.settings import Settings
from app.web.app import create_app, follow
from tests.integration.web.conftest import BODY, SECRET
from tests.support.changed_settings import Changed


def test_a_signed_delivery_is_stored_before_it_is_answered(door):
    assert door.post().status_code == 202
    assert door.stored() == ["guid-1"]


def test_a_delivery_that_comes_again_is_answered_alike_and_stored_once(door):
    assert [door.post().status_code for _ in range(3)] == [202, 202, 202]
    assert door.stored() == ["guid-1"]


@pytest.mark.parametrize(
    "signature",
    ["", "sha256=", "sha256=" + "0" * 64, "sha1=" + "0" * 40, "0" * 64],
)
def test_a_wrong_signature_is_refused_and_nothing_is_stored(door, signature):
    assert door.post(X_Hub_Signature_256=signature).status_code == 401
    assert door.stored() == []


def test_a_signature_that_is_no_ascii_is_refused(door):
    with socket.create_connection(httpx.URL(door.url).netloc.decode().split(":")) as raw:
        head = f"POST /webhooks HTTP/1.1\r\nHost: x\r\nContent-Length: {len(BODY)}\r\nX-Hub-Signature-256: "
        raw.sendall(head.encode() + "sha256=é".encode() + b"\r\nConnection: close\r\n\r\n" + BODY)
        assert raw.recv(100).split()[1] in {b"401", b"400"}
    assert door.stored() == []


def test_a_signature_over_another_body_is_refused(door):
    signature = "sha256=" + hmac.new(SECRET.encode(), BODY + b" ", hashlib.sha256).hexdigest()
    assert door.post(X_Hub_Signature_256=signature).status_code == 401


def test_a_body_over_25_mb_is_refused_and_not_stored(door):
    assert door.post(b"x" * (25 * 1024**2 + 1)).status_code == 413
    assert door.stored() == []


@pytest.mark.parametrize("header", ["X_GitHub_Delivery", "X_GitHub_Event"])
@pytest.mark.parametrize("value", ["", "a b", "../x", "x" * 65])
def test_odd_headers_are_refused(door, header, value):
    assert door.post(**{header: value}).status_code == 400
    assert door.stored() == []


def test_what_is_no_json_is_stored_as_it_is_and_left_to_the_worker(door):
    assert door.post(b"[" * 100_000).status_code == 202


def test_a_database_that_cannot_be_written_gives_503(door):
    with door.engine.begin() as db:
        db.execute(text("DROP TABLE deliveries"))
    answer = door.post()
    assert (answer.status_code, "retry-after" in answer.headers) == (503, True)


def test_health_and_readiness_are_answered(door):
    assert httpx.get(f"{door.url}/healthz", timeout=60.0, trust_env=False).status_code == 200
    assert httpx.get(f"{door.url}/readyz", timeout=60.0, trust_env=False).status_code == 200


def test_without_a_secret_nothing_starts(tmp_path):
    with pytest.raises(ValueError, match="QUORUM_WEBHOOK_SECRET"):
        create_app(Settings(data_dir=tmp_path))


def test_a_new_secret_counts_from_now_on_and_none_never(tmp_path):
    settings = Settings(data_dir=tmp_path, webhook_secret="old")
    app = create_app(settings)
    follow(app, Changed(None))
    assert app.state.secret == b"old"
    follow(app, Changed(settings.model_copy(update={"webhook_secret": SecretStr("new")})))
    assert app.state.secret == b"new"
    follow(app, Changed(settings.model_copy(update={"webhook_secret": SecretStr("")})))
    assert app.state.secret == b"new"
