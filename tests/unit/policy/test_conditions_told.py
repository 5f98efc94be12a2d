"""Why a condition holds or does not, in words: whoever reads the check has nothing else to go by."""

import pytest
from gate_builders import changed, condition, facts, person

from app.policy.applying import applies
from app.policy.facts import CheckFact

DOCS = (changed("docs/a.md"),)
BOT = person("renovate[bot]", bot=True)
DBA = person("ada", teams=frozenset({"@acme/dba"}))
ENDED = (CheckFact("ci", "success"),)

TOLD = [
    # keys, facts where it holds, why, facts where it does not, why not
    ({"paths": ["docs/"]}, {"files": DOCS}, "a changed file matches `paths`", {}, "no changed file matches `paths`"),
    ({"only_paths": ["docs/"]}, {"files": DOCS}, "every changed file matches `only_paths`",
     {}, "a changed file does not match `only_paths`"),
    ({"kinds": ["docs", "tests"]}, {"files": DOCS}, "a changed file is of the kind docs",
     {}, "no changed file is of the kind docs, tests"),
    ({"only_kinds": ["docs", "tests"]}, {"files": DOCS}, "every changed file is of the kind docs, tests",
     {}, "not every changed file is of the kind docs, tests"),
    ({"lines": "eval"}, {"changed_text": "eval"}, "a changed line holds the pattern of `lines`",
     {}, "no changed line holds the pattern of `lines`"),
    ({"only_lines": "x"}, {}, "every changed line holds the pattern of `only_lines`",
     {"changed_text": "y"}, "not every changed line holds the pattern of `only_lines`"),
    ({"whitespace_only": True}, {"whitespace_only": True}, "only white space changed",
     {}, "more than white space changed"),
    ({"unreviewed_code": True}, {"unreviewed_code": ("dist/a.js",)},
     "code that can run was set aside as generated or vendored, and not by the policy's `set_aside`",
     {}, "no code that can run was set aside as generated or vendored"),
    ({"lines_over": 5}, {}, "12 lines changed", {"files": DOCS}, "4 lines changed"),
    ({"files_over": 1}, {}, "3 files changed", {"files": DOCS}, "1 files changed"),
    ({"labels": ["risky"]}, {"labels": {"risky": True}}, "it has a label", {}, "it has none of the labels"),
    ({"author": {"users": ["ada"]}}, {}, "the author is one of `users`",
     {"author": BOT}, "the author is none of `users`"),
    ({"author": {"teams": ["@acme/dba"]}}, {"author": DBA}, "the author is in one of `teams`",
     {}, "the author is in none of `teams`"),
    ({"author": {"permission": "write"}}, {}, "the author has the permission",
     {"author": person(permission="read")}, "the author has less than the permission"),
    ({"author": {"bot": True}}, {"author": BOT}, "the author is a bot", {}, "the author is a person"),
    ({"author": {"first_time": True}}, {"first_time": True}, "nothing of the author's was merged here before",
     {}, "something of the author's was merged here before"),
    ({"base": ["main"]}, {}, "the base branch matches `base`",
     {"base_ref": "dev"}, "the base branch does not match `base`"),
    ({"title": "^Add"}, {}, "the title holds the pattern", {"title": "x"}, "the title does not hold the pattern"),
    ({"risk": "medium"}, {}, "the risk is medium", {"files": DOCS}, "the risk is low"),
    ({"signed": True}, {"signed": True}, "every commit is signed", {}, "a commit is not signed"),
    ({"checks": {"ci": "success"}}, {"checks": ENDED}, "a check ended with success",
     {}, "a check ended otherwise than with success"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("keys", "where", "why", "elsewhere", "why_not"), TOLD, ids=[next(iter(each[0])) for each in TOLD]
)
def test_a_reason_says_how_it_is(keys, where, why, elsewhere, why_not):
    there, not_there = (applies(condition(**keys), facts(**each)) for each in (where, elsewhere))

    assert (there.holds, there.because) == (True, why)
    assert (not_there.holds, not_there.because) == (False, why_not)


@pytest.mark.parametrize(
    ("wanted", "known", "why"),
    [
        ({"whitespace_only": False}, {}, "more than white space changed"),
        ({"signed": False}, {"signed": True}, "every commit is signed"),
        ({"author": {"bot": False}}, {}, "the author is a person"),
    ],
)
def test_what_is_wanted_not_to_be_is_told_as_it_is(wanted, known, why):
    assert applies(condition(**wanted), facts(**known)).because == why


def test_reasons_come_in_the_order_of_the_documentation_however_the_file_has_it():
    told = "3 files changed and the title holds the pattern and the risk is medium"

    assert applies(condition(risk="low", title="Add", files_over=1), facts()).because == told
    assert applies(condition(files_over=1, title="Add", risk="low"), facts()).because == told
