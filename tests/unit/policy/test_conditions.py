"""Every key of a condition: when it holds, when it does not, and when that is not known."""

import unicodedata

import pytest
from gate_builders import ADA, changed, condition, facts, person, ruled

from app.policy.applying import applies, at_least
from app.policy.conditions import PERMISSIONS, Condition
from app.policy.facts import CheckFact, Facts, PersonFact
from app.policy.gate import decide, render_decision

DOCS = (changed("docs/a.md"), changed("docs/b.md"))
MIXED = (changed("docs/a.md"), changed("src/a.py"))
BOT = PersonFact("renovate[bot]", bot=True)
DBA = person("ada", teams=frozenset({"@acme/dba"}))
NFD = unicodedata.normalize("NFD", "geh\u00e4lter/x.py")


def ask(facts_, **keys):
    return applies(condition(**keys), facts_).holds


HOLDS = [
    ("paths", {"paths": ["docs/"]}, facts(files=MIXED), True),
    ("paths: none", {"paths": ["lib/"]}, facts(files=MIXED), False),
    ("paths: the second glob", {"paths": ["lib/", "*.py"]}, facts(files=MIXED), True),
    ("only_paths", {"only_paths": ["docs/"]}, facts(files=DOCS), True),
    ("only_paths: by two globs", {"only_paths": ["docs/", "src/"]}, facts(files=MIXED), True),
    ("only_paths: one is elsewhere", {"only_paths": ["docs/"]}, facts(files=MIXED), False),
    ("only_paths: nothing changed", {"only_paths": ["docs/"]}, facts(files=()), False),
    ("kinds", {"kinds": ["docs"]}, facts(files=MIXED), True),
    ("kinds: none", {"kinds": ["tests"]}, facts(files=MIXED), False),
    ("only_kinds", {"only_kinds": ["docs"]}, facts(files=DOCS), True),
    ("only_kinds: another too", {"only_kinds": ["docs"]}, facts(files=MIXED), False),
    ("only_kinds: a file of two", {"only_kinds": ["migrations"]}, facts(files=(changed("migrations/a.py"),)), False),
    ("only_kinds: nothing changed", {"only_kinds": ["docs"]}, facts(files=()), False),
    ("lines", {"lines": "eval\\("}, facts(changed_text="a\n  eval(x)\n"), True),
    ("lines: none", {"lines": "eval\\("}, facts(changed_text="evil(x)"), False),
    ("lines: an anchor is a line's", {"lines": "^x$"}, facts(changed_text="a\nx\nb"), True),
    ("only_lines", {"only_lines": "^#"}, facts(changed_text="# a\n\n# b\n"), True),
    ("only_lines: one is other", {"only_lines": "^#"}, facts(changed_text="# a\nb\n"), False),
    ("only_lines: nothing but blank", {"only_lines": "^#"}, facts(changed_text="\n \n"), False),
    ("whitespace_only", {"whitespace_only": True}, facts(whitespace_only=True), True),
    ("whitespace_only: more", {"whitespace_only": True}, facts(), False),
    ("whitespace_only: false wanted", {"whitespace_only": False}, facts(), True),
    ("unreviewed_code", {"unreviewed_code": True}, facts(unreviewed_code=("dist/a.js",)), True),
    ("unreviewed_code: none", {"unreviewed_code": True}, facts(), False),
    ("lines_over", {"lines_over": 11}, facts(), True),
    ("lines_over: just as many", {"lines_over": 12}, facts(), False),
    ("files_over", {"files_over": 2}, facts(), True),
    ("files_over: just as many", {"files_over": 3}, facts(), False),
    ("labels", {"labels": ["risky"]}, facts(labels={"Risky": True}), True),
    ("labels: case of the policy", {"labels": ["RISKY"]}, facts(labels={"risky": True}), True),
    ("labels: none", {"labels": ["risky"]}, facts(labels={"safe": True}), False),
    ("labels: untrusted", {"labels": ["risky"]}, facts(labels={"risky": False}), None),
    ("labels: another is trusted", {"labels": ["risky", "safe"]}, facts(labels={"risky": False, "safe": True}), True),
    ("users", {"author": {"users": ["@Ada"]}}, facts(), True),
    ("users: another", {"author": {"users": ["bob"]}}, facts(), False),
    ("teams", {"author": {"teams": ["@Acme/dba"]}}, facts(author=DBA), True),
    ("teams: none", {"author": {"teams": ["@acme/dba"]}}, facts(), False),
    ("permission", {"author": {"permission": "triage"}}, facts(), True),
    ("permission: just it", {"author": {"permission": "write"}}, facts(), True),
    ("permission: less", {"author": {"permission": "maintain"}}, facts(), False),
    ("bot", {"author": {"bot": True}}, facts(author=BOT), True),
    ("bot: a person", {"author": {"bot": True}}, facts(), False),
    ("bot: false wanted", {"author": {"bot": False}}, facts(), True),
    ("first_time", {"author": {"first_time": True}}, facts(first_time=True), True),
    ("first_time: not", {"author": {"first_time": True}}, facts(), False),
    ("two of the author", {"author": {"users": ["ada"], "bot": True}}, facts(), False),
    ("base", {"base": ["release/*", "main"]}, facts(), True),
    ("base: another", {"base": ["release/*"]}, facts(), False),
    ("base: below", {"base": ["release/*"]}, facts(base_ref="release/1"), True),
    ("title", {"title": "^Add"}, facts(), True),
    ("title: not", {"title": "^add"}, facts(), False),
    ("risk: low", {"risk": "low"}, facts(files=DOCS), True),
    ("risk: more than low", {"risk": "medium"}, facts(files=DOCS), False),
    ("risk: medium", {"risk": "medium"}, facts(), True),
    ("risk: high is medium too", {"risk": "medium"}, facts(files=(changed("src/auth.py"),)), True),
    ("risk: not high", {"risk": "high"}, facts(), False),
    ("signed", {"signed": True}, facts(signed=True), True),
    ("signed: not", {"signed": True}, facts(), False),
    ("signed: false wanted", {"signed": False}, facts(), True),
    ("checks", {"checks": {"ci": "success"}}, facts(checks=(CheckFact("ci", "success"),)), True),
    ("checks: otherwise", {"checks": {"ci": "success"}}, facts(checks=(CheckFact("ci", "failure"),)), False),
    ("checks: absent", {"checks": {"ci": "success"}}, facts(), False),
    ("checks: running", {"checks": {"ci": "running"}}, facts(checks=(CheckFact("ci", None),)), True),
    ("checks: one of two of a name", {"checks": {"ci": "success"}},
     facts(checks=(CheckFact("ci", "success"), CheckFact("ci", "failure"))), False),
    ("checks: both of two names", {"checks": {"ci": "success", "lint": "failure"}},
     facts(checks=(CheckFact("ci", "success"), CheckFact("lint", "success"))), False),
    ("two keys", {"paths": ["src/"], "title": "^Add"}, facts(), True),
    ("two keys, one holds", {"paths": ["src/"], "title": "^Drop"}, facts(), False),
]  # fmt: skip


