"""The App's own token: signed, dated back for clocks that differ, at most ten minutes long.

https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app
"""

import time
from types import SimpleNamespace

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from app.forge.tokens import Tokens

FORM = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


def tokens_with(key):
    pem = key.private_bytes(*FORM).decode()
    return Tokens("Iv23abc", pem, "https://api.github.com", None, lambda _: None)


def test_the_apps_token_is_signed_and_short_lived():
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    claims = jwt.decode(tokens_with(key).app_token(), key.public_key(), algorithms=["RS256"])
    now = time.time()
    assert claims["iss"] == "Iv23abc"
    assert claims["iat"] <= now - 50
    assert now < claims["exp"] <= now + 600


def test_it_is_signed_anew_when_a_minute_has_passed_or_the_clock_was_put_back(monkeypatch):
    tokens = tokens_with(rsa.generate_private_key(public_exponent=65537, key_size=2048))
    told = []
    for now in (1000.0, 1059.9, 1060.0, 900.0):
        monkeypatch.setattr("app.forge.tokens.time", SimpleNamespace(time=lambda now=now: now))
        told.append(tokens.app_token())
    first, same, later, before = told
    assert same == first
    assert len({first, later, before}) == 3


def test_a_key_of_another_kind_is_refused_with_what_to_do():
    with pytest.raises(ValueError, match="settings on GitHub"):
        tokens_with(ec.generate_private_key(ec.SECP256R1())).app_token()
