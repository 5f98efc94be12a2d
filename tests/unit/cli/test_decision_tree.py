"""How a decision and what people said look in a terminal."""

from dataclasses import replace
from io import StringIO

from rich.console import Console

from app.cli.tree import decision_tree, plain, statements_tree
from app.policy.decision import Decision, Node
from app.policy.values import Sha
from app.store.statements import Statement

SAID = Statement("c:1", 1, 7, "override", "testing", "ada", "admin", "it is fine", Sha("1" * 40), "d" * 64, 0.0)


def lines_of(tree):
    page = StringIO()
    Console(file=page, width=200, markup=False, emoji=False, highlight=False).print(tree)
    return [line.strip("│├└─ \n") for line in page.getvalue().splitlines()]


def tree_of(*children, **more):
    return lines_of(decision_tree(Decision("error", "Do this", Node("gate", "error", "", children), **more)))


def test_each_rule_has_its_status_its_reason_and_what_to_do():
    node = Node("people", "error", "0 of 1", (), ("a", "b"), "Ask somebody")

    assert tree_of(node) == [
        "needs a person: Do this",
        "people needs a person: 0 of 1",
        "to do: Ask somebody",
        '"a"',
        '"b"',
    ]


def test_nothing_is_to_do_about_what_is_approved_or_only_shown():
    inner = Node("testing", "blocked", "no", todo="Fix it")
    children = (Node("one", "approved", "yes", todo="x"), Node("two", "error", "why", (inner,), (), "y", advisory=True))

    assert tree_of(*children)[1:] == ["one approved: yes", "two (advice) needs a person: why", "testing blocked: no"]


def test_notes_and_rules_that_do_not_apply_come_last():
    skipped = Node("Docs", "approved", "does not apply: no changed file", (), ("x.md",), advisory=True)

    assert tree_of(Node("a", "pending", "b"), notes=("look",), skipped=(skipped,))[1:] == [
        "a waiting: b",
        "note: look",
        "rules that do not apply",
        "Docs: no changed file",
        '"x.md"',
    ]


def test_ten_quotes_are_shown_and_the_rest_is_counted():
    told = tree_of(Node("a", "blocked", "b", (), tuple(f"q{number}" for number in range(25))))

    assert sum(line.startswith('"') for line in told) == 10
    assert told[-1] == "and 15 more"


def test_words_of_others_become_one_cut_line():
    assert plain("a\n\tb \u202e\u200b\x07\x9b c") == "a b c"
    assert plain("x" * 300) == "x" * 300
    assert plain("x" * 301) == "x" * 300 + "..."


def test_a_word_says_whether_it_was_said_of_the_diff_as_it_is_now():
    other = replace(SAID, fingerprint="e" * 64, kind="veto")
    told = lines_of(statements_tree([SAID, other], "d" * 64))

    assert told[1] == "override of testing by ada, who had admin, 1970-01-01 00:00:00 UTC"
    assert told[2] == "at 111111111111, diff dddddddddddd, which is the one now"
    assert told[3] == '"it is fine"'
    assert told[5] == "at 111111111111, diff eeeeeeeeeeee, which is another than now"
    assert lines_of(statements_tree([SAID]))[2] == "at 111111111111, diff dddddddddddd"
    assert lines_of(statements_tree([])) == ["what people said", "nothing that counts for the gate"]
