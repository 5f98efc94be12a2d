"""What people write to us and what they are told: commands, findings, deployments, a described pull request."""

import pytest
from deployment_builders import STRICT, facts, stray

from app.policy.commands import Command, parse_command
from app.policy.config import POLICY_PATH
from app.policy.deployment_text import MAX_CHARS, render_deployment
from app.policy.deployments import decide_deployment
from app.policy.described import parse_described
from app.policy.finding import Finding, Severity, key_of
from app.policy.values import Repo, Sha


@pytest.mark.parametrize(
    ("body", "command"),
    [
        ("@quorum full review", Command("review")),
        ("@quorum full status", Command("unknown", "full")),
        ("@quorum please   review", Command("review")),
        ("@quorum veto it breaks because of x", Command("veto")),
        ("@quorum veto because of x", Command("veto", reason="of x")),
        ("@quorum veto at abcdef1 because of x", Command("veto", commit="abcdef1", reason="of x")),
        ("@quorum override testing at abcdef1 because of x", Command("override", "", "testing", "abcdef1", "of x")),
        ("@quorum override because of x", Command("override", reason="of x")),
    ],
)
def test_what_is_asked_for_is_told_by_its_words(body, command):
    assert parse_command(body, "quorum") == command


def told(**changes):
    return render_deployment(decide_deployment(facts(**changes), STRICT), "prod")


def test_what_was_let_through_and_what_was_not_is_said_at_once():
    assert told().startswith("**Approved for `prod`.** Every change in it was approved\n- policy: ")
    refused = told(branches=())
    assert refused.startswith(
        "**Rejected for `prod`.** Deploy a commit from a branch that the policy allows\n- branch: "
    )
    assert "\n- policy: " not in refused


def test_an_environments_name_is_cut():
    text = render_deployment(decide_deployment(facts(), STRICT), "e" * 101)

    assert text.startswith(f"**Approved for `{'e' * 100}`.**")


@pytest.mark.parametrize("length", range(40, 90))
def test_what_is_told_fits_whatever_its_lines_are_long(length):
    many = tuple(stray(Sha(f"{each:040x}"), reason="x" * length) for each in range(12))

    assert len(told(landings=many)) <= MAX_CHARS


def finding(**changes):
    values = {"severity": "major", "category": "Off By One", "path": "a.py", "quote": "x  =\n 1", "claim": "wrong"}
    return Finding(**{**values, "start_line": 3, "end_line": 3, **changes})


def test_a_finding_is_known_again_by_its_place_its_words_and_its_kind():
    key = key_of(finding())

    assert key == "2ac89209b5669416", "keys are on record: another would make every finding a new one"
    assert key == key_of(finding(category="off by one", quote=" x = 1 ", start_line=9, end_line=9, claim="bad"))
    assert len({key, key_of(finding(path="b.py")), key_of(finding(quote="x=1")), key_of(finding(category="x"))}) == 4
    assert key_of(finding(path='a", "b', quote="c")) != key_of(finding(path="a", quote='b", "c'))


def test_what_blocks_and_what_comes_before_its_beginning():
    assert [each for each in Severity if each.blocks] == [Severity.CRITICAL, Severity.MAJOR]
    assert finding(start_line=3, end_line=3).end_line == 3
    with pytest.raises(ValueError, match="end_line comes before"):
        finding(start_line=3, end_line=2)


def test_a_subject_is_a_pull_request_or_the_repository_itself():
    repo = Repo(1, 2, "acme", "tally")

    assert [repo.subject(number) for number in (0, 3)] == ["acme/tally", "acme/tally#3"]


def test_one_of_several_described_files_changes_the_policy():
    described = parse_described(f"files: [{{path: a.py}}, {{path: {POLICY_PATH}}}]").facts()

    assert described.policy_changed is True
    assert parse_described("files: [{path: a.py}]").facts().policy_changed is False


def test_a_described_verdict_is_of_the_diff_and_the_hour_that_are_described():
    known = parse_described("now: 7200\nfingerprint: other\nverdicts: {testing: {hours_ago: 1}}").facts()
    unknown = parse_described("fingerprint: null\nhead: null\nnow: null").facts()

    assert (known.verdicts["testing"].at, known.verdicts["testing"].fingerprint) == (3600.0, "other")
    assert (unknown.fingerprint, unknown.head_sha, unknown.now) == (None, None, None)
    assert unknown.verdicts["testing"].fingerprint == "this diff"
    assert unknown.verdicts["testing"].carried_from is None


def test_a_described_statement_of_somebody_unknown_was_made_with_no_permission():
    text = "statements: [{kind: veto, who: {login: eve, permission: null}}]"

    assert parse_described(text).facts().statements[0].permission == "none"


def test_json_with_tabs_may_begin_on_a_later_line():
    assert parse_described('\n {\n\t"title": "x"\n}').facts().title == "x"
