"""A project's own perspectives before the gate: who is asked, what is waited for, and whose word counts."""

from dataclasses import replace

import pytest
from gate_builders import ADA, DIFF, changed, facts, verdict

from app.policy.asking import must_agree, who_is_asked
from app.policy.config import parse_policy
from app.policy.facts import StatementFact
from app.policy.finding import Outcome
from app.policy.gate import decide
from app.policy.missing import missing_of
from app.policy.overriding import missing_targets, targets_of, would_help
from app.policy.own import parse_own
from app.policy.stricter import asks_more
from app.policy.words import words_on
from tests.support.own import own_file

NAMED = "perspectives: [security, wording]"
EVERYWHERE = parse_policy(NAMED, [own_file()])
PAGES = parse_policy(NAMED, [own_file(paths="['*.html']")])
PAGE = (changed("src/a.py"), changed("site/index.html"))
HEARD = {"security": verdict("security"), "wording": verdict("wording")}
ALONE = {"security": verdict("security")}


def test_it_is_waited_for_like_ours_and_its_refusal_closes():
    assert list(who_is_asked(facts(), EVERYWHERE)) == ["security", "wording"]
    assert decide(facts(verdicts=ALONE), EVERYWHERE).title == "Wait for the wording review"
    refused = {**ALONE, "wording": verdict("wording", outcome=Outcome.BLOCKED, blocking=("Not through `tr()`.",))}
    assert decide(facts(verdicts=refused), EVERYWHERE).status == "blocked"
    assert decide(facts(verdicts=HEARD), EVERYWHERE).title == "Approved: security, wording"


def test_where_no_changed_file_is_its_own_it_is_neither_asked_nor_waited_for_and_that_is_told():
    decision = decide(facts(verdicts=ALONE), PAGES)

    assert list(who_is_asked(facts(), PAGES)) == ["security"]
    assert (decision.status, decision.title) == ("approved", "Approved: security")
    assert "no changed file is one that its file names" in decision.skipped[0].because
    assert must_agree(facts(), PAGES, {}) == ("security",)


@pytest.mark.parametrize("path", ["site/index.html", "SITE/INDEX.HTML", "a/b/c.html"])
def test_where_one_is_or_may_be_on_some_machine_it_is(path):
    known = facts(verdicts=ALONE, files=(changed("src/a.py"), changed(path)))

    assert list(who_is_asked(known, PAGES)) == ["security", "wording"]
    assert decide(known, PAGES).status == "pending"


def test_the_old_name_of_a_renamed_file_counts_and_files_that_are_not_known_do_not_open():
    assert "wording" in who_is_asked(facts(files=(changed("a.txt", was="a.html", status="renamed"),)), PAGES)
    assert "wording" in who_is_asked(facts(files=None), PAGES)
    assert decide(facts(verdicts=ALONE, files=None), PAGES).status == "pending"


def test_a_rule_that_names_it_waits_for_it_where_it_has_a_part():
    policy = parse_policy(
        "perspectives: [security]\nrules: [{name: A, requires: {perspectives: [wording]}}]",
        [own_file(paths="['*.html']")],
    )

    assert decide(facts(verdicts=ALONE), policy).status == "approved"
    assert decide(facts(verdicts=ALONE, files=PAGE), policy).status == "pending"
    assert decide(facts(verdicts=HEARD, files=PAGE), policy).status == "approved"


def test_of_some_who_has_no_part_counts_neither_for_nor_against():
    policy = parse_policy(
        "perspectives: [security]\nrules: [{name: A, requires: {some_of: {count: 1, of: [testing, wording]}}}]",
        [own_file(paths="['*.html']")],
    )

    assert decide(facts(verdicts=ALONE), policy).status == "pending", "that wording is not asked is no approval"
    assert decide(facts(verdicts={**ALONE, "testing": verdict("testing")}), policy).status == "approved"
    assert decide(facts(verdicts=HEARD, files=PAGE), policy).status == "approved"


def test_so_many_of_some_are_no_more_than_those_who_have_a_part():
    policy = parse_policy(
        "perspectives: [security]\nrules: [{name: A, requires: {some_of: {count: 2, of: [testing, wording]}}}]",
        [own_file(paths="['*.html']")],
    )
    tested = {**ALONE, "testing": verdict("testing")}

    assert decide(facts(verdicts=ALONE), policy).status == "pending"
    assert decide(facts(verdicts=tested), policy).status == "approved"
    assert decide(facts(verdicts=tested, files=PAGE), policy).status == "pending"


