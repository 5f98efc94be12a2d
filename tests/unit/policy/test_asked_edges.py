"""Who is asked and who is waited for: where one name, one file or one ending makes the difference."""

import pytest
from gate_builders import changed, facts, facts_without

from app.policy.advice import advice_on
from app.policy.asking import who_is_asked
from app.policy.config import POLICY_PATH, Policy, makes_policy, parse_policy
from app.policy.described import parse_described
from app.policy.errors import PolicyError
from app.policy.finding import Finding, Severity, spot_of
from app.policy.gate import decide
from app.policy.missing import missing_of
from app.policy.paths import can_run
from app.policy.records import Record, Tally, theme_of
from app.policy.stricter import asks_more
from app.policy.testfiles import is_changelog
from tests.support.own import own_file

OWN = parse_policy("perspectives: [security, wording]", [own_file()]).own


def test_one_more_who_must_agree_is_more():
    one, two = Policy(required=("security",)), Policy(required=("security", "testing"))

    assert asks_more(two, one)
    assert not asks_more(one, two)


def test_one_file_of_the_policys_among_others_makes_it():
    assert makes_policy(["src/a.py", POLICY_PATH])
    assert makes_policy([".github/quorum/perspectives/wording.md", "src/a.py"])
    assert not makes_policy(["src/a.py"])


def test_a_described_change_of_the_policy_among_others_is_one():
    assert parse_described(f"files: [{{path: src/a.py}}, {{path: {POLICY_PATH}}}]").facts().policy_changed is True


def test_a_rule_of_some_asks_each_of_them():
    rule = "{name: A, requires: {some_of: {count: 1, of: [testing, api]}}}"
    policy = parse_policy(f"perspectives: [security]\nrules: [{rule}]")

    assert list(who_is_asked(facts(), policy)) == ["security", "testing", "api"]


def test_a_rule_that_tightens_does_so_for_each_who_must_agree():
    rule = "{name: A, requires: {min_confidence: 0.9}, carry_over: exact}"
    policy = parse_policy(f"perspectives: [security, testing]\nrequired: [security]\nrules: [{rule}]")

    assert who_is_asked(facts(), policy) == {"security": {"same_diff", "exact"}, "testing": {"same_diff"}}


def test_who_only_advises_closes_nothing():
    policy = parse_policy("perspectives: [security, testing]\nrequired: [security]")

    assert decide(facts_without("testing"), policy).status == "approved"


def test_a_rule_that_is_called_like_a_perspective_lends_it_no_override():
    rule = "{name: testing, applies_to: {paths: ['*.py']}, requires: {checks: [ci]}, override: false}"
    policy = parse_policy(f"perspectives: [security, testing]\nrules: [{rule}]\noverride: {{by: [admin]}}")
    seen = facts(files=(changed("src/a.md"),), verdicts=facts_without("testing").verdicts)

    assert [each.override for each in missing_of(decide(seen, policy), policy)] == [
        "somebody with admin, but not the author"
    ]


@pytest.mark.parametrize("path", ["CHANGELOG.md", "docs/api/Changes", "NEWS.1.rst", "history.txt"])
def test_files_that_tell_of_changes(path):
    assert is_changelog(path)
    assert not is_changelog(f"{path}/a.py")
    assert not is_changelog(f"old-{path.rpartition('/')[2]}")


def test_the_graver_a_finding_the_lower_its_rank():
    assert [each.rank for each in Severity] == [0, 1, 2, 3]


def test_a_projects_own_perspective_can_be_described_and_speaks_unless_told_otherwise():
    quiet, loud = (parse_described(text, OWN).facts() for text in ("", "verdicts: {wording: {outcome: block}}"))

    assert quiet.verdicts["wording"].outcome != loud.verdicts["wording"].outcome
    assert "wording" not in parse_described("").facts().verdicts


def test_a_projects_own_perspective_that_nobody_asks_is_told():
    (told,) = advice_on("perspectives: [security]", [own_file()])

    assert (told.line, told.column) == (1, 1)
    assert "`wording`" in told.message
    assert advice_on("perspectives: [security, wording]", [own_file()]) == ()


def test_what_was_dismissed_counts_whatever_kind_it_was():
    assert Record("testing", blocking=Tally(dismissed=2), advice=Tally(dismissed=3)).dismissed == 5


def test_a_theme_has_no_sign_that_a_database_does_not_keep():
    finding = Finding(
        severity=Severity.MINOR,
        category="Off\0by one",
        path="s\0rc/a.py",
        start_line=1,
        end_line=1,
        quote="x \n y",
        claim="It is one too many.",
        evidence="It is there.",
    )
    theme = theme_of("testing", finding)

    assert (theme.category, theme.area) == ("off by one", "src/**/*.py")
    assert spot_of(finding) == ("s\0rc/a.py", "x y")


def test_a_document_among_tests_runs_nowhere():
    assert not can_run("tests/notes.md")
    assert can_run("src/a.py")


def test_minutes_of_work_are_counted_in_seconds():
    assert Policy(max_minutes=3).max_seconds == 180.0


def test_a_fault_names_the_file_beside_the_policy_that_it_is_in():
    assert PolicyError(1, 1, "a", "b", "c.md").path == "c.md"
