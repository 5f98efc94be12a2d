"""A described pull request can say everything that decides, and what it does not say is as on a good day."""

from dataclasses import fields

import pytest

from app.policy.changed import ChangedFile
from app.policy.config import Policy
from app.policy.described import NOW, parse_described
from app.policy.described_example import EXAMPLE
from app.policy.described_parts import DIFF, HEAD
from app.policy.errors import PolicyError
from app.policy.facts import CheckFact, Facts, PersonFact, ReviewFact, StatementFact, VerdictFact
from app.policy.finding import Outcome
from app.policy.gate import decide
from app.policy.rules import KNOWN

OTHER = "b" * 40
ADA = PersonFact("ada", permission="write")

SAID = {
    "pull_state": ("state: merged", "merged"),
    "draft": ("draft: true", True),
    "head_sha": (f"head: {OTHER}", OTHER),
    "base_ref": ("base: release/1", "release/1"),
    "guarded": ("guarded: false", False),
    "fingerprint": ("fingerprint: another", "another"),
    "files": ("files: [{path: a}]", (ChangedFile("a", None, "modified", 1, 0, False),)),
    "changed_text": ("changed_text: x = 1", "x = 1"),
    "whitespace_only": ("whitespace_only: true", True),
    "title": ("title: T", "T"),
    "labels": ("labels: {bug: true, hot: false}", {"bug": True, "hot": False}),
    "author": ("author: {login: bot, bot: true, permission: null, teams: null}", PersonFact("bot", True, None, None)),
    "first_time": ("first_time: true", True),
    "own": ("own: true", True),
    "author_family": ("author_family: gpt", "gpt"),
    "contributors": ("contributors: [ada]", frozenset({"ada"})),
    "signed": ("signed: true", True),
    "up_to_date": ("up_to_date: false", False),
    "checks": (
        "checks: {ci: success, lint: [running, failure]}\ncheck_apps: {ci: github-actions}",
        (CheckFact("ci", "success", "github-actions"), CheckFact("lint", None), CheckFact("lint", "failure")),
    ),
    "reviews": (
        "reviews: [{who: ada, state: changes_requested, current: false}]",
        (ReviewFact(ADA, "changes_requested", False),),
    ),
    "owners": ("owners: [['@ACME/dba', '@Ada']]", (frozenset({"@acme/dba", "@ada"}),)),
    "statements": (
        "statements: [{kind: veto, who: ada, permission: admin, reason: wait, fingerprint: x, removed: true}]",
        (StatementFact("veto", "", ADA, "admin", "wait", "x", True),),
    ),
    "verdicts": (f"verdicts: {{{', '.join(f'{name}: missing' for name in KNOWN)}}}", {}),
    "running": ("running: [testing]", frozenset({"testing"})),
    "stopped": ("stopped: it failed", "it failed"),
    "halted": ("halted: true", True),
    "files_unread": ("files_unread: [big.sql]", ("big.sql",)),
    "files_set_aside": ("files_set_aside: [uv.lock]", ("uv.lock",)),
    "unreviewed_code": ("unreviewed_code: [dist/a.js]", ("dist/a.js",)),
    "tests": ("tests: failed", "failed"),
    "policy_source": ("policy_source: org", "org"),
    "policy_error": ("policy_error: line 3", "line 3"),
    "policy_changed": ("policy_changed: true", True),
    "proposed_policy_error": ("proposed_policy_error: line 4", "line 4"),
    "foreign_gates": ("foreign_gates: [other]", ("other",)),
    "now": ("now: 5.0", 5.0),
}
NEVER_UNKNOWN = {"verdicts", "files_set_aside", "tests", "policy_source", "foreign_gates"}
"""Facts that have a word of their own for "unknown", or of which nothing is known when they are empty."""
JUDGED_BY = [each.name for each in fields(Facts) if each.name != "called"]
"""A name is only told."""


@pytest.mark.parametrize("name", JUDGED_BY)
def test_every_fact_can_be_said(name):
    text, value = SAID[name]

    found = getattr(parse_described(text).facts(), name)

    assert found == value
    assert found != getattr(parse_described("").facts(), name)


@pytest.mark.parametrize("name", [name for name in JUDGED_BY if name not in NEVER_UNKNOWN])
def test_every_fact_can_be_not_known(name):
    key = {"pull_state": "state", "head_sha": "head", "base_ref": "base"}.get(name, name)

    assert getattr(parse_described(f"{key}: null").facts(), name) is None


VERDICT = {
    "perspective": ("testing: approve", "testing"),
    "outcome": ("testing: block", Outcome.BLOCKED),
    "head_sha": (f"testing: {{head: {OTHER}}}", OTHER),
    "fingerprint": ("testing: {fingerprint: old}", "old"),
    "confidence": ("testing: {confidence: 0.25}", 0.25),
    "model": ("testing: {model: gpt-5}", "gpt-5"),
    "carried_from": (f"testing: {{carried_from: {OTHER}}}", OTHER),
    "blocking": ("testing: {outcome: block, blocking: [SQL]}", ("SQL",)),
    "keys": ("testing: {outcome: block, keys: [abc]}", ("abc",)),
    "reason": ("testing: {outcome: abstain, reason: budget}", "budget"),
    "same": ("testing: {same: [same_diff]}", frozenset({"same_diff"})),
    "at": ("testing: {hours_ago: 3}", NOW - 3 * 3600),
    "whole_at": (f"testing: {{whole_at: {OTHER}}}", OTHER),
}


@pytest.mark.parametrize("name", [each.name for each in fields(VerdictFact)])
def test_everything_about_a_verdict_can_be_said(name):
    text, value = VERDICT[name]

    assert getattr(parse_described(f"verdicts: {{{text}}}").facts().verdicts["testing"], name) == value


