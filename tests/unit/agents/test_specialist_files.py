"""The files of the specialists: what they hold, and what is wrong with one that cannot be used."""

import pytest

from app.agents.roles import RoleError
from app.agents.specialists import load_specialists, must_measure, parse_specialist, what_they_add
from app.policy.paths import glob_problem
from app.policy.specialists import Touch, choose_specialists

NAMES = {
    "backend", "frontend", "database", "infrastructure", "documentation", "testing", "debugging", "optimization",
    "security",
}  # fmt: skip
GOOD = "---\nname: x\ntitle: X\nwords: [a]\nlabels: []\nkinds: []\npaths: []\n---\nLook.\n"


def test_all_are_shipped_and_each_says_something_of_substance():
    shipped = load_specialists()
    assert shipped.keys() == NAMES
    for name, each in shipped.items():
        lines = [line for line in each.prompt.splitlines() if line]
        assert 15 <= len(lines) <= 40, name
        assert "Pitfalls" in each.prompt, name


def test_what_draws_them_can_be_met():
    """Labels come in lower case, and globs must be such that something can match."""
    for each in load_specialists().values():
        assert all(label == label.lower() for label in each.about.labels)
        assert [problem for glob in each.about.paths if (problem := glob_problem(glob))] == []


@pytest.mark.parametrize(
    ("touch", "first"),
    [
        (Touch("Export is very slow with 10,000 rows"), "optimization"),
        (Touch("Add a migration for the new column"), "database"),
        (Touch("The query is missing an index", "A unique index on its name would do."), "database"),
        (Touch("Typo in the README"), "documentation"),
        (Touch("Button cannot be reached by keyboard"), "frontend"),
        (Touch("Crash with a traceback on start"), "debugging"),
        (Touch("SQL injection in search"), "security"),
        (Touch("Flaky test in the suite", labels=frozenset({"flaky"})), "testing"),
        (Touch("Dockerfile: health check is missing"), "infrastructure"),
        (Touch("The endpoint answers 500", "The server says the request timed out."), "backend"),
    ],
)
def test_each_is_drawn_by_what_it_is_for(touch, first):
    draws = [each.draw for each in load_specialists().values()]
    chosen = choose_specialists(touch, draws, {})
    assert first in {each.name for each in chosen}


def test_an_index_of_a_list_is_no_matter_of_databases():
    draws = [each.draw for each in load_specialists().values()]
    assert choose_specialists(Touch("Wrong index after slicing", "The index is one too high."), draws, {}) == ()


def test_the_demo_issue_asks_for_nobody():
    draws = [each.draw for each in load_specialists().values()]
    assert choose_specialists(Touch("Splitting a bill evenly loses cents"), draws, {}) == ()


def test_what_they_add_stands_under_a_sentence_that_takes_no_rule_away():
    told = what_they_add(["database", "gone-since"])
    assert told.startswith("For this task you have a specialist's experience.")
    assert load_specialists()["database"].prompt in told
    assert what_they_add([]) == ""
    assert what_they_add(["gone-since"]) == ""


def test_only_optimization_must_measure():
    assert {name for name in NAMES if must_measure([name])} == {"optimization"}
    assert not must_measure(["gone-since"])


@pytest.mark.parametrize(
    "text",
    [
        "Look.",
        GOOD.replace("Look.\n", " \n"),
        GOOD.replace("kinds: []", "kinds: [nonsense]"),
        GOOD.replace("words: [a]\n", ""),
        GOOD.replace("title: X", "title: X\ntools: [bash]"),
        GOOD.replace("name: x", "name: y"),
        GOOD.replace("[a]", "[a"),
    ],
)
def test_a_file_that_cannot_be_used_is_named(text):
    with pytest.raises(RoleError, match=r"^x\.md: "):
        parse_specialist(text, "x.md")


def test_a_good_file_is_read():
    assert parse_specialist(GOOD, "x.md").draw.words == ("a",)
