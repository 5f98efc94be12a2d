"""Small changes, as git tells of them: what is weakened is found, and nothing else is."""

import pytest
import weakened_others
import weakened_python
import weakened_settings

from app.policy.changed_text import ChangedText
from app.policy.weakening import weakenings
from tests.support.changes import Case, diffs_of

CASES = [
    case
    for table in (weakened_python, weakened_others, weakened_settings)
    for case in (*table.WEAKENED, *table.INNOCENT)
]


@pytest.fixture(scope="module")
def diffs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[ChangedText, ...]]:
    return diffs_of(CASES, tmp_path_factory.mktemp("cases"))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_is_weakened_is_found_and_nothing_else(case: Case, diffs: dict[str, tuple[ChangedText, ...]]) -> None:
    found = weakenings(diffs[case.name])

    assert diffs[case.name], "git sees no change"
    assert tuple({each.kind for each in found}) == case.kinds, found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_is_found_can_be_quoted(case: Case, diffs: dict[str, tuple[ChangedText, ...]]) -> None:
    for each in weakenings(diffs[case.name]):
        side = 0 if each.gone else 1
        lines = (case.files[each.path][side] or "").splitlines()

        assert each.quote in lines[each.line - 1] or each.quote in case.files


def test_names_of_the_cases_are_unique() -> None:
    assert len({case.name for case in CASES}) == len(CASES)
