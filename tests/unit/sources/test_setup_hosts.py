"""Hosts that a set-up may reach: exact names, each with at most a port."""

import pytest

from app.settings import Settings
from app.sources.file import SettingsError
from app.sources.hosts import REGISTRIES, parse_hosts


@pytest.fixture(autouse=True)
def _no_file(monkeypatch):
    monkeypatch.setenv("QUORUM_CONFIG", "")


def test_the_registries_that_are_there_without_a_word_are_sound(monkeypatch):
    monkeypatch.delenv("QUORUM_SETUP_HOSTS", raising=False)
    assert parse_hosts(REGISTRIES) == REGISTRIES == Settings.load().setup_hosts


@pytest.mark.parametrize(
    ("told", "hosts"),
    [
        ("[]", ()),
        ('["PyPI.org", "pypi.org "]', ("pypi.org",)),
        ('["mirror:8443", "http://10.0.0.7:8080"]', ("mirror:8443", "http://10.0.0.7:8080")),
    ],
)
def test_a_list_is_read(monkeypatch, told, hosts):
    monkeypatch.setenv("QUORUM_SETUP_HOSTS", told)
    assert Settings.load().setup_hosts == hosts


@pytest.mark.parametrize(
    "host",
    [
        "",
        "*.pypi.org",
        "https://pypi.org",
        "pypi.org/simple",
        "a@pypi.org",
        "a:0",
        "a:65536",
        "a:b",
        "a..b",
        "-a",
        "a b",
    ],
)
def test_what_is_no_host_is_refused_with_what_to_write(monkeypatch, host):
    monkeypatch.setenv("QUORUM_SETUP_HOSTS", f'["pypi.org", "{host}"]')
    with pytest.raises(SettingsError, match=r"QUORUM_SETUP_HOSTS.*is no host: write one host, such as `pypi.org`"):
        Settings.load()
