"""A project's own perspectives: what is told of those that are not asked, and what decides which are."""

import pytest
from deployment_builders import STRICT
from deployment_builders import facts as deployment
from gate_builders import changed, facts, nodes, verdict

from app.policy.asking import must_agree
from app.policy.checks import GATE_CHECK, WORK_CHECK, perspective_of
from app.policy.config import parse_policy
from app.policy.decision import Node
from app.policy.deployments import decide_deployment
from app.policy.facts import PersonFact
from app.policy.gate import OWN_POLICY, decide
from app.policy.missing import missing_of
from app.policy.overriding import would_help
from app.policy.own import file_at_fault
from app.policy.stricter import asks_more
from app.policy.words import names_in, words_on
from tests.support.own import own_file

BASE = parse_policy("perspectives: [security]")
NAMED = "perspectives: [security, wording]"
EVERYWHERE = parse_policy(NAMED, [own_file()])
PAGES = parse_policy(NAMED, [own_file(paths="['*.html']")])
ALONE = {"security": verdict("security")}
UNASKED = "is not asked: no changed file is one that its file names"
FILE = ".github/quorum/perspectives/wording.md"
LEAD = PersonFact("lead", permission="maintain")
NOBODY_BUT = "somebody with maintain, but not the author"


def test_who_is_not_asked_is_told_as_a_part_that_does_not_count():
    assert decide(facts(verdicts=ALONE), PAGES).skipped[0] == Node("wording", "approved", UNASKED, advisory=True)


def test_who_is_not_asked_is_a_part_of_the_rule_that_names_it():
    policy = parse_policy(
        "perspectives: [security]\nrules: [{name: A, requires: {perspectives: [wording, security]}}]",
        [own_file(paths="['*.html']")],
    )

    assert nodes(decide(facts(verdicts=ALONE), policy))["wording"] == Node("wording", "approved", UNASKED)


@pytest.mark.parametrize(("error", "file"), [("line 3: no", ".github/quorum.yml"), (f"{FILE}, line 2: no", FILE)])
def test_the_file_that_must_be_corrected_is_the_one_at_fault(error, file):
    base = decide(facts(policy_source="invalid", policy_error=error), BASE)
    proposed = nodes(decide(facts(policy_changed=True, proposed_policy_error=error), BASE))["policy"]
    deployed = nodes(decide_deployment(deployment(policy_source="invalid", policy_error=error), STRICT))["policy"]

    assert base.title == f"Correct {file} on the base branch"
    assert nodes(base)["policy"].because == f"{file} on the base branch cannot be used"
    assert (proposed.status, proposed.todo) == ("blocked", f"Correct {file}")
    assert deployed.todo == f"Correct {file} on the default branch, then run the job again"
    assert deployed.because == f"{file} on the default branch cannot be used"


def test_a_line_that_the_fault_speaks_of_is_no_part_of_the_files_name():
    assert file_at_fault(f"{FILE}, line 2, column 1: there is no key `a, line 3`") == FILE


@pytest.mark.parametrize("path", ["a.html", "a.txt"])
def test_one_of_several_globs_is_enough_to_be_asked(path):
    either = parse_policy(NAMED, [own_file(paths="['*.html', '*.txt']")])

    assert decide(facts(verdicts=ALONE, files=(changed(path),)), either).status == "pending"


@pytest.mark.parametrize("name", ["x" * 61 + ".md", "A.md", "a/b.md", "a.md.txt"])
def test_a_name_that_is_more_than_a_name_is_not_repeated(name):
    assert file_at_fault(f".github/quorum/perspectives/{name}, line 1: no") == ".github/quorum/perspectives"


def test_an_override_takes_the_place_of_one_that_only_one_of_two_policies_knows():
    known = facts(verdicts=ALONE, policy_changed=True)

    for policy, proposed in ((EVERYWHERE, BASE), (BASE, EVERYWHERE)):
        assert would_help("wording", LEAD, known, policy, proposed)
        missing = missing_of(decide(known, policy, proposed), policy, proposed)
        name = f"{OWN_POLICY}: wording" if proposed is EVERYWHERE else "wording"
        assert [(each.rule, each.status, each.override) for each in missing] == [(name, "pending", NOBODY_BUT)]


def test_a_deployed_change_is_asked_for_no_more_where_each_is_about_the_same_files():
    def policy(**paths):
        return parse_policy("", [own_file(name, words="Some words.", paths=globs) for name, globs in paths.items()])

    assert not asks_more(parse_policy(NAMED, [own_file(words="Other.", paths="['*.html']")]), PAGES)
    assert not asks_more(policy(one="[a, b]", two="[c]"), policy(one="[b, a]", two="[c]"))
    assert asks_more(policy(one="[a, b]", two="[c]"), policy(one="[a]", two="[c]"))
    assert not asks_more(policy(one="[a]", two="[c]"), policy(one="[a]"))


def test_words_on_ours_leave_it_asked_whatever_files_they_are_for():
    for paths in ("['*.html']", "['*.py']"):
        policy = parse_policy(NAMED, [own_file("security", paths=paths), own_file(paths=paths)])
        asked = must_agree(facts(), policy, {})

        assert asked == (("security", "wording") if "py" in paths else ("security",))


def test_who_may_be_asked_is_whom_any_part_of_a_policy_names():
    policy = parse_policy(
        "perspectives: [security]\nrules:\n"
        "- {name: A, requires: {perspectives: [testing]}}\n"
        "- {name: B, requires: {some_of: {count: 1, of: [api, database]}}}\n"
        "- {name: C, requires: {people: {}}}\n"
    )

    assert names_in(policy) == {"security", "testing", "api", "database"}


def test_who_is_asked_for_another_reason_than_its_files_is_known_all_the_same():
    assert words_on(PAGES, ["src/a.py"]).on("wording") == PAGES.own[0]
    assert words_on(PAGES, ["src/a.py"]).on("security") is None


@pytest.mark.parametrize(("files", "asked"), [((changed("a.html"),), True), ((), False)])
def test_no_file_at_all_is_none_of_its_own(files, asked):
    assert ("wording" in nodes(decide(facts(verdicts=ALONE, files=files), PAGES))) is asked


def test_our_checks_that_are_no_perspective():
    assert [perspective_of(name) for name in (GATE_CHECK, WORK_CHECK, "quorum/worker")] == [None, None, "worker"]


def test_only_where_the_policy_is_changed_two_of_them_must_be_satisfied():
    assert nodes(decide(facts(verdicts=ALONE), BASE))["policy"].because == "from the base branch"
