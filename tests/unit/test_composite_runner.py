"""What the tests' own runner of actions does is what GitHub's does, as far as its pages tell."""

from pathlib import Path

import pytest

from tests.support.action_tables import ACTION
from tests.support.composite import Machine, commands_in, pairs_in
from tests.support.expressions import filled, is_met, value_of

CONTEXTS = {"inputs": {"a-b": "Yes", "none": ""}, "steps": {"one": {"outputs": {"kept": "true"}}}}


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("inputs.a-b == 'yes'", True),
        ("inputs.a-b != 'yes'", False),
        ("steps.one.outputs.kept == 'true' && inputs.none == ''", True),
        ("steps.two.outputs.kept == 'true' || inputs.none", ""),
        ("!inputs.none && (inputs.a-b || false)", "Yes"),
        ("'it''s'", "it's"),
    ],
)
def test_expressions_mean_what_they_mean_on_github(expression: str, value: object):
    assert value_of(expression, CONTEXTS) == value


def test_what_is_not_known_is_an_error_and_what_is_missing_is_empty():
    assert filled("-${{ inputs.other }}-${{ steps.one.outputs.kept }}", CONTEXTS) == "--true"
    for each in ("hashFiles('x')", "secrets.KEY", "inputs.a-b ?"):
        with pytest.raises(AssertionError):
            value_of(each, CONTEXTS)


@pytest.mark.parametrize(
    ("condition", "well", "badly"),
    [("", True, False), ("inputs.a-b == 'yes'", True, False), ("always()", True, True), ("failure()", False, True)],
)
def test_a_step_is_done_after_a_failure_only_if_it_says_so(condition: str, *, well: bool, badly: bool):
    assert [is_met(condition, CONTEXTS, failed=each) for each in (False, True)] == [well, badly]


def test_a_log_holds_commands_until_they_are_stopped():
    lines = [
        "::error file=a::b",
        "x ::no",
        "say ##[group]x",
        "::stop-commands::m",
        "::add-mask::x",
        "::m::",
        "::debug::",
    ]
    assert commands_in(lines) == ["error", "group", "debug"]


def test_files_of_a_step_hold_pairs():
    assert pairs_in("a=b=c\nd<<end\none\ntwo\nend\n") == {"a": "b=c", "d": "one\ntwo"}


def test_on_another_system_the_action_says_so_and_does_nothing(tmp_path: Path):
    told = Machine(tmp_path, tmp_path, {}, {"PATH": "/usr/bin:/bin"}, {}, os="macOS").run(ACTION.parent, {})
    assert (told.failed, told.done, told.commands) == (True, ["Refuse what is no Linux"], ["error"])
