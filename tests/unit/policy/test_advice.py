"""What can be used and is surely not meant is warned of, and what may well be meant is not."""

import pytest

from app.policy.advice import advice_on

RULE = "rules:\n  - name: A\n"
WARNED = (
    # text, line, column, part of the message, part of the remedy
    (RULE + "    requires: {perspectives: [testing]}", 2, 5, "`A` asks for nothing", "Leave the rule out"),
    (RULE + "    applies_to: {risk: high}\n    requires: {perspectives: [security, testing]}", 2, 5, "`A` asks", "out"),
    (RULE + "    requires: {min_confidence: 0.4}", 2, 5, "`A` asks for nothing", "ask for more"),
    (RULE + "    requires: {some_of: {count: 2, of: [security, testing]}}", 2, 5, "`A` asks for nothing", "out"),
    (RULE + "    requires: {some_of: {count: 1, of: [testing, infrastructure]}}", 2, 5, "`A` asks for nothing", "out"),
    ("test: x\n" + RULE + "    requires: {tests: true}", 3, 5, "`A` asks for nothing", "Leave the rule out"),
    ("max_age_hours: 5\n" + RULE + "    requires: {max_age_hours: 9}", 3, 5, "`A` asks for nothing", "out"),
    (RULE + "    requires: {perspectives: [security]}\n    veto: true", 2, 5, "`A` asks for nothing", "out"),
    (RULE + "    requires: {perspectives: [testing]}\n    carry_over: same_diff", 2, 5, "`A` asks for nothing", "out"),
    (RULE + "    requires: {people: {who: ['@write']}}", 3, 31, "`@write` is the person of that name", "`write`"),
    (RULE + "    requires: {people: {who: [write, triage]}}", 3, 38, "`triage` is the person", "Roles are"),
    ("override: {by: [Maintain]}", 1, 17, "`Maintain` is the person", "Roles are"),
    ("override: {by: [maintainers]}", 1, 17, "`maintainers` is the person", "Roles are"),
    (
        RULE + "    applies_to: {author: {users: [write]}}\n    requires: {people: {}}",
        3,
        35,
        "person",
        "`permission: wr",
    ),
    ("test:", 1, 1, "`test` has no value", "Write its value"),
    (RULE + "    applies_to: {paths: , risk: low}\n    requires: {people: {}}", 3, 18, "`paths` has no value", "leave"),
)
MEANT = (
    "",
    RULE + "    requires: {perspectives: [infrastructure]}",
    "required: [security]\n" + RULE + "    requires: {perspectives: [testing]}",
    "required: [security]\n" + RULE + "    requires: {some_of: {count: 1, of: [testing, documentation]}}",
    RULE + "    requires: {people: {}}",
    RULE + "    requires: {codeowners: true}",
    RULE + "    requires: {checks: [ci]}",
    RULE + "    requires: {min_confidence: 0.6}",
    RULE + "    requires: {max_age_hours: 9}",
    RULE + "    requires: {other_family: true}",
    RULE + "    requires: {perspectives: [testing]}\n    veto: true",
    RULE + "    requires: {perspectives: [testing]}\n    override: false",
    RULE + "    requires: {perspectives: [testing]}\n    carry_over: exact",
    "override: {by: [write, maintain, admin, '@acme/admin', '@ada']}",
    RULE + "    applies_to: {labels: [write]}\n    requires: {people: {who: ['@writer-of-docs']}}",
)


@pytest.mark.parametrize(("text", "line", "column", "message", "remedy"), WARNED, ids=[each[0] for each in WARNED])
def test_what_is_surely_not_meant_is_warned_of(text, line, column, message, remedy):
    (found,) = advice_on(text)

    assert (found.line, found.column) == (line, column)
    assert message in found.message
    assert remedy in found.remedy


@pytest.mark.parametrize("text", MEANT)
def test_what_may_be_meant_is_not(text):
    assert advice_on(text) == ()


def test_several_are_told_from_the_top():
    text = RULE + "    requires: {perspectives: [testing]}\noverride: {by: ['@admin', read]}\n"

    assert [(each.line, each.column) for each in advice_on(text)] == [(2, 5), (4, 17), (4, 27)]
