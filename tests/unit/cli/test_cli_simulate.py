"""`quorum gate simulate`: a described pull request is decided about here, and what others wrote is only text."""

import json

import pytest
from typer.testing import CliRunner

from app.cli import app

RUNNER = CliRunner()
HOSTILE = "[bold red]x[/] :boom: \\x1b[2J\\u202eevil\\u200b [link=file:///etc/passwd]click[/link]"
POLICY = """
rules:
  - name: Database
    applies_to: {paths: ["migrations/**"]}
    requires: {people: {count: 1, who: ["@acme/dba"]}}
"""


@pytest.fixture
def simulate(tmp_path, monkeypatch):
    """`quorum gate simulate` in an empty folder, with a description."""
    monkeypatch.chdir(tmp_path)

    def call(facts, *words, policy=None):
        (tmp_path / "facts.yml").write_text(facts, encoding="utf-8")
        more = []
        if policy is not None:
            (tmp_path / "policy.yml").write_text(policy, encoding="utf-8")
            more = ["--policy", "policy.yml"]
        return RUNNER.invoke(app, ["gate", "simulate", "--facts", "facts.yml", *more, *words])

    return call


def test_on_a_good_day_the_gate_opens(simulate):
    result = simulate("")

    assert result.exit_code == 0
    assert "facts.yml by the built-in policy" in result.output
    assert "approved: Approved: security, performance" in result.output
    assert "what is missing" not in result.output


def test_what_is_missing_closes_it_and_is_told_with_who_can_supply_it(simulate):
    result = simulate("files: [{path: migrations/1.sql}]", policy=POLICY)

    assert result.exit_code == 1
    assert "needs a person: Ask for an approving review (acme/dba)" in result.output
    assert (
        "Database needs a person: applies: a changed file matches `paths`; 0 of 1 rules are satisfied" in result.output
    )
    assert '"migrations/1.sql"' in result.output
    assert "may be overridden by somebody with maintain, but not the author" in result.output


def test_rules_that_do_not_apply_are_shown_with_the_reason(simulate):
    result = simulate("", policy=POLICY)

    assert result.exit_code == 0
    assert "rules that do not apply" in result.output
    assert "Database: no changed file matches `paths`" in result.output


def test_the_repositorys_own_policy_is_taken_if_there_is_one(simulate, tmp_path):
    (tmp_path / ".github").mkdir()
    (tmp_path / ".github" / "quorum.yml").write_text("strict: true\n", encoding="utf-8")
    result = simulate("up_to_date: false")

    assert result.exit_code == 1
    assert "blocked: Update the branch: the base has moved on" in result.output


def test_the_policy_that_it_would_put_in_place_counts_as_well(simulate, tmp_path):
    (tmp_path / "next.yml").write_text("perspectives: [security, infrastructure]", encoding="utf-8")
    facts = "files: [{path: .github/quorum.yml}]\nverdicts: {infrastructure: missing}\n"
    result = simulate(facts + "reviews: [{who: grace}]", "--proposed", "next.yml")

    assert result.exit_code == 1
    assert "this pull request's own policy: infrastructure: Wait for the infrastructure review" in result.output


def test_the_words_of_others_are_only_text(simulate):
    facts = f'verdicts: {{testing: {{outcome: block, blocking: ["{HOSTILE}"]}}}}\nfiles_unread: ["{HOSTILE}"]\n'
    result = simulate(facts)

    assert result.exit_code == 1
    assert result.output.count('"[bold red]x[/] :boom: [2Jevil [link=file:///etc/passwd]click[/link]"') == 2
    assert all(each.isprintable() or each == "\n" for each in result.output)


def test_json_is_for_machines(simulate):
    result = simulate("verdicts: {testing: missing}", "--json")
    decision = json.loads(result.output)

    assert result.exit_code == 1
    assert (decision["status"], decision["title"]) == ("pending", "Wait for the testing review")
    assert [each["rule"] for each in decision["missing"]] == ["testing"]
    assert {each["rule"] for each in decision["skipped"]} == {
        "built in: workflows", "built in: policy and ownership", "built in: infrastructure",
        "built in: unreviewed code", "by default: database", "by default: api", "by default: dependencies",
    }  # fmt: skip
    assert result.output.isascii()


def test_the_example_can_be_fed_back(simulate):
    example = RUNNER.invoke(app, ["gate", "simulate", "--example"])

    assert example.exit_code == 0
    assert "blocked: Fix 1 finding of performance" in simulate(example.output).output


@pytest.mark.parametrize(
    ("facts", "policy", "told"),
    [
        ("stat: open", None, "facts.yml:1:1: there is no key `stat`\n  Did you mean `state`?"),
        ("", "requird: all", "policy.yml:1:1: there is no key `requird`\n  Did you mean `required`?"),
    ],
)
def test_what_cannot_be_read_is_another_end_than_a_closed_gate(simulate, facts, policy, told):
    result = simulate(facts, policy=policy)

    assert (result.exit_code, result.stdout) == (2, "")
    assert told in result.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "--facts FILE or --pull PULL: one of them is needed"),
        (["--facts", "a", "--pull", "a/b#1"], "--facts FILE or --pull PULL: one of them is needed"),
        (["--pull", "a/b#1", "--proposed", "a"], "--proposed is for described pull requests"),
        (["--facts", "none.yml"], "none.yml: there is no such file"),
    ],
)
def test_a_wrong_call_is_told(words, told, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = RUNNER.invoke(app, ["gate", "simulate", *words])

    assert result.exit_code == 2
    assert told in result.stderr
