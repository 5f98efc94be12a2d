"""Faults deep inside of rules: each is told with its own place and remedy, never with that of what is around it."""

import pytest

from app.policy.config import parse_policy
from app.policy.errors import PolicyError

RULE = "rules:\n  - name: A\n"
NEEDS = "    requires: {people: {}}\n"
SINGLE = (
    # what stands under the rule, line, column, part of the message, part of the remedy
    ("    applies_to: {pathz: [a]}\n" + NEEDS, 3, 18, "no key `rules[1].applies_to.pathz`", "`paths`"),
    ("    applies_to: {all_of: [{paths: [a]}]}\n" + NEEDS, 3, 18, "no key `rules[1].applies_to.all_of`", "or, not"),
    ("    applies_to: {or: [{paths: [x]}, {pahts: [y]}]}\n" + NEEDS, 3, 38, "applies_to.or[2].pahts`", "`paths`"),
    ("    applies_to: {author: {perm: read}}\n" + NEEDS, 3, 27, "`rules[1].applies_to.author.perm`", "permission"),
    ("    applies_to: {paths: ['a\\b']}\n" + NEEDS, 3, 26, "paths[1]`: `a\\b` has a backslash", "`migrations/**`"),
    ("    applies_to:\n      paths:\n        - ok/\n        - '!x'\n" + NEEDS, 6, 11, "takes files back", "Name"),
    ("    applies_to: {paths: a}\n" + NEEDS, 3, 18, "valid list", "Write a list"),
    ("    applies_to: {base: []}\n" + NEEDS, 3, 18, "at least 1 item", "leave the key out"),
    ("    applies_to: {lines: '(?=x)'}\n" + NEEDS, 3, 18, "no RE2 pattern", "google/re2"),
    ("    applies_to: {title: ''}\n" + NEEDS, 3, 18, "empty or longer", "google/re2"),
    ("    applies_to: {kinds: [code, tset]}\n" + NEEDS, 3, 32, "kinds[2]`: input should be 'code'", "one of them"),
    ("    applies_to: {risk: huge}\n" + NEEDS, 3, 18, "'low', 'medium' or 'high'", "one of them"),
    ("    applies_to: {lines_over: -1}\n" + NEEDS, 3, 18, "greater than or equal to 0", "within that bound"),
    ("    applies_to: {whitespace_only: 'yes'}\n" + NEEDS, 3, 18, "valid boolean", "without quotes"),
    ("    applies_to: {checks: {ci: passed}}\n" + NEEDS, 3, 27, "checks.ci`: input should be 'success'", "one of them"),
    ("    applies_to: {checks: [ci]}\n" + NEEDS, 3, 18, "mapping of keys", "`key: value`"),
    ("    applies_to: {checks: {Quorum/Gate: success}}\n" + NEEDS, 3, 27, "check of ours", "checks of others"),
    ("    applies_to: {author: {users: [a b]}}\n" + NEEDS, 3, 35, "users[1]`: `a b` is no login", "`@octocat`"),
    ("    applies_to: {author: {teams: [dba]}}\n" + NEEDS, 3, 35, "`dba` is no team", "`@organization/team`"),
    ("    applies_to: {author: {}}\n" + NEEDS, 3, 18, "`author` has no keys", "Name `users`"),
    ("    applies_to: {}\n" + NEEDS, 3, 5, "the condition is empty", "Name a key"),
    ("    applies_to: {paths: }\n" + NEEDS, 3, 5, "the condition is empty", "Name a key"),
    ("    applies_to: {not: {paths: }}\n" + NEEDS, 3, 18, "applies_to.not`: the condition is empty", "Name a key"),
    ("    applies_to: {and: []}\n" + NEEDS, 3, 18, "at least 1 item", "leave the key out"),
    ("    applies_to: paths\n" + NEEDS, 3, 5, "mapping of keys", "`key: value`"),
    ("    requires: {perspectives: [security, testign]}\n", 3, 41, "no perspective `testign`", "`testing`"),
    ("    requires: {perspectives: [gate]}\n", 3, 31, "no perspective `gate`", "There are security"),
    ("    requires:\n      some_of: {count: 3, of: [security, testing]}\n", 4, 7, "3 of 2 can never be met", "Lower"),
    ("    requires: {people: {count: '1'}}\n", 3, 25, "valid integer", "without quotes"),
    ("    requires: {people: {count: 0}}\n", 3, 25, "greater than or equal to 1", "within that bound"),
    ("    requires: {checks: [{name: ci, app: GH}]}\n", 3, 36, "`GH` is no App", "`github-actions`"),
    ("    requires: {people: {who: [some one]}}\n", 3, 31, "`some one` is neither a role nor a team", "`@login`"),
    ("    requires: {people: {who: [write, '@a/b/c']}}\n", 3, 38, "who[2]`: `@a/b/c` is neither", "`@organization"),
    ("    requires: {checks: [ci, quorum/security]}\n", 3, 29, "checks[2]`: `quorum/security` is a check", "`persp"),
    ("    requires: {tests: true}\n", 2, 5, "there is no `test` command", "Add `test"),
    ("    requires: {}\n", 3, 5, "requires nothing", "`perspectives: [security]`"),
    ("    requires: {codeowners: false, checks: []}\n", 3, 5, "requires nothing", "`perspectives: [security]`"),
    ("    requires:\n", 3, 5, "mapping of keys", "`key: value`"),
    (NEEDS + "    override: {by: [write], athor: true}\n", 4, 29, "no key `rules[1].override.athor`", "`author`"),
    (NEEDS + "    override: {by: ['x y']}\n", 4, 21, "override.by[1]`: `x y` is neither", "`@login`"),
    (NEEDS + "    override: {by: []}\n", 4, 16, "at least 1 item", "leave the key out"),
    (NEEDS + "    carry_over: same\n", 4, 5, "input should be 'exact'", "one of them"),
    (NEEDS + "    vetoe: true\n", 4, 5, "no key `rules[1].vetoe`", "`veto`"),
    (NEEDS + "  - name: a\n" + NEEDS, 4, 5, "two rules named `a`", "name of its own"),
    (NEEDS + NEEDS, 4, 5, "there twice, first on line 3", "Keep one"),
    (NEEDS + "\tveto: true\n", 4, 1, "cannot start any token", "Indent with spaces"),
)  # fmt: skip
WHOLE = (
    ("rules:\n  - requires: {people: {}}\n", 2, 5, "`rules[1]`: `name` is missing", "Add `name`"),
    ("rules:\n  - name: '@evil'\n" + NEEDS, 2, 5, "`@evil` is no name for a rule", "letters"),
    ("rules:\n  - A\n", 2, 5, "mapping of keys", "`key: value`"),
    ("override: {by: [maintain], athor: true}", 1, 28, "no key `override.athor`", "`author`"),
    ("override:\n  by: ['x y']", 2, 8, "override.by[1]`", "`@login`"),
    ("automerge: {method: sqash}", 1, 13, "'merge', 'squash' or 'rebase'", "one of them"),
)
FAULTS = (*((RULE + text, *rest) for text, *rest in SINGLE), *WHOLE)