@pytest.mark.parametrize(("case", "keys", "facts_", "expected"), HOLDS, ids=[each[0] for each in HOLDS])
def test_a_condition_holds_or_not(case, keys, facts_, expected):
    assert ask(facts_, **keys) is expected


def test_every_key_of_a_condition_is_tried_above_both_ways():
    for key in Condition.model_fields:
        if key not in {"all_of", "any_of", "none_of"}:
            answers = {expected for _, keys, _, expected in HOLDS if key in keys}
            assert {True, False} <= answers, key


UNKNOWN = [
    ({"paths": ["src/"]}, "files"),
    ({"only_paths": ["src/"]}, "files"),
    ({"kinds": ["code"]}, "files"),
    ({"only_kinds": ["code"]}, "files"),
    ({"lines": "x"}, "changed_text"),
    ({"only_lines": "x"}, "changed_text"),
    ({"whitespace_only": False}, "whitespace_only"),
    ({"unreviewed_code": False}, "unreviewed_code"),
    ({"lines_over": 0}, "files"),
    ({"files_over": 0}, "files"),
    ({"labels": ["x"]}, "labels"),
    ({"author": {"users": ["ada"]}}, "author"),
    ({"author": {"first_time": False}}, "first_time"),
    ({"base": ["main"]}, "base_ref"),
    ({"title": "Add"}, "title"),
    ({"risk": "low"}, "files"),
    ({"signed": False}, "signed"),
    ({"checks": {"ci": "success"}}, "checks"),
]


