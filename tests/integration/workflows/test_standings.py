"""Who must have agreed before a draft of our own is ended, from what is on record."""

import pytest

from app.policy.changed import planned_file
from app.policy.config import parse_policy
from app.policy.finding import Finding, Outcome, Severity
from app.policy.own import OwnFile
from app.policy.rules import PERSPECTIVES
from app.policy.values import Sha
from app.store.reviews import Examination, StoredFinding, StoredVerdict, save_review
from app.store.work import work
from app.workflows.standing import read_standing

HEAD = Sha("a" * 40)
OWN = OwnFile("wording.md", "---\nname: wording\ntitle: Wording\npaths: [docs/**]\n---\nLook at words.\n")
LABELLED = "rules:\n- name: big\n  applies_to: {labels: [big]}\n  requires: {perspectives: [database]}\n"
ONE_OF = "rules:\n- name: one\n  requires: {some_of: {count: 1, of: [database, api]}}\n"
POLICY = parse_policy("required: [security, wording]\nperspectives: [security, wording]\n", [OWN])


def files(changed):
    return [planned_file(path) for path in changed]


@pytest.mark.parametrize(
    ("changed", "line"), [(["a.py"], "approved by all"), (["a.py", "docs/a.md"], "not reviewed by wording")]
)
async def test_the_projects_own_perspective_must_agree_where_its_files_are_changed(database, changed, line):
    seen = Examination("r", 7, 1, HEAD, "f", "passed", ())
    given = StoredVerdict("r", "security", 7, 1, HEAD, HEAD, "f", Outcome.APPROVED, 0.9, "m", "Yes.")
    async with work(database) as db:
        await save_review(db, seen, [given], [])

    standing = await read_standing(database, 7, 1, HEAD, POLICY, files(changed))
    assert standing.line == line


@pytest.mark.parametrize(
    ("text", "changed", "line"),
    [
        ("", ["migrations/1.sql"], "not reviewed by database"),
        ("", ["a.py"], "approved by all"),
        ("required: [security]", ["migrations/1.sql"], "approved by all"),
    ],
)
async def test_who_applies_to_the_files_must_agree_under_the_default_policy(database, text, changed, line):
    policy, seen = parse_policy(text), Examination("r", 7, 3, HEAD, "f", "passed", ())
    given = [
        StoredVerdict("r", name, 7, 3, HEAD, HEAD, "f", Outcome.APPROVED, 0.9, "m", "Yes.") for name in PERSPECTIVES
    ]
    async with work(database) as db:
        await save_review(db, seen, given, [])

    assert (await read_standing(database, 7, 3, HEAD, policy, files(changed))).line == line


async def test_what_only_advises_is_kept_apart_where_it_suggests_something(database):
    def found(severity: Severity, suggestion: str | None, head: str = HEAD) -> StoredFinding:
        finding = Finding(
            severity=severity, category="c", path="a.py", start_line=1, end_line=1, quote="x", claim=f"{severity}",
            suggestion=suggestion,
        )  # fmt: skip
        return StoredFinding(
            f"{severity}{suggestion}{head[:1]}", "r", 7, 2, "security", Sha(head), finding, "published"
        )

    told = [
        found(Severity.MAJOR, "y"),
        found(Severity.MINOR, "y"),
        found(Severity.MINOR, None),
        found(Severity.NIT, ""),
    ]
    seen = Examination("r", 7, 2, HEAD, "f", "passed", ())
    async with work(database) as db:
        await save_review(db, seen, [], [*told, found(Severity.NIT, "y", "b" * 40)])
    standing = await read_standing(database, 7, 2, HEAD, POLICY, files(["a.py"]))
    assert [each.finding.claim for each in standing.findings] == ["major"]
    assert [each.finding.claim for each in standing.advice] == ["minor", "nit"]


@pytest.mark.parametrize(
    ("text", "given", "line"),
    [
        ("", {}, "not reviewed by infrastructure"),
        ("", {"infrastructure": Outcome.ABSTAINED}, "not reviewed by infrastructure"),
        ("", {"infrastructure": Outcome.BLOCKED}, "blocked by infrastructure"),
        ("", {"infrastructure": Outcome.APPROVED}, "approved by all"),
        (LABELLED, {"infrastructure": Outcome.APPROVED}, "approved by all"),
        (
            LABELLED,
            {"infrastructure": Outcome.APPROVED, "database": Outcome.ABSTAINED},
            "not reviewed by database",
        ),
        (ONE_OF, {"infrastructure": Outcome.APPROVED}, "not reviewed by database, api"),
        (ONE_OF, {"infrastructure": Outcome.APPROVED, "api": Outcome.APPROVED}, "approved by all"),
    ],
    ids=["nobody", "no answer", "refused", "agreed", "may apply", "applied to the review", "none of two", "one of two"],
)
async def test_whom_a_rule_asks_of_these_files_must_agree_too(database, text, given, line):
    policy, seen = parse_policy(text), Examination("r", 7, 4, HEAD, "f", "passed", ())
    said = {**dict.fromkeys(PERSPECTIVES, Outcome.APPROVED), **given}
    verdicts = [
        StoredVerdict("r", name, 7, 4, HEAD, HEAD, "f", outcome, 0.9, "m", "Yes.") for name, outcome in said.items()
    ]
    async with work(database) as db:
        await save_review(db, seen, verdicts, [])

    assert (await read_standing(database, 7, 4, HEAD, policy, files(["deploy/main.tf"]))).line == line
