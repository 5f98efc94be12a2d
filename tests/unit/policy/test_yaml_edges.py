"""The bounds of what is read as YAML, and the place and words of what is refused."""

import pytest

from app.policy import yaml_tree
from app.policy.config import parse_policy
from app.policy.errors import PolicyError
from app.policy.yaml_tree import Place, Tree, read_tree, shown


def fault_of(text, read=read_tree):
    with pytest.raises(PolicyError) as caught:
        read(text)
    return caught.value.line, caught.value.column, caught.value.message


def test_a_file_is_read_up_to_its_last_byte(monkeypatch):
    monkeypatch.setattr(yaml_tree, "MAX_BYTES", 2048)
    text = "# " + "\u00e9" * 1023

    assert read_tree(text) == Tree(None)
    assert fault_of(f"{text}#") == (1, 1, "the file is larger than 2 KiB")


def test_values_are_counted_one_by_one(monkeypatch):
    monkeypatch.setattr(yaml_tree, "_MAX_NODES", 6)

    assert read_tree("a: [1, 2, 3]").value == {"a": [1, 2, 3]}
    assert fault_of("a:\n  [1, 2, 3,\n   4]") == (3, 4, "more than 6 values")
    assert fault_of("[1, 2, 3, 4, 5, 6]")[2] == "more than 6 values"


def test_values_lie_in_one_another_so_deep_and_beside_one_another_at_will(monkeypatch):
    monkeypatch.setattr(yaml_tree, "_MAX_DEPTH", 3)

    assert read_tree("[[1], [2], [3], [[]]]").value == [[1], [2], [3], [[]]]
    assert fault_of("[[1],\n [[[]]]]") == (2, 4, "nested too deeply")
    assert fault_of("[[], [], [[[]]]]") == (1, 12, "nested too deeply")


def test_what_lay_deep_before_does_not_let_the_next_lie_deeper(monkeypatch):
    monkeypatch.setattr(yaml_tree, "_MAX_DEPTH", 4)

    assert read_tree("[[[1], [1]]]").value == [[[1], [1]]]
    assert fault_of("[[[1], [[1]]]]") == (1, 10, "nested too deeply")


def test_places_are_counted_from_the_last_line_and_from_one():
    assert fault_of("a: b\nc: d\ne: \x07") == (3, 4, "a character that YAML does not allow")
    assert fault_of("\x07") == (1, 1, "a character that YAML does not allow")
    assert fault_of("\n\n  - a", parse_policy) == (3, 3, "the file is not a mapping")
    assert read_tree("\n  a: 1").place(()) == Place(2, 3)
    assert read_tree("a: 1").place(("b", 2)) == Place(1, 1)
    assert Tree(None).place(("a",)) == Place(1, 1)
    assert yaml_tree._place(None) == Place(1, 1)


def test_what_cannot_be_read_is_told_in_its_own_words():
    line, column, message = fault_of('a: "\\UFFFFFFFF"')

    assert (line, column) == (1, 1)
    assert message.startswith("the file is not YAML: ")
    assert "None" not in message


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("plain", "plain"),
        ("\u00e9", "\\xe9"),
        ("\u2028", "\\u2028"),
        ("\ud800", "\\ud800"),
        ("a\nb\x7f", "a?b?"),
        ("x" * 60, "x" * 60),
        ("x" * 61, "x" * 60 + "..."),
    ],
)
def test_words_of_others_are_one_plain_line_cut(text, told):
    assert shown(text) == told


def test_a_fault_of_ours_is_told_in_our_words_and_nothing_else():
    fault = fault_of("perspectives: [testing]", parse_policy)

    assert fault == (1, 1, "`perspectives`: `security` is missing; it cannot be left out")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("perspectives: testing", "`perspectives`: input should be a valid list"),
        ("max_rounds: 1.5", "`max_rounds`: input should be a valid integer"),
        ("budget_usd: many", "`budget_usd`: it should be a number"),
        ("rules: [{name: A}]", "`rules[1]`: `requires` is missing"),
    ],
)
def test_a_fault_of_the_form_is_told_without_the_words_of_a_program(text, message):
    assert fault_of(text, parse_policy)[2] == message


def test_where_no_remedy_is_known_the_page_is_named_and_nothing_behind_it():
    with pytest.raises(PolicyError) as caught:
        parse_policy("rules:\n  - name: A\n    requires: {checks: ['']}\n")
    assert caught.value.remedy == "See docs/policy.md for what may stand there."
