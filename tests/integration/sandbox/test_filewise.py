"""A diff that is read file by file says what it says when it is read at once."""

from hypothesis import HealthCheck, given, settings

from app.sandbox.diffs import parse_diff
from app.sandbox.filewise import filewise
from tests.integration.sandbox.test_diffs_of_git import diff_between, trees


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(trees, trees)
async def test_file_by_file_is_the_whole(before: dict[str, bytes], after: dict[str, bytes]):
    whole = await diff_between(before, after)
    found = list(filewise(whole))
    assert [file for _, file in found] == parse_diff(whole)
    assert b"".join(raw for raw, _ in found) == whole
