"""What people say to Quorum in the words of a review, beside what they say on lines, is answered like a comment."""

from dataclasses import replace

import pytest

from tests.support.house import House
from tests.support.places import QUICK, Place
from tests.support.players import OpenBox, Players
from tests.support.tended import own_pull


@pytest.fixture
def model(house: House) -> Players:
    house.installation.repository_ids.clear()
    model = Players(talker=[("answer", {"text": "It is so."})])
    house.services = replace(house.services, model=model, box=OpenBox())
    return model


def submit(place: Place, who: str, number: int, body: str, event: str = "COMMENT") -> int:
    return int(place.call(who, "POST", f"pulls/{number}/reviews", {"event": event, "body": body})["id"])


def test_words_and_questions_in_a_review_are_answered_once_in_the_conversation(house: House, model: Players):
    place = Place(house, QUICK)
    _, pull = place.pull({"a.txt": "b\n"})
    submit(place, "bob", pull, "Fine.\n\n@quorum remember that b is meant")
    submit(place, "rita", pull, "@quorum remember me")
    submit(place, "bob", pull, "@quorum why is it b?", "REQUEST_CHANGES")
    submit(place, "bob", pull, "@quorum override testing because x")
    submit(place, "bob", pull, "I say nothing to you.")
    house.settle(copies=2, seed=1)
    told = [each for each in place.answers(pull) if "quorum:reply-review-" in each]
    words = ("Noted", "needs write permission", "It is so.", "in the conversation of the pull request")
    assert [sum(word in each for each in told) for word in words] == [1, 1, 1, 1]
    assert len(told) == len(words)
    assert "why is it b?" in model.told("talker")[0]


def test_a_review_that_is_gone_or_was_edited_since_does_nothing(house: House, model: Players):
    place = Place(house, QUICK)
    _, pull = place.pull({"a.txt": "b\n"})
    for body in ("@quorum remember x", "@quorum tell me all"):
        place.repository.reviews[submit(place, "bob", pull, body)]["body"] = "@quorum remember y"
    del place.repository.reviews[submit(place, "bob", pull, "@quorum remember z")]
    house.settle()
    told = [each for each in place.answers(pull) if "quorum:reply-review-" in each]
    assert ["edited after it was written" in each for each in told] == [True, True]
    assert model.told("talker") == []


def test_a_review_of_our_own_pull_request_is_acted_on_and_a_word_in_it_is_no_remark(running_house: House):
    place = Place(running_house, "perspectives: [security]\n")
    with own_pull(place, {"n.txt": "not yet\n"}) as own:
        submit(place, "bob", own.number, "@quorum remember that tabs are bad", "REQUEST_CHANGES")
        running_house.settle()
        assert own.hand.told == [], "that is a word and no wish"
        assert "Noted" in own.comments("quorum:reply-review-")[0]

        done = [{"remark": 1, "kind": "done", "answer": "It says fine."}]
        own.hand.ending = ("respond", {"title": "Say fine", "summary": "The file says fine now.", "responses": done})
        submit(place, "bob", own.number, "@quorum please have it say fine", "REQUEST_CHANGES")
        running_house.settle()
        assert place.git("show", f"{own.now}:n.txt") == "fine"
        assert "It says fine." in own.comments("To the review of")[0]
        assert len(own.comments("quorum:reply-review-")) == 1, "it is acted on, and not talked about"
