"""What a push mended is resolved by Quorum, once; what people resolved or refused is remembered."""

from typing import Any

import pytest

from app.emulator.faults import Fault
from tests.support.places import Place

OURS = "quorum[bot]"
NOT_WANTED = "a person dismissed it on this pull request"


class LaterFault(Fault):
    """Strikes at the second request that it matches: the first one reads the threads."""

    def strikes(self, method: str, path: str, authorization: str) -> bool:
        self.seen = getattr(self, "seen", 0) + (path == "/api/graphql")
        return self.seen > 1 and super().strikes(method, path, authorization)


@pytest.fixture(autouse=True)
def everybody_speaks(place: Place):
    yield
    place.house.model.silent.clear()


def threads(place: Place) -> list[str | None]:
    """Of each thread, oldest first, who resolved it."""
    users = [each.get("resolved_by") for each in place.repository.review_comments.values() if not each["in_reply_to"]]
    return [None if user is None else user.login for user in users]


def push(place: Place, files: dict[str, Any], onto: str) -> str:
    head = place.push("topic", place.commit(files, onto))
    place.house.settle()
    return head


def settle(place: Place, who: str, mutation: str, number: int = 0) -> None:
    """By a person, on the page; `number` counts threads."""
    first = [each["id"] for each in place.repository.review_comments.values()][number]
    query = f'mutation {{ {mutation}(input: {{threadId: "PRRT_{first}"}}) {{ clientMutationId }} }}'
    answer = place.house.person(who).call("POST", f"{place.house.stage.github_url}/api/graphql", {"query": query})
    assert "errors" not in answer, answer


def asked_graphql(place: Place) -> int:
    return sum(path == "/api/graphql" for _, path, _ in place.house.stage._emulator.log)


def told_by(place: Place, head: str, name: str = "testing") -> str:
    runs = place.repository.check_runs.values()
    (told,) = [
        each["output"]["summary"] for each in runs if (each["head_sha"], each["name"]) == (head, f"quorum/{name}")
    ]
    return str(told)


def test_what_is_said_of_a_file_that_is_gone_stands_on_its_lines_and_is_resolved_when_it_is_back(place: Place):
    base = place.commit({"kept.txt": "one\ntwo EVIL\n", "gone.txt": "one\nGONE testing\n"}, place.main)
    place.main = place.push("main", base, "mona")
    head, number = place.pull({"gone.txt": None})
    (comment,) = place.repository.review_comments.values()
    assert (comment["path"], comment["side"], comment["line"]) == ("gone.txt", "LEFT", 2)
    (summary,) = [each for each in place.answers(number) if "### The council on" in each]
    assert "- **major** · testing · `gone.txt:2`" in summary
    assert threads(place) == [None]

    newer = push(place, {"gone.txt": "one\nGONE testing\n", "new.txt": "new\n"}, head)
    assert threads(place) == [OURS]
    assert place.gate(newer).conclusion == "success"


@pytest.mark.parametrize("word", ["EVIL", "PICKY"])
def test_what_a_push_mended_is_resolved(place: Place, word: str):
    head, _ = place.pull({"n.txt": f"{word} testing\n"})
    assert threads(place) == [None]

    push(place, {"n.txt": "fine\n"}, head)

    assert threads(place) == [OURS]


def test_what_a_line_next_to_it_mended_is_resolved_if_it_blocked(place: Place):
    head, _ = place.pull({"n.txt": "EVIL testing\n", "o.txt": "PICKY testing, too\n"})
    place.house.model.forgiving = True

    push(place, {"n.txt": "guard\nEVIL testing\n", "o.txt": "guard\nPICKY testing, too\n"}, head)

    assert threads(place) == [OURS, None], "of advice, silence says little"


@pytest.mark.parametrize(
    "files", [{"o.txt": "more\n"}, {"n.txt": "EVIL testing\nmore\n"}, {"n.txt": None, "o.txt": "EVIL testing\n"}]
)
def test_what_is_still_said_or_stands_as_it_was_stays_open(place: Place, files: dict[str, Any]):
    """Where a file got another name, its lines are what they were."""
    head, _ = place.pull({"n.txt": "EVIL testing\n"})

    push(place, files, head)

    assert threads(place)[0] is None


def test_a_perspective_without_an_answer_leaves_its_own_open(place: Place):
    head, _ = place.pull({"n.txt": "EVIL testing\n", "o.txt": "EVIL security\n"})
    place.house.model.silent = {"security"}

    push(place, {"n.txt": "fine\n", "o.txt": "fine\n"}, head)

    opened = {each["path"]: each.get("resolved_by") for each in place.repository.review_comments.values()}
    assert opened["n.txt"] is not None
    assert opened["o.txt"] is None


def test_what_is_carried_over_resolves_nothing(place: Place):
    place.pull({"n.txt": "EVIL testing\n"})
    place.main = place.push("main", place.commit({"other.txt": "moved\n"}, place.main), "mona")
    asked = len(place.house.model.asked)

    push(place, {"n.txt": "EVIL testing\n"}, place.main)

    assert len(place.house.model.asked) == asked
    assert threads(place) == [None]


