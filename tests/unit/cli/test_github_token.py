"""A person's token comes from one of two variables."""

import pytest

from app.settings import Settings


@pytest.mark.parametrize(
    ("env", "token"),
    [
        ({}, ""),
        ({"GITHUB_TOKEN": "one"}, "one"),
        ({"GITHUB_TOKEN": "one", "QUORUM_GITHUB_TOKEN": "two"}, "two"),
    ],
)
def test_quorums_own_variable_comes_first(monkeypatch, env, token):
    for name in ("GITHUB_TOKEN", "QUORUM_GITHUB_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    assert Settings().github_token.get_secret_value() == token
