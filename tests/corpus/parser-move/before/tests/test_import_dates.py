from datetime import date

import pytest

from imports.dates import parse_day


@pytest.mark.parametrize("text", ["2024-03-31", "31.03.2024", "31.3.2024"])
def test_both_forms(text):
    assert parse_day(text) == date(2024, 3, 31)


def test_rubbish():
    with pytest.raises(ValueError):
        parse_day("soon")
