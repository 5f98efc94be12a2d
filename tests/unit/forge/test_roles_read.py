"""What somebody may do in a repository, in GitHub's own words."""

import asyncio

import pytest

from app.forge.read import read_permission


class Answering:
    """GitHub, with one answer."""

    def __init__(self, **answer):
        self.answer = answer

    async def get(self, path):
        assert path == "collaborators/bob/permission"
        return self.answer


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ({"permission": "write", "role_name": "maintain"}, "maintain"),
        ({"permission": "read", "role_name": "triage"}, "triage"),
        ({"permission": "write", "role_name": "guardian"}, "write"),
        ({"permission": "read", "role_name": "Admin"}, "read"),
        ({"permission": "write"}, "write"),
    ],
)
def test_a_role_of_the_organizations_own_is_what_it_builds_on(shown, expected):
    assert asyncio.run(read_permission(Answering(**shown), "bob")) == expected
