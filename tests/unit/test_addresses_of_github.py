"""Where GitHub's interfaces are, by the address of its pages."""

import pytest

from app.settings import Settings


@pytest.mark.parametrize(
    ("pages", "rest", "graphql"),
    [
        ("https://github.com", "https://api.github.com", "https://api.github.com/graphql"),
        ("https://acme.ghe.com/", "https://api.acme.ghe.com", "https://api.acme.ghe.com/graphql"),
        ("https://git.acme.org", "https://git.acme.org/api/v3", "https://git.acme.org/api/graphql"),
        ("https://ghe.com.acme.org", "https://ghe.com.acme.org/api/v3", "https://ghe.com.acme.org/api/graphql"),
        ("http://github.com", "http://github.com/api/v3", "http://github.com/api/graphql"),
    ],
)
def test_interfaces_are_beside_the_pages_or_on_a_host_of_their_own(pages: str, rest: str, graphql: str):
    settings = Settings(github_url=pages)
    assert (settings.api_url, settings.graphql_url) == (rest, graphql)
