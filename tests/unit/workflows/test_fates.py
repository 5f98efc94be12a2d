"""What became of a finding, told from its lines and from what people said."""

from dataclasses import replace

import pytest

from app.policy.finding import Finding, Severity, key_of
from app.policy.values import Sha
from app.store.outcomes import Settled
from app.store.reviews import StoredFinding
from app.store.statements import NO_ADVICE, Statement
from app.workflows.settle import Refusals, counted, fate_of, newest_of, refusals

HEAD = Sha("a" * 40)
NOBODY = Refusals(frozenset(), frozenset())


def stored(severity: Severity = Severity.MINOR, quote: str = "a = 1", **more: object) -> StoredFinding:
    said = Finding(severity=severity, category="style", path="a.py", start_line=1, end_line=1, quote=quote, claim="So.")
    return replace(StoredFinding("id", "run", 7, 1, "testing", HEAD, said, "published"), **more)  # type: ignore[arg-type]


ADVICE, GRAVE = stored(), stored(Severity.MAJOR)
BY_KEY = Refusals(frozenset({key_of(ADVICE.finding)}), frozenset())
BY_NAME = Refusals(frozenset(), frozenset({"testing"}))


@pytest.mark.parametrize(
    ("finding", "touch", "refused", "fate"),
    [
        (ADVICE, "changed", NOBODY, "acted"),
        (ADVICE, "beside", NOBODY, "left"),
        (GRAVE, "beside", NOBODY, "acted"),
        (ADVICE, "no", NOBODY, "left"),
        (ADVICE, None, NOBODY, "left"),
        (ADVICE, "changed", BY_KEY, "dismissed"),
        (GRAVE, "no", BY_KEY, "dismissed"),
        (ADVICE, "no", BY_NAME, "dismissed"),
        (ADVICE, "changed", BY_NAME, "acted"),
        (GRAVE, "no", BY_NAME, "left"),
        (replace(GRAVE, state="withdrawn"), "changed", BY_KEY, "refuted"),
    ],
)
def test_a_finding_ends_in_one_way(finding, touch, refused, fate):
    assert fate_of(finding, touch, refused) == fate


def test_what_is_said_of_each_head_is_one_finding_and_its_newest_state_counts():
    again = replace(GRAVE, id="later", head_sha=Sha("b" * 40))
    other = stored(quote="b = 2")

    assert newest_of([GRAVE, other, again]) == [again, other]
    assert newest_of([GRAVE, replace(GRAVE, perspective="api")]) == [GRAVE, replace(GRAVE, perspective="api")]


def test_what_was_left_in_a_change_that_never_went_in_counts_for_nothing():
    one = Settled(7, 1, "testing", "key", "style", "/*.py", blocks=False, fate="left")
    others = [replace(one, key=fate, fate=fate) for fate in ("acted", "dismissed", "refuted")]

    assert counted([one, *others], merged=True) == [one, *others]
    assert counted([one, *others], merged=False) == others, "else anybody could talk a perspective down"


def test_a_word_that_was_taken_back_refuses_nothing():
    word = Statement("1", 7, 1, "dismissal", "key", "ada", "write", "no", HEAD, "d", 1.0)
    button = replace(word, id="2", kind=NO_ADVICE, target="testing")

    assert refusals([word, button], frozenset({"other"})) == Refusals(
        frozenset({"key", "other"}), frozenset({"testing"})
    )
    taken = [replace(each, withdrawn=True) for each in (word, button)]
    assert refusals([*taken, replace(word, kind="veto")], frozenset()) == NOBODY
