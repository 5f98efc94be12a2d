"""Who is waited for and who reads how: where one name, one verdict or one word of a file makes the difference."""

import pytest
from gate_builders import facts

from app.policy.asking import asked_for_files, must_agree
from app.policy.changed import ChangedFile, planned_file
from app.policy.config import Policy, parse_policy
from app.policy.errors import PolicyError
from app.policy.facts import Facts
from app.policy.finding import Outcome
from app.policy.own import OwnFile, parse_own
from app.policy.pairing import PAIRS, pairs_of
from app.policy.reads import why_not
from tests.support.own import FOLDER, own_file, own_text

YES, NO, NONE = Outcome.APPROVED, Outcome.BLOCKED, Outcome.ABSTAINED
OWN = own_file(paths="['docs/']")


def some(count: int, *of: str, applies: str = "") -> Policy:
    rule = f"{{name: r, {applies}requires: {{some_of: {{count: {count}, of: [{', '.join(of)}]}}}}}}"
    return parse_policy(f"required: [security]\nperspectives: [security]\nrules: [{rule}]", [OWN])


@pytest.mark.parametrize(
    ("count", "said", "waited"),
    [
        (1, {}, ("api", "database")),
        (1, {"api": YES}, ()),
        (1, {"api": NO}, ("api", "database")),
        (1, {"api": NONE, "database": YES}, ()),
        (2, {"api": YES}, ("api", "database")),
        (2, {"api": YES, "database": YES}, ()),
        (1, {"security": YES}, ("api", "database")),
    ],
)
def test_some_are_waited_for_until_as_many_agreed(count, said, waited):
    assert must_agree(facts(), some(count, "api", "database"), said) == ("security", *waited)


def test_whoever_has_no_part_in_the_change_is_none_of_those_who_agreed():
    policy = some(1, "api", "wording")
    assert must_agree(facts(), policy, {"wording": YES}) == ("security", "api")
    assert must_agree(facts(), policy, {"wording": YES, "api": YES}) == ("security",)


def test_of_a_rule_that_may_apply_those_count_who_spoke():
    policy = some(2, "api", "database", applies="applies_to: {labels: [big]}, ")
    unknown = Facts(files=facts().files)
    assert must_agree(unknown, policy, {}) == ("security",)
    assert must_agree(unknown, policy, {"api": NONE}) == ("security", "api")


def test_what_only_advises_is_not_waited_for():
    migration = facts(files=(planned_file("migrations/1.sql"),))
    assert must_agree(migration, Policy(required=("security",)), {"database": NO}) == ("security",)
    assert "database" in must_agree(migration, Policy(), {"database": NO})


def test_a_plan_is_for_those_who_have_a_part_in_its_files():
    policy = parse_policy("perspectives: [security, wording]", [OWN])
    assert asked_for_files(Facts(files=(planned_file("a.py"),)), policy) == ("security",)
    assert asked_for_files(Facts(files=(planned_file("docs/a.md"),)), policy) == ("security", "wording")


def test_of_a_planned_file_nothing_is_known_but_its_path():
    assert planned_file("a.py") == ChangedFile("a.py", None, "modified", 0, 0, binary=False)


def test_a_pair_is_one_where_nobody_else_is_asked():
    assert pairs_of(PAIRS[0], (), "low", 0) == PAIRS[:1]


def test_a_reader_is_told_what_it_may_read():
    assert "no file is read" in why_not("diff", "read_file", "a.py", frozenset({"a.py"}))
    assert "changed files only" in why_not("changed_files", "search", "a.py", frozenset({"a.py"}))


def fault(file: OwnFile) -> PolicyError:
    with pytest.raises(PolicyError) as caught:
        parse_own([file])
    return caught.value


def test_a_file_that_is_no_text_is_told_of_by_its_name_and_a_folder_by_its_own():
    link = fault(OwnFile("a.md", fault="it is a link", remedy="Put a plain file there."))
    assert str(link).startswith(f"{FOLDER}/a.md, line 1, column 1: it is a link")
    assert link.remedy == "Put a plain file there."
    folder = fault(OwnFile("", fault="it is a link", remedy="Put a folder there."))
    assert str(folder).startswith(f"{FOLDER}, line 1, column 1: it is a link")
    assert folder.remedy == "Put a folder there."
    assert "cannot be the name" in str(fault(OwnFile("B.md", fault="it is a link")))


def test_front_matter_ends_at_the_first_line_of_dashes_and_begins_at_a_lines_start():
    (own,) = parse_own([own_file(words="One.\n\n---\n\nTwo.")])
    assert own.words == "One.\n\n---\n\nTwo."
    (blank_behind,) = parse_own([OwnFile("wording.md", own_text().replace("---", "--- ", 1))])
    assert blank_behind.name == "wording"
    indented = fault(OwnFile("wording.md", f" {own_text()}"))
    assert "does not begin with front matter" in str(indented)
    assert "name:" in indented.remedy


def test_of_a_wrong_value_the_remedy_names_where_it_is_written_what_may_stand_there():
    assert "docs/perspectives.md" in fault(OwnFile("a.md", "---\nname: a\ntitle: ''\n---\nLook.\n")).remedy