@pytest.mark.parametrize(("keys", "missing"), UNKNOWN, ids=[f"{next(iter(keys))} {name}" for keys, name in UNKNOWN])
def test_a_condition_on_what_is_not_known_is_neither_and_says_that_it_is_missing(keys, missing):
    answer = applies(condition(**keys), facts(**{missing: None}))

    assert (answer.holds, answer.missing) == (None, True)
    assert applies(condition(**keys), Facts()).missing


@pytest.mark.parametrize(
    ("wanted", "author"),
    [
        ({"teams": ["@acme/dba"]}, person("ada", teams=None)),
        ({"permission": "read"}, person("ada", permission=None)),
    ],
)
def test_what_is_not_known_of_the_author_is_missing(wanted, author):
    answer = applies(condition(author=wanted), facts(author=author))

    assert (answer.holds, answer.missing) == (None, True)


def test_an_untrusted_label_is_uncertain_but_nothing_is_missing_that_might_come():
    answer = applies(condition(labels=["risky"]), facts(labels={"risky": False}))

    assert (answer.holds, answer.missing, answer.quotes) == (None, False, ("risky",))


def test_a_condition_that_is_not_there_always_holds():
    assert applies(None, Facts()).holds is True


@pytest.mark.parametrize(
    ("path", "was"), [("src/x.py", "secret/x.py"), ("secret/x.py", "src/x.py")], ids=["out of it", "into it"]
)
def test_case_31_a_rename_counts_under_both_names(path, was):
    renamed = facts(files=(changed(path, was, status="renamed"),))

    assert ask(renamed, paths=["secret/"]) is True
    assert ask(renamed, only_paths=["src/"]) is False
    assert ask(renamed, only_paths=["src/", "secret/"]) is True


def test_case_31_a_rename_counts_under_the_kinds_of_both_names():
    renamed = facts(files=(changed("docs/a.md", ".github/workflows/a.yml", status="renamed"),))

    assert ask(renamed, kinds=["workflows"]) is True
    assert ask(renamed, only_kinds=["docs"]) is False


def test_case_31_a_copy_leaves_where_it_comes_from_alone():
    assert ask(facts(files=(changed("a/x.py", "secret/x.py", status="copied"),)), paths=["secret/"]) is False


@pytest.mark.parametrize("path", ["Migrations/1.sql", "MIGRATIONS/1.sql", "\uff4digrations/1.sql"])
def test_case_31_another_case_or_unicode_form_is_not_certain(path):
    answer = applies(condition(paths=["migrations/**"]), facts(files=(changed(path),)))

    assert (answer.holds, answer.missing, answer.quotes) == (None, False, (path.casefold().replace("\uff4d", "m"),))
    assert ask(facts(files=(changed(path),)), only_paths=["migrations/**"]) is None


def test_case_31_a_name_that_is_composed_otherwise_is_not_certain():
    assert ask(facts(files=(changed(NFD),)), paths=["geh\u00e4lter/"]) is None
    assert ask(facts(files=(changed(NFD),)), paths=[NFD]) is True


@pytest.mark.parametrize("path", ["/src/a.py", "src/../secret/a.py", "./src/a.py", "src//a.py", "src/./a.py"])
def test_case_31_odd_steps_match_nothing(path):
    odd = facts(files=(changed(path),))

    assert ask(odd, paths=["src/", "secret/", "*.py"]) is False
    assert ask(odd, only_paths=["src/", "secret/", "*.py"]) is False


def test_words_of_others_are_quoted_and_never_said():
    hostile = "<img src=x>|[a](b)"
    known = facts(files=(changed(f"secret/{hostile}"),))
    answer = applies(condition(paths=["secret/"]), known)

    assert (answer.quotes, hostile in answer.because) == ((f"secret/{hostile}",), False)
    assert f"`secret/{hostile}`" in render_decision(decide(known, ruled({"people": {}}, {"paths": ["secret/"]})))


@pytest.mark.parametrize("held", [*PERMISSIONS, "custom", "Admin", ""])
@pytest.mark.parametrize("wanted", [*PERMISSIONS, "custom"])
def test_a_permission_reaches_those_below_it_and_an_unknown_one_nothing(held, wanted):
    known = held in PERMISSIONS and wanted in PERMISSIONS
    expected = known and PERMISSIONS.index(held) >= PERMISSIONS.index(wanted)

    assert at_least(held, wanted) is expected
    assert at_least(ADA.permission, "write")
