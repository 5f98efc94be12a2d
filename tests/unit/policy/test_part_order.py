"""Which parts of a large issue are built at once, and the request for one."""

import pytest

from app.policy.part_order import waves_of
from app.policy.part_requests import PartCause, part_request
from app.policy.plan import Part
from app.policy.values import Repo


def part(*depends_on: int) -> Part:
    return Part(title="One piece", body="It must hold that it is there.", depends_on=depends_on)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([], []),
        ([part(), part()], [[1, 2]]),
        ([part(), part(1)], [[1], [2]]),
        ([part(), part(1), part(), part(2, 3), part(3)], [[1, 3], [2, 5], [4]]),
        ([part(), part(), part(1, 1)], [[1, 2], [3]]),
    ],
)
def test_what_needs_nothing_of_each_other_goes_together_and_as_early_as_it_can(parts, expected):
    assert waves_of(parts) == expected


def test_a_part_is_asked_for_once_and_once_more_where_it_did_not_merge():
    repo = Repo(1, 7, "mona", "sample")
    told = {"parent": "run", "issue": 1, "part": 2, "base_ref": "main", "base": "a", "sender": "mona"}
    first = PartCause.model_validate({**told, "start": "b", "permission": "write"})
    again = first.model_copy(update={"start": "c", "earlier": ("b", "d")})
    later = first.model_copy(update={"start": "c"})
    keys = [part_request(repo, 5, each).dedupe_key for each in (first, again, later)]
    assert keys == ["part:run:2", "part:run:2:again", "part:run:2"]
    assert PartCause.model_validate(part_request(repo, 5, again).cause) == again
