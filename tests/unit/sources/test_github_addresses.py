"""Where GitHub's pages and its API are, for each kind of GitHub."""

import pytest

from app.settings import Settings
from app.sources.addresses import parse_root


@pytest.mark.parametrize(
    ("written", "root", "api", "graphql"),
    [
        ("https://github.com", "https://github.com", "https://api.github.com", "https://api.github.com/graphql"),
        ("https://GitHub.com/", "https://github.com", "https://api.github.com", "https://api.github.com/graphql"),
        ("https://www.github.com", "https://github.com", "https://api.github.com", "https://api.github.com/graphql"),
        (
            "https://octocorp.ghe.com",
            "https://octocorp.ghe.com",
            "https://api.octocorp.ghe.com",
            "https://api.octocorp.ghe.com/graphql",
        ),
        (
            "https://api.octocorp.ghe.com",
            "https://octocorp.ghe.com",
            "https://api.octocorp.ghe.com",
            "https://api.octocorp.ghe.com/graphql",
        ),
        (
            "https://github.example.com:8443/",
            "https://github.example.com:8443",
            "https://github.example.com:8443/api/v3",
            "https://github.example.com:8443/api/graphql",
        ),
        ("http://[::1]:7000", "http://[::1]:7000", "http://[::1]:7000/api/v3", "http://[::1]:7000/api/graphql"),
        (
            "https://evilghe.com",
            "https://evilghe.com",
            "https://evilghe.com/api/v3",
            "https://evilghe.com/api/graphql",
        ),
    ],
)
def test_each_kind_of_github_has_its_api(written, root, api, graphql):
    """https://docs.github.com/en/enterprise-cloud@latest/admin/data-residency/network-details-for-ghecom."""
    settings = Settings(github_url=written)
    assert (settings.github_url, settings.api_url, settings.graphql_url) == (root, api, graphql)


@pytest.mark.parametrize(
    "wrong",
    [
        "",
        "github.com",
        "ftp://github.com",
        "https://github.com/acme",
        "https://github.com?x=1",
        "https://user:word@github.com",
        "https://github.com:port",
        "http://github.com",
        "http://octocorp.ghe.com",
    ],
)
def test_what_is_no_root_of_a_github_is_refused_with_what_to_write(wrong):
    with pytest.raises(ValueError, match=r"write (the whole address, such as )?https://"):
        parse_root(wrong)


def test_credentials_come_over_plain_http_from_this_machine_only():
    assert parse_root("http://127.0.0.1:8470", private=True) == "http://127.0.0.1:8470"
    with pytest.raises(ValueError, match="everybody on the way"):
        parse_root("http://github.example.com", private=True)