@pytest.mark.parametrize(("text", "line", "column", "message", "remedy"), FAULTS, ids=[fault[3] for fault in FAULTS])
def test_a_fault_inside_of_a_rule_is_named_with_its_own_place(text, line, column, message, remedy):
    with pytest.raises(PolicyError) as caught:
        parse_policy(text)

    assert (caught.value.line, caught.value.column) == (line, column)
    assert message in caught.value.message
    assert remedy in caught.value.remedy
    assert "Policy" not in str(caught.value)
    assert "instance of" not in str(caught.value)


def test_what_is_said_of_a_whole_does_not_hide_the_first_of_several_faults():
    text = RULE + "    applies_to: {paths: ['\\', ok], risk: huge}\n    requires: {people: {count: 0}}\n"

    with pytest.raises(PolicyError) as caught:
        parse_policy(text)

    assert (caught.value.line, caught.value.column) == (3, 26)


@pytest.mark.parametrize("name", ["quorum", "ci/quorum/gate", "quorumgate"])
def test_checks_of_others_may_be_named_as_they_like(name):
    assert parse_policy(RULE + f"    requires: {{checks: ['{name}']}}\n").rules[0].requires.checks == (name,)


def test_where_no_remedy_is_known_the_page_is_named():
    with pytest.raises(PolicyError, match=r"See docs/policy\.md"):
        parse_policy("rules:\n  - name: A\n    requires: {checks: ['']}\n")