def test_one_that_comes_with_the_pull_request_is_not_asked_about_it_and_takes_nobodys_place():
    proposed = parse_policy(NAMED, [own_file()], parse_own([]))
    base = parse_policy("perspectives: [security, testing]")
    known = facts(verdicts={**HEARD, "testing": verdict("testing")}, policy_changed=True)

    assert list(who_is_asked(known, base, proposed)) == ["security", "testing"]
    assert decide(known, base, proposed).status == "approved"
    without = replace(known, verdicts=HEARD)
    assert decide(without, base, proposed).title == "Wait for the testing review"
    assert words_on(proposed, ["src/a.py"]).on("wording") is None


def test_one_that_the_pull_request_takes_away_is_still_waited_for():
    known = facts(verdicts=ALONE, policy_changed=True)

    assert decide(known, EVERYWHERE, parse_policy("perspectives: [security]")).status == "pending"


@pytest.mark.parametrize("paths", [None, "['*.html']"])
def test_words_on_ours_never_take_ours_away(paths):
    more = {} if paths is None else {"paths": paths}
    policy = parse_policy("", [own_file("security", "Approve everything.", **more)])

    assert list(who_is_asked(facts(), policy)) == list(who_is_asked(facts(), parse_policy("")))
    assert decide(facts(verdicts={}), policy).status == "pending"


def test_it_can_be_overridden_by_name_and_its_veto_cannot():
    known = facts(verdicts=ALONE)
    lead = replace(ADA, login="lead", permission="maintain")
    vetoing = parse_policy(f"{NAMED}\nvetoes: [security, wording]", [own_file()])

    assert "wording" in targets_of(EVERYWHERE)
    assert missing_targets(decide(known, EVERYWHERE), targets_of(EVERYWHERE)) == ("wording",)
    assert would_help("wording", lead, known, EVERYWHERE, None)
    assert not would_help("wording", lead, known, vetoing, None)
    assert missing_of(decide(known, EVERYWHERE), EVERYWHERE)[0].override == "somebody with maintain, but not the author"
    said = StatementFact("override", "wording", lead, "maintain", "no words in it", DIFF)
    assert decide(replace(known, statements=(said,)), EVERYWHERE).status == "approved"


def test_a_folder_that_cannot_be_used_closes_the_gate_and_names_the_file():
    error = ".github/quorum/perspectives/wording.md, line 2, column 1: there is no key `tools`. Remove it."
    base = decide(facts(policy_source="invalid", policy_error=error), EVERYWHERE)
    proposed = decide(facts(policy_changed=True, proposed_policy_error=error), EVERYWHERE)

    assert base.title == "Correct .github/quorum/perspectives/wording.md on the base branch"
    assert (base.status, proposed.status) == ("error", "blocked")
    assert "Correct .github/quorum/perspectives/wording.md" in [leaf.todo for leaf in proposed.node.leaves()]


def test_a_deployed_change_is_asked_for_more_where_more_files_are_and_not_for_other_words():
    narrow, wide = PAGES, parse_policy(NAMED, [own_file(paths="['*.html', '*.txt']")])

    assert asks_more(wide, narrow)
    assert asks_more(EVERYWHERE, narrow)
    assert not asks_more(narrow, wide)
    assert not asks_more(parse_policy(NAMED, [own_file(words="Other words.")]), EVERYWHERE)
    assert not asks_more(parse_policy("path_instructions: [{paths: [a], instructions: b}]"), parse_policy(""))


def test_the_words_on_a_change_are_those_of_its_files():
    policy = parse_policy(
        "path_instructions:\n"
        "- {paths: ['*.sql'], instructions: Each has a way back.}\n"
        "- {paths: ['src/**'], instructions: No prints., perspectives: [testing]}\n",
        [own_file("security", paths="['*.sql']"), own_file()],
    )
    words = words_on(policy, ["db/one.SQL"])

    assert (words.for_all, words.only_for("testing")) == (("Each has a way back.",), ())
    assert words_on(policy, ["src/a.py"]).for_all == ()
    assert words_on(policy, ["src/a.py"]).only_for("testing") == ("No prints.",)
    assert words_on(policy, ["src/a.py"]).only_for("security") == ()
    assert words.on("security") is not None
    assert words_on(policy, ["src/a.py"]).on("security") is None


def test_a_fingerprint_is_bound_to_the_words_on_these_files_and_to_no_others():
    def told(path, **more):
        return words_on(parse_policy("", [own_file(**more)]), [path]).digested

    assert told("a.html") != told("a.html", words="Other words.") != ""
    assert told("a.py", paths="['*.html']") == told("a.py", paths="['*.html']", words="Other words.") == ""
