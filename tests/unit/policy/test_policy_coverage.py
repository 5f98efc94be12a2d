"""The policy's key for a coverage report."""

import pytest

from app.policy.config import Policy, parse_policy
from app.policy.errors import PolicyError
from app.policy.stricter import asks_more


def test_a_report_is_a_path_within_the_repository():
    assert parse_policy("test: pytest\ncoverage: build/coverage.xml").coverage == "build/coverage.xml"
    assert Policy().coverage is None


@pytest.mark.parametrize("path", ["/tmp/x.info", "../x.info", "a/./x", "a//x", "out/", "."])
def test_any_other_path_is_refused(path: str):
    with pytest.raises(PolicyError, match="no path within the repository"):
        parse_policy(f"test: pytest\ncoverage: {path}")


def test_a_report_needs_tests_that_write_it():
    with pytest.raises(PolicyError, match="no `test` command"):
        parse_policy("coverage: coverage.xml")


def test_to_name_a_report_asks_for_no_more_of_what_landed():
    assert not asks_more(Policy(test="pytest", coverage="coverage.xml"), Policy(test="pytest"))
