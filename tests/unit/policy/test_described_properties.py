"""Whatever is described can be decided about, and is the same when it is written down and read again."""

import json

import yaml
from gate_builders import OLDER, OTHER_DIFF
from hypothesis import given, settings
from hypothesis import strategies as st

from app.policy.config import Policy, parse_policy
from app.policy.described import Described, parse_described
from app.policy.described_parts import DIFF, HEAD
from app.policy.gate import decide, render_decision
from app.policy.missing import missing_of
from app.policy.rules import KNOWN

words = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=12)
names = st.sampled_from([*KNOWN, "tests", "people", "key"])
people = st.one_of(
    st.sampled_from(["author", "ada", "grace"]),
    st.fixed_dictionaries(
        {"login": st.sampled_from(["author", "ada", "quorum[bot]"])},
        optional={
            "permission": st.sampled_from([None, "none", "read", "triage", "write", "maintain", "admin"]),
            "teams": st.sampled_from([None, [], ["@acme/dba"]]),
            "bot": st.booleans(),
        },
    ),
)
diffs = st.sampled_from([DIFF, OTHER_DIFF, ""])
verdicts = st.one_of(
    st.sampled_from(["approve", "block", "abstain", "missing"]),
    st.fixed_dictionaries(
        {},
        optional={
            "outcome": st.sampled_from(["approve", "block", "abstain", "missing"]),
            "confidence": st.sampled_from([0, 0.5, 1]),
            "model": st.sampled_from(["gpt-5", "anthropic:claude"]),
            "blocking": st.lists(words, max_size=2),
            "keys": st.lists(words, max_size=2),
            "reason": words,
            "head": st.sampled_from([HEAD, OLDER]),
            "fingerprint": diffs,
            "carried_from": st.sampled_from([None, OLDER]),
            "same": st.lists(st.sampled_from(["exact", "same_tree", "same_diff", "same_diff_and_message"]), max_size=2),
            "hours_ago": st.sampled_from([None, 0, 1.5, 1000]),
        },
    ),
)
files = st.fixed_dictionaries(
    {"path": st.sampled_from(["src/a.py", "README.md", ".github/workflows/ci.yml", ".github/quorum.yml", "x/../y"])},
    optional={
        "was": st.sampled_from([None, "src/b.py", ".github/CODEOWNERS"]),
        "status": st.sampled_from(["added", "removed", "modified", "renamed", "copied", "changed"]),
        "added": st.integers(0, 5000),
        "removed": st.integers(0, 5000),
        "binary": st.booleans(),
    },
)
unsure = st.sampled_from([None, True, False])


def some(strategy):
    return st.one_of(st.none(), st.lists(strategy, max_size=3))


described = st.fixed_dictionaries(
    {},
    optional={
        "state": st.sampled_from([None, "open", "closed", "merged"]),
        "title": st.one_of(st.none(), words),
        "author": st.one_of(st.none(), people),
        "base": st.sampled_from([None, "main"]),
        "head": st.sampled_from([None, HEAD]),
        "fingerprint": st.one_of(st.none(), diffs),
        "files": some(files),
        "labels": st.one_of(st.none(), st.dictionaries(words, st.booleans(), max_size=2), st.lists(words, max_size=2)),
        "checks": st.one_of(st.none(), st.dictionaries(words, st.sampled_from(["success", "running", "odd"]))),
        "reviews": some(
            st.fixed_dictionaries(
                {"who": people},
                optional={"state": st.sampled_from(["approved", "changes_requested"]), "current": st.booleans()},
            )
        ),
        "owners": some(st.lists(st.sampled_from(["@ada", "@acme/dba"]), max_size=2)),
        "statements": some(
            st.fixed_dictionaries(
                {"kind": st.sampled_from(["override", "veto", "dismissal"]), "who": people},
                optional={"target": names, "reason": words, "fingerprint": diffs},
            )
        ),
        "verdicts": st.dictionaries(st.sampled_from(KNOWN), verdicts, max_size=6),
        "running": some(st.sampled_from(KNOWN)),
        "files_unread": some(words),
        "tests": st.sampled_from(["passed", "failed", "not_configured", "unknown"]),
        "policy_source": st.sampled_from(["base", "org", "default", "invalid", "unknown"]),
        "policy_error": st.one_of(st.none(), words),
        "now": st.sampled_from([None, 0, 1e9]),
        **dict.fromkeys(("draft", "own", "guarded", "first_time", "signed", "up_to_date", "policy_changed"), unsure),
    },
)
POLICIES = tuple(
    parse_policy(text)
    for text in (
        "",
        "{strict: true, test: x, override: {author: true, outage: true}, max_age_hours: 24, carry_over: exact}",
        """
        required: [security]
        autonomy: 3
        rules:
          - {name: A, applies_to: {labels: [x], author: {first_time: true}}, requires: {codeowners: true}}
          - {name: B, applies_to: {not: {checks: {ci: success}}}, requires: {people: {count: 2, who: ["@acme/dba"]}}}
          - {name: C, requires: {some_of: {count: 1, of: [testing, documentation]}, other_family: true}}
          - {name: D, applies_to: {signed: false}, requires: {checks: [ci]}, override: false}
        """,
    )
)


@settings(max_examples=150)
@given(described, st.sampled_from(POLICIES), st.sampled_from([None, Policy(), POLICIES[2]]))
def test_whatever_is_described_is_decided_about(document, policy, proposed):
    facts = parse_described(yaml.safe_dump(document, sort_keys=False)).facts()

    decision = decide(facts, policy, proposed)
    missing = missing_of(decision, policy, proposed)

    assert render_decision(decision)
    assert bool(missing) == (decision.status != "approved")
    assert all(each.rule and each.todo for each in missing)


@settings(max_examples=100)
@given(described)
def test_a_description_that_is_written_down_is_read_as_it_was(document):
    first = Described.model_validate(document)
    again = parse_described(json.dumps(first.model_dump(mode="json", exclude_unset=True)))

    assert again.facts() == first.facts()
    assert decide(again.facts(), POLICIES[1]) == decide(first.facts(), POLICIES[1])
