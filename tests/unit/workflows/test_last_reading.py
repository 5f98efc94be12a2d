"""On which of its readings a perspective can build."""

import json

import pytest
from pydantic import TypeAdapter

from app.policy.config import Policy
from app.policy.effort import EFFORTS, USUAL
from app.policy.finding import Outcome
from app.policy.values import Sha
from app.policy.words import Words
from app.runs.journal import _VALUE_BYTES
from app.store.reviews import StoredVerdict
from app.workflows.ground import Ground
from app.workflows.increments import Plan, may_be_kept
from app.workflows.readings import Increment, Judged, Reading, last_reading, terms_of_reading


def verdict(head: str, **more) -> StoredVerdict:
    told = {
        "run_id": f"run-{head}",
        "perspective": "testing",
        "repo_id": 1,
        "pull": 1,
        "head_sha": Sha(head),
        "base_sha": Sha("base"),
        "fingerprint": f"of-{head}",
        "outcome": Outcome.APPROVED,
        "confidence": 0.9,
        "model": "m-1",
        "summary": "Read.",
        "terms": "terms",
    }
    return StoredVerdict(**{**told, **more})


def last(*given: StoredVerdict) -> Reading | str:
    return last_reading(given, "testing", "terms", 0.5)


WHOLE, SECOND = verdict("h0"), verdict("h1", whole_at=Sha("h0"))


def test_a_reading_of_everything_is_built_on_and_so_is_what_was_read_since():
    assert last(WHOLE) == Reading(WHOLE)
    assert last(WHOLE, SECOND) == Reading(WHOLE, (SECOND,))
    refusal = verdict("h0", outcome=Outcome.BLOCKED)
    assert last(refusal) == Reading(refusal)


def test_the_last_word_on_a_head_counts():
    again = verdict("h0", run_id="again")
    assert last(WHOLE, again) == Reading(again)
    later = verdict("h1", run_id="again", whole_at=Sha("h0"))
    assert last(WHOLE, SECOND, later) == Reading(WHOLE, (later,))


def test_what_was_carried_to_another_head_was_not_read_there():
    assert last(WHOLE, verdict("h1", carried_from=Sha("h0"))) == Reading(WHOLE)
    assert last(verdict("h1", carried_from=Sha("h0"))) == "it has read nothing of it yet"


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ([], "it has read nothing of it yet"),
        ([verdict("h0", perspective="security")], "it has read nothing of it yet"),
        ([WHOLE, verdict("h1", outcome=Outcome.ABSTAINED)], "its last answer was not whole"),
        ([WHOLE, verdict("h1", outcome=Outcome.BLOCKED, terms=None)], "its last answer was not whole"),
        ([verdict("h0", confidence=0.4)], "it was not sure"),
        ([SECOND], "its last reading of everything does not count any more"),
        ([verdict("h0", terms="others"), SECOND], "its last reading of everything does not count any more"),
        ([verdict("h0", confidence=0.4), SECOND], "its last reading of everything does not count any more"),
        ([verdict("h0", outcome=Outcome.ABSTAINED), SECOND], "its last reading of everything does not count any more"),
    ],
)
def test_on_what_nobody_builds(given: list[StoredVerdict], reason: str):
    assert last(*given) == reason


def test_what_was_judged_by_something_else_is_not_built_on():
    told = last(verdict("h0", terms="others"))
    assert isinstance(told, str)
    assert told.endswith("is another")


def test_after_four_increments_everything_is_read():
    chain = [WHOLE, *(verdict(f"h{number}", whole_at=Sha("h0")) for number in range(1, 5))]
    assert last(*chain[:4]) == Reading(WHOLE, tuple(chain[1:4]))
    assert last(*chain) == "it has read 4 times only what was new"
    assert last(*chain, verdict("h5")) == Reading(verdict("h5"))


GROUND = Ground("main", Sha("b" * 40), None, "Write tests.")


WORDS = Words()
JUDGED = (GROUND, Policy(), USUAL)


@pytest.mark.parametrize(
    ("judged", "perspective", "model"),
    [
        ((Ground("release", Sha("b" * 40), None, "Write tests."), Policy(), USUAL), "testing", "m"),
        ((Ground("main", Sha("b" * 40), None, "Write no tests."), Policy(), USUAL), "testing", "m"),
        ((GROUND, Policy(min_confidence=0.6), USUAL), "testing", "m"),
        ((GROUND, Policy(), EFFORTS["low"]), "testing", "m"),
        (JUDGED, "security", "m"),
        (JUDGED, "testing", "n"),
    ],
)
def test_what_one_goes_by_has_a_name_of_its_own(judged: Judged, perspective: str, model: str):
    terms = terms_of_reading(JUDGED, WORDS, "testing", "m")
    assert terms_of_reading(judged, WORDS, perspective, model) != terms
    moved = Ground("main", Sha("c" * 40), None, "Write tests.")
    assert terms_of_reading((moved, Policy(), USUAL), WORDS, "testing", "m") == terms


def test_a_plan_for_all_who_read_on_fits_into_the_journal():
    few, many = (
        Increment(WHOLE, WHOLE, tuple(f"{name * 60}/{number}" for number in range(files)))
        for name, files in (("a", 2000), ("\u00e4", 3000))
    )
    assert may_be_kept(few, 5)
    assert not may_be_kept(few, 25)
    assert not may_be_kept(many, 1)
    names = [f"own-{number}" for number in range(5)]
    plan = Plan(dict.fromkeys(names, "f" * 64), dict.fromkeys(names, few))
    assert len(json.dumps(TypeAdapter(Plan).dump_python(plan, mode="json"))) <= _VALUE_BYTES
