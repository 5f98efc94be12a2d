"""Which review is taken again: of the very same diff on the same terms, and one that was sealed with the same key."""

from dataclasses import replace
from pathlib import Path

import pytest

from app.cli.action.kept import Reviews, Terms
from app.cli.meter import Spent
from app.cli.reviewing.base import Base
from app.cli.reviewing.outcome import Remark, Review, Verdict
from app.policy.finding import Outcome, Severity
from app.policy.values import Sha
from app.settings import Settings

TERMS = Terms(b"diff \xff", "policy", "guidance", ("testing",), "m", "main", executes=True)
REVIEW = Review(
    Base("main", Sha("1" * 40), Sha("2" * 40), "why"),
    "m",
    1,
    2,
    (Remark("testing", Severity.NIT, "name", "b.py", 1, 1, "A name."),),
    (Verdict("testing", Outcome.APPROVED, 0.9, "m", "Fine."),),
    spent=Spent(calls=1, cost=5),
)


def reviews(folder: Path | None, key: str = "key") -> Reviews:
    return Reviews(folder, Settings(anthropic_api_key=key, openai_api_key=""))


def test_it_comes_back_as_it_was(tmp_path: Path):
    assert reviews(tmp_path / "new").keep(TERMS, REVIEW)
    assert reviews(tmp_path / "new").find(TERMS) == REVIEW


@pytest.mark.parametrize(
    "change",
    [
        {"diff": b"diff"},
        {"policy": "x"},
        {"guidance": "x"},
        {"only": ()},
        {"models": "n"},
        {"base_ref": "x"},
        {"executes": False},
    ],
)
def test_on_other_terms_there_is_none(tmp_path: Path, change: dict[str, object]):
    reviews(tmp_path).keep(TERMS, REVIEW)
    assert reviews(tmp_path).find(replace(TERMS, **change)) is None


def test_what_somebody_else_put_there_is_not_believed(tmp_path: Path):
    reviews(tmp_path).keep(TERMS, REVIEW)
    (file,) = tmp_path.iterdir()
    told = file.read_bytes()
    assert reviews(tmp_path, "another").find(TERMS) is None
    other = replace(TERMS, diff=b"other")
    file.with_name(f"{other.key}.json").write_bytes(told)
    assert reviews(tmp_path).find(other) is None
    for planted in (told.replace(b"0.9", b"1.0"), told[:-5], b"", b"\n{}"):
        file.write_bytes(planted)
        assert reviews(tmp_path).find(TERMS) is None


def test_without_a_key_or_a_folder_none_is_kept(tmp_path: Path):
    for each in (reviews(tmp_path, ""), reviews(None)):
        assert not each.keep(TERMS, REVIEW)
        assert each.find(TERMS) is None
    assert list(tmp_path.iterdir()) == []


def test_there_are_never_many(tmp_path: Path):
    for number in range(25):
        reviews(tmp_path).keep(replace(TERMS, diff=bytes([number])), REVIEW)
    assert len(list(tmp_path.iterdir())) == 20
    assert reviews(tmp_path).find(replace(TERMS, diff=bytes([24]))) == REVIEW