def test_when_a_diff_was_read_can_be_not_known():
    assert parse_described("verdicts: {testing: {hours_ago: null}}").facts().verdicts["testing"].at is None


FILE = {
    "path": ("path: b", "b"),
    "was": ("path: b, was: a", "a"),
    "status": ("path: b, status: removed", "removed"),
    "added": ("path: b, added: 7", 7),
    "removed": ("path: b, removed: 7", 7),
    "binary": ("path: b, binary: true", True),
    "mode_changed": ("path: b, mode_changed: true", True),
    "submodule": ("path: b, submodule: true", True),
    "symlink": ("path: b, symlink: true", True),
    "usual": ("path: b, usual: [jwt]", frozenset({"jwt"})),
}


@pytest.mark.parametrize("name", [each.name for each in fields(ChangedFile)])
def test_everything_about_a_file_can_be_said(name):
    text, value = FILE[name]

    assert getattr(parse_described(f"files: [{{{text}}}]").facts().files[0], name) == value


def test_a_file_with_an_old_name_was_renamed():
    assert parse_described("files: [{path: b, was: a}]").facts().files[0].status == "renamed"


def test_on_a_good_day_everything_is_known_and_approved():
    facts = parse_described("").facts()

    unknown = {each.name for each in fields(Facts) if getattr(facts, each.name) is None}
    assert unknown == {"stopped", "policy_error", "proposed_policy_error"}
    assert (facts.head_sha, facts.fingerprint) == (HEAD, DIFF)
    assert decide(facts, Policy(perspectives=KNOWN, test="pytest -q", strict=True)).status == "approved"


def test_a_verdict_and_a_word_are_of_the_described_diff():
    text = f"head: {OTHER}\nfingerprint: mine\nstatements: [{{kind: veto, who: ada}}]"
    facts = parse_described(text).facts()

    assert {(each.head_sha, each.fingerprint) for each in facts.verdicts.values()} == {(OTHER, "mine")}
    assert facts.statements[0].fingerprint == "mine"
    assert facts.statements[0].permission == "write"


@pytest.mark.parametrize("path", ["path: .github/quorum.yml", "path: x, was: .github/quorum.yml"])
def test_whether_the_policy_is_changed_is_told_by_the_files(path):
    assert parse_described(f"files: [{{{path}}}]").facts().policy_changed is True
    assert parse_described(f"files: [{{{path}}}]\npolicy_changed: null").facts().policy_changed is None
    assert parse_described("files: null").facts().policy_changed is None


def test_labels_as_a_list_are_trusted():
    assert parse_described("labels: [bug, hot]").facts().labels == {"bug": True, "hot": True}


def test_json_is_read_whatever_it_is_indented_with():
    described = parse_described(
        '{\n\t"title": "a\\tb \\u00e9\\ud83d\\ude00",\n\t"files": [\n\t\t{"path": "x"}\n\t]\n}\n'
    )

    assert (described.title, described.files[0].path) == ("a\tb \u00e9\U0001f600", "x")


def test_the_example_is_read_and_names_every_key_but_the_rare_ones():
    described = parse_described(EXAMPLE)

    rare = {"head", "fingerprint", "policy_error", "policy_changed", "proposed_policy_error", "foreign_gates", "now"}
    assert set(type(described).model_fields) - described.model_fields_set == rare
    assert decide(described.facts(), Policy()).title == "Fix 1 finding of performance"


FAULTS = [
    # text, line, column, part of the message, part of the remedy
    ("titel: x", 1, 1, "no key `titel`", "`title`"),
    ("draft: 'no'", 1, 1, "valid boolean", "without quotes"),
    ("state: opened", 1, 1, "'open', 'closed' or 'merged'", "one of them"),
    ("files:\n  - path: a\n    aded: 3", 3, 5, "no key `files[1].aded`", "`added`"),
    ("files: [{was: a}]", 1, 9, "`path` is missing", "Add `path`"),
    ("files: [{path: a, added: -1}]", 1, 19, "greater than or equal to 0", "within that bound"),
    ("verdicts: {tests: approve}", 1, 1, "no perspective `tests`", "There are"),
    ("verdicts: {testing: approved}", 1, 12, "'approve', 'block', 'abstain' or 'missing'", "one of them"),
    ("verdicts: {testing: {confidence: 2}}", 1, 22, "less than or equal to 1", "within that bound"),
    ("verdicts:\n  testing: [approve]", 2, 3, "mapping of keys", "`key: value`"),
    ("reviews: [{who: {login: ada, role: admin}}]", 1, 30, "no key `reviews[1].who.role`", "permission"),
    ("statements: [{kind: overide, who: ada}]", 1, 15, "'override', 'veto' or 'dismissal'", "one of them"),
    ("labels: bug", 1, 1, "mapping of keys", "`key: value`"),
    ("checks: [ci]", 1, 1, "mapping of keys", "`key: value`"),
    ('files: [{path: "\\uD83D"}]', 1, 10, "half of a character", "the character itself"),
    ("head: abc", 1, 1, "match pattern", "gate simulate --example"),
    ("- a", 1, 1, "not a mapping", "key: value"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line", "column", "message", "remedy"), FAULTS, ids=[each[0] for each in FAULTS])
def test_a_fault_is_named_with_its_place_and_a_remedy(text, line, column, message, remedy):
    with pytest.raises(PolicyError) as caught:
        parse_described(text)

    assert (caught.value.line, caught.value.column) == (line, column)
    assert message in caught.value.message
    assert remedy in caught.value.remedy
