"""Which words a withdrawal takes back: it goes by how comments were numbered, not by when they were heard of."""

from dataclasses import replace

import pytest

from app.policy.values import Sha
from app.store.statements import NO_ADVICE, Statement
from app.workflows.withdrawing import WITHDRAWAL, takes_back

OVERRIDE = Statement(
    id="comment:7:100",
    repo_id=7,
    pull=2,
    kind="override",
    target="testing",
    login="Maya",
    permission="maintain",
    reason="it must go out",
    head_sha=Sha("a" * 40),
    fingerprint="d",
    at=1.0,
)
BACK = replace(OVERRIDE, id="comment:7:1000", kind=WITHDRAWAL, login="maya", target="")
VETO = replace(OVERRIDE, kind="veto", target="", login="will", permission="write")


@pytest.mark.parametrize("target", ["", "override", "testing", "test"])
def test_ones_own_earlier_word_is_taken_back(target):
    assert takes_back(replace(BACK, target=target), OVERRIDE)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"id": "comment:7:99"}, "it was written before the word, though its number has fewer digits"),
        ({"id": "comment:7:100"}, "it is the word itself"),
        ({"login": "will"}, "another person's word"),
        ({"target": "people"}, "another target"),
        ({"target": "veto"}, "a maintainer takes back vetoes only"),
    ],
)
def test_nothing_else_is(change, why):
    assert not takes_back(replace(BACK, **change), OVERRIDE), why


def test_a_review_is_dismissed_on_github_and_not_taken_back():
    assert not takes_back(BACK, replace(OVERRIDE, id="review:7:100:approved", kind="approved"))


def test_maintainers_take_back_any_veto_by_its_name():
    assert takes_back(replace(BACK, target="veto"), VETO)
    assert not takes_back(replace(BACK, target="veto", permission="write"), VETO)
    assert not takes_back(BACK, VETO)


@pytest.mark.parametrize(
    ("back", "taken"),
    [
        ({"target": ""}, True),
        ({"target": "testing"}, True),
        ({"target": "api"}, False),
        ({"target": "testing", "login": "will", "permission": "maintain"}, True),
        ({"target": "testing", "login": "will", "permission": "write"}, False),
        ({"target": "", "login": "will", "permission": "maintain"}, False),
        ({"target": "testing", "at": -100.0}, False),
    ],
)
def test_what_a_button_said_is_taken_back_by_who_pressed_it_or_maintains(back, taken):
    """A button has no number among the comments: there the times tell, as nothing of the gate hangs on it."""
    button = replace(OVERRIDE, id="button:0190", kind=NO_ADVICE)

    assert takes_back(replace(BACK, **back), button) is taken