def test_each_is_resolved_once_and_what_a_person_opened_again_stays_open(place: Place):
    head, number = place.pull({"n.txt": "EVIL testing\n"})
    newer = push(place, {"n.txt": "fine\n"}, head)
    settle(place, "bob", "unresolveReviewThread")

    place.say("bob", number, "@quorum review")
    place.house.settle()
    push(place, {"n.txt": "finer\n"}, newer)

    assert threads(place) == [None]


def test_what_comes_back_after_it_was_resolved_is_said_again(place: Place):
    head, _ = place.pull({"n.txt": "EVIL testing\n"})
    newer = push(place, {"n.txt": "fine\n"}, head)

    newest = push(place, {"n.txt": "EVIL testing\n", "o.txt": "more\n"}, newer)
    assert threads(place) == [OURS, None]

    push(place, {"n.txt": "fine again\n"}, newest)
    assert threads(place) == [OURS, OURS]


def test_what_a_person_resolved_is_left_to_them(place: Place):
    head, _ = place.pull({"n.txt": "EVIL testing\n"})
    settle(place, "bob", "resolveReviewThread")

    push(place, {"n.txt": "fine\n"}, head)

    assert threads(place) == ["bob"]


@pytest.mark.parametrize(("who", "counts"), [("bob", True), ("rita", False)])
def test_advice_with_a_thumb_down_of_who_may_write_was_not_wanted(place: Place, who: str, counts: bool):
    head, _ = place.pull({"n.txt": "PICKY testing\n"})
    (comment,) = place.repository.review_comments
    place.call(who, "POST", f"pulls/comments/{comment}/reactions", {"content": "-1"})

    newer = push(place, {"o.txt": "more\n"}, head)

    assert (NOT_WANTED in told_by(place, newer)) is counts


def test_advice_that_a_person_resolved_as_it_was_is_remembered(place: Place):
    head, _ = place.pull({"n.txt": "PICKY testing\n"})
    settle(place, "bob", "resolveReviewThread")

    newer = push(place, {"o.txt": "more\n"}, head)

    assert NOT_WANTED in told_by(place, newer)
    assert place.gate(newer).conclusion == "success"


def test_what_blocks_is_not_dismissed_by_resolving_its_thread(place: Place):
    head, _ = place.pull({"n.txt": "EVIL testing\n"})
    settle(place, "bob", "resolveReviewThread")

    newer = push(place, {"o.txt": "more\n"}, head)

    assert NOT_WANTED not in told_by(place, newer)
    assert place.gate(newer).conclusion == "failure"


@pytest.mark.parametrize("after", [False, True])
def test_an_answer_that_got_lost_resolves_it_once(place: Place, monkeypatch: pytest.MonkeyPatch, after: bool):
    monkeypatch.setattr("app.runs.engine._LOOK_AGAIN_S", (0.0, 0.0))
    app = place.house.app
    head, _ = place.pull({"n.txt": "EVIL testing\n"})
    heard, app.subscriptions = app.subscriptions, app.subscriptions | {"pull_request_review_thread"}
    place.house.faults(LaterFault("POST", "/graphql$", status=502, after=after))

    newer = push(place, {"n.txt": "fine\n"}, head)

    app.subscriptions = heard
    told = [each for each in place.house.hooks.deliveries if each["event"] == "pull_request_review_thread"]
    mine = [each for each in told if each["payload"]["repository"]["id"] == place.repository.id]
    assert [each["action"] for each in mine] == ["resolved"]
    assert threads(place) == [OURS]
    assert place.gate(newer).conclusion == "success"


@pytest.mark.parametrize("fault", [Fault, LaterFault])
@pytest.mark.parametrize("status", [403, 502])
def test_threads_that_cannot_be_read_or_resolved_hold_no_review_up(
    place: Place, monkeypatch: pytest.MonkeyPatch, fault: type[Fault], status: int
):
    monkeypatch.setattr("app.runs.engine._LOOK_AGAIN_S", (0.0, 0.0))
    head, _ = place.pull({"n.txt": "EVIL testing\n"})
    place.house.faults(fault("POST", "/graphql$", status=status, times=None))

    newer = push(place, {"n.txt": "fine\n"}, head)

    assert threads(place) == [None]
    assert place.gate(newer).conclusion == "success"
    place.house.faults()
    place.house.later()  # whatever looks again does it here, and not in the next story


def test_github_is_asked_for_threads_only_where_something_was_said(place: Place):
    before = asked_graphql(place)
    head, _ = place.pull({"n.txt": "fine\n"})
    head = push(place, {"n.txt": "EVIL testing\n"}, head)
    assert asked_graphql(place) == before

    head = push(place, {"o.txt": "more\n"}, head)
    assert asked_graphql(place) == before + 1
