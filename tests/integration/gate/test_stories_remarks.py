"""What people say of one finding, by its key or in its own thread: why it is said, and that it is not wanted."""

from typing import Any

from tests.support.places import Place

NOT_WANTED = "a person dismissed it on this pull request"


def comment_on(place: Place, path: str) -> dict[str, Any]:
    """What the council said on a file's lines."""
    own = place.repository.review_comments.values()
    (found,) = [each for each in own if each["path"] == path and not each["in_reply_to"]]
    return found


def key_on(place: Place, path: str) -> str:
    return str(comment_on(place, path)["body"].split("`")[1])


def answered(place: Place, number: int, path: str, text: str, who: str = "bob") -> str:
    """What is said to that in the thread on the file."""
    first = comment_on(place, path)["id"]
    said = place.call(who, "POST", f"pulls/{number}/comments/{first}/replies", {"body": text})["id"]
    place.house.settle()
    told = [each["body"] for each in place.repository.review_comments.values() if each["in_reply_to"] == first]
    (answer,) = [each for each in told if f"quorum:line-reply-{said}:" in each]
    return answer


def check_on(place: Place, head: str, name: str = "testing") -> str:
    runs = place.repository.check_runs.values()
    (found,) = [each for each in runs if (each["head_sha"], each["name"]) == (head, f"quorum/{name}")]
    return str(found["output"]["summary"])


def push(place: Place, onto: str) -> str:
    newer = place.push("topic", place.commit({"z.txt": "more\n"}, onto))
    place.house.settle()
    return newer


def test_advice_is_dismissed_by_its_key_and_that_can_be_taken_back(place: Place):
    head, number = place.pull({"n.txt": "PICKY testing\n"})
    key = key_on(place, "n.txt")
    place.say("rita", number, f"@quorum dismiss {key} because I say so")
    place.house.settle()
    assert "needs write permission" in place.answers(number)[-1]
    place.say("ada", number, f"@quorum dismiss {key} because it is meant so")
    place.house.settle()
    assert f"Not wanted: advice {key} of testing" in place.answers(number)[-1]

    newer = push(place, head)
    assert NOT_WANTED in check_on(place, newer)
    assert place.gate(newer).conclusion == "success"

    place.say("ada", number, f"@quorum withdraw {key}")
    place.house.settle()
    assert "Taken back: 1." in place.answers(number)[-1]
    assert NOT_WANTED not in check_on(place, push(place, newer))


def test_who_dismissed_advice_has_not_dismissed_what_blocks_there_later(place: Place):
    """The same lines, in the same words: what changes is how grave the council finds it."""
    line = "both PICKY testing"
    head, number = place.pull({"n.txt": f"{line}\n"})
    place.say("bob", number, f"@quorum dismiss {key_on(place, 'n.txt')} because it is a small thing")
    place.house.settle()
    place.house.model.graver = True

    newer = push(place, head)

    assert place.gate(newer).conclusion == "failure"


def test_in_its_thread_a_finding_needs_no_key(place: Place):
    head, number = place.pull({"n.txt": "PICKY testing\n", "o.txt": "EVIL testing\n"})
    advice, grave = key_on(place, "n.txt"), key_on(place, "o.txt")

    told = answered(place, number, "n.txt", "@quorum dismiss because it is meant so")
    assert f"Not wanted: advice {advice} of testing" in told
    told = answered(place, number, "o.txt", "@quorum dismiss because it is meant so")
    assert f"in the conversation of the pull request, not on a line: `@quorum dismiss {grave} because …`" in told

    newer = push(place, head)
    assert NOT_WANTED in check_on(place, newer)
    assert place.gate(newer).conclusion == "failure"


def test_in_its_thread_a_finding_is_explained_and_nothing_else(place: Place):
    head, number = place.pull({"n.txt": "EVIL testing\n", "o.txt": "PICKY testing\n"})

    told = answered(place, number, "n.txt", "@quorum explain", who="rita")
    assert "\n**Major** · evil · `n.txt:1`" in told
    assert "Challenged and upheld: It was looked at again" in told
    assert "It blocks this head" in told
    assert "o.txt" not in told

    newer = place.push("topic", place.commit({"n.txt": "fine\n"}, head))
    place.house.settle()
    told = answered(place, number, "n.txt", "@quorum explain")
    assert f"testing does not say it any more of `{newer[:12]}`" in told
