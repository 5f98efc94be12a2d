"""Trivial changes that are read once for all, what an intruder makes of that; and the walkthrough of large ones."""

import re

from tests.support.house import House
from tests.support.places import Place

DOCUMENT = "Words for people.\n" * 20


def summary(place: Place, number: int) -> str:
    comments = place.call("mona", "GET", f"issues/{number}/comments")
    return next(each["body"] for each in comments if "The council on" in each["body"])


def test_a_few_words_are_read_once_and_each_perspective_answers(house: House, place: Place):
    head, number = place.pull({"docs/a.md": DOCUMENT})

    assert house.model.asked == ["light"]
    assert place.gate(head).conclusion == "success"
    assert summary(place, number).count("Read once for several perspectives: only documents.") == 2
    checks = place.call("mona", "GET", f"commits/{head}/check-runs")["check_runs"]
    assert {each["name"]: each["conclusion"] for each in checks} == {
        "quorum/security": "success", "quorum/testing": "success", "quorum/gate": "success",
    }  # fmt: skip


def test_a_doubt_is_read_in_full_and_blocks(house: House, place: Place):
    head, number = place.pull({"docs/a.md": DOCUMENT + "EVIL security\n"})

    assert house.model.asked == ["light", "reviewer:security", "challenger"]
    assert place.gate(head).conclusion == "failure"
    assert not place.merged(number)


def test_what_only_looks_like_a_document_is_read_in_full(house: House, place: Place):
    place.pull({"docs/AGENTS.md": DOCUMENT})
    place.pull({"docs/conf.py": "x = 1\n"}, "other")

    assert "light" not in house.model.asked
    assert len(house.model.asked) == 4


def test_a_large_change_is_told_in_a_walkthrough_with_what_uses_what(house: House, place: Place):
    files = {
        f"web/page{number}.py": f"from app.core import settle_all\n\nsettle_all({number})\n" for number in range(12)
    }
    _, number = place.pull({**files, "app/core.py": "def settle_all(x):\n    return x\n"})

    told = summary(place, number)
    assert "| `web`, 12 files | +36 / -0 | What changed in web. |" in told
    assert "| `app`, 1 file | +2 / -0 | What changed in app. |" in told
    assert re.search(r'```mermaid\nflowchart LR\n  n0\["app(/core.py)?"\]\n', told)
    assert "\nWhat it does: What changed in the whole change.\n" in told
    assert house.model.asked == ["reviewer:security", "reviewer:testing"], "it cost no request"
    assert sum("what='groups'" in shown for shown in house.model.shown[-2:]) == 1


def test_a_small_change_is_told_in_a_sentence_and_a_trivial_one_in_ours(house: House, place: Place):
    _, number = place.pull({"a.py": "x = 1\n"})
    assert "\nWhat it does: What changed in the whole change.\n" in summary(place, number)
    assert sum("what='groups'" in shown for shown in house.model.shown[-2:]) == 1

    _, number = place.pull({"docs/a.md": DOCUMENT}, "other")
    assert "\nWhat it does: it changes only documents.\n" in summary(place, number)


def test_what_was_told_of_a_change_outlives_a_rebase_and_a_push(house: House, place: Place):
    use = "from app.core import settle_all\n\nsettle_all({})\n"
    files = {f"web/page{number}.py": use.format(number) + "# told\n" * 300 for number in range(12)}
    files |= {"app/core.py": "def settle_all(x):\n    return x\n"}
    _, number = place.pull(files)
    first = summary(place, number)
    assert "```mermaid" in first
    place.main = place.push("main", place.commit({"b.txt": "other\n"}, place.main), "mona")

    rebased = place.push("topic", place.commit(files, place.main))
    house.settle()
    assert_told_as_before(first, summary(place, number), rebased)

    house.model.shown.clear()
    newer = place.push("topic", place.commit({"lone/z.py": "z = 1\n"}, rebased))
    house.settle()
    assert not any("web/page0.py b/web/page0.py" in shown for shown in house.model.shown), "only what is new was read"
    assert_told_as_before(first, summary(place, number), newer)
    assert "| `lone`, 1 file | +1 / -0 | What changed in lone. |" in summary(place, number)


def assert_told_as_before(first: str, now: str, head: str) -> None:
    assert f"### The council on `{head[:12]}`" in now
    kept = [line for line in first.splitlines() if line.startswith(("What it does: ", "| `web`", "| `app`"))]
    assert len(kept) == 3
    assert [line for line in now.splitlines() if line in kept] == kept
    assert first[first.index("```mermaid") : first.index("</details>")] in now
