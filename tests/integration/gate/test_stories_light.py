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
    assert house.model.asked == ["reviewer:security", "reviewer:testing"], "it cost no request"
    assert sum("what='groups'" in shown for shown in house.model.shown[-2:]) == 1
