"""Whom a task asks for: told by its words, labels and files, and a little by how they have done."""

import pytest

from app.policy.specialists import MOST, Draw, Past, Touch, choose_specialists, named_paths, telling_paths

FAST = Draw("optimization", words=("slow", "takes minutes", "cpu"), labels=("performance",), paths=("bench/",))
DATA = Draw("database", words=("sql", "migration"), kinds=("migrations",), paths=("*.sql",))
CRASH = Draw("debugging", words=("crash",), labels=("bug",))
ALL = (FAST, DATA, CRASH)


def names(touch: Touch, past=None) -> list[str]:
    return [each.name for each in choose_specialists(touch, ALL, past or {})]


@pytest.mark.parametrize(
    ("touch", "chosen"),
    [
        (Touch("Splitting loses cents", "The parts do not add up."), []),
        (Touch("The import is slow"), ["optimization"]),
        (Touch("Imports take long", "It takes minutes, is slow and has all of the CPU."), []),
        (Touch("Imports take long", "It takes minutes.", paths=("bench/run.py",)), ["optimization"]),
        (Touch("Slowly does it", "slowest"), []),
        (Touch("A thing", labels=frozenset({"performance"})), ["optimization"]),
        (Touch("A thing", paths=("dump.sql",)), []),
        (Touch("A thing", paths=("dump.sql", "app/migrations/0001_first.py")), ["database"]),
        (Touch("A thing", "in sql", paths=("dump.sql",)), ["database"]),
        (Touch("A thing", "slow", paths=("bench/run.py",)), ["optimization"]),
        (Touch("A thing", paths=("a.py", "b.py")), []),
        (Touch("Crash in SQL", labels=frozenset({"bug"})), ["debugging", "database"]),
        (Touch("Format SQL of several files", project="sql-formatter"), []),
        (Touch("Format SQL of several files", project="sqlparse"), []),
        (Touch("Format SQL of several files", project="mySQL"), []),
        (Touch("A migration of SQL", project="sqlparse"), ["database"]),
        (Touch("Format SQL of several files", project="mysqlclient"), ["database"]),
    ],
)
def test_what_a_task_touches_chooses(touch, chosen):
    assert names(touch) == chosen


BOXES = Draw("infrastructure", words=("image", "docker"), labels=("ops",), kinds=("infrastructure",))


@pytest.mark.parametrize(
    ("touch", "chosen"),
    [
        (Touch("Nodes below an image get lost"), ["infrastructure"]),
        (Touch("Nodes below an image get lost", paths=("tree.py",)), ["infrastructure"]),
        (Touch("Nodes below an image get lost", paths=("tree.py",), planned=("tree.py", "test_tree.py")), []),
        (Touch("Add a docker image", planned=("Dockerfile",)), ["infrastructure"]),
        (Touch("Nodes below an image", labels=frozenset({"ops"}), planned=("a.py",)), ["infrastructure"]),
    ],
)
def test_whom_kinds_of_files_tell_of_the_files_of_a_plan_decide(touch: Touch, chosen: list[str]):
    """The word may mean another thing."""
    assert [each.name for each in choose_specialists(touch, [BOXES], {})] == chosen


def test_no_more_than_two_are_chosen_the_strongest_first():
    everything = Touch("Slow SQL crash", "migration", frozenset({"bug"}))
    assert names(everything) == ["debugging", "database"]
    assert len(names(everything)) == MOST


def test_why_somebody_was_chosen_is_told():
    touch = Touch("A crash", "with sql and a migration", frozenset({"bug"}), ("x.sql",))
    told = {each.name: each.because for each in choose_specialists(touch, ALL, {})}
    assert told == {
        "debugging": "label bug, “crash” in the title",
        "database": "“sql” and “migration” in the text, it names x.sql",
    }


@pytest.mark.parametrize(
    ("plan", "told"),
    [
        ("Change app/cli.py, docs/cli.md, CHANGELOG.md and tests/test_cli.py.", ["app/cli.py"]),
        ("Change docs/cli.md and CHANGELOG.md.", ["docs/cli.md"]),
        ("Change it.", []),
    ],
)
def test_a_plan_tells_by_its_code_and_by_documents_only_without_any(plan, told):
    files = ["app/cli.py", "docs/cli.md", "CHANGELOG.md", "tests/test_cli.py"]
    assert list(telling_paths(plan, files)) == told


def test_a_text_that_says_every_word_counts_no_more_than_three_of_them():
    many = Draw("many", words=tuple(f"w{number}" for number in range(50)), paths=("x.py",))
    strong = Draw("strong", words=("broken",), labels=("bug",))
    touch = Touch("It is broken", " ".join(many.words), frozenset({"bug"}), ("x.py",))
    assert [each.name for each in choose_specialists(touch, (many, strong), {})] == ["strong", "many"]


def test_little_is_known_changes_little():
    assert Past().weight == 1.0
    assert 0.85 < Past(failed=1).weight < 1.0 < Past(merged=1).weight < 1.15


@pytest.mark.parametrize(("past", "chosen"), [(Past(closed=1), True), (Past(closed=1, failed=20), False)])
def test_a_bad_record_asks_for_more_to_speak_for_somebody(past, chosen):
    touch = Touch("The import is slow")
    assert bool(names(touch, {"optimization": past})) is chosen


def test_a_good_record_never_chooses_somebody_for_whom_nothing_speaks():
    assert names(Touch("Splitting loses cents"), {"optimization": Past(merged=1000)}) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("It is in `app/store/tables.py`, line 3.", ["app/store/tables.py"]),
        ("see store/tables.py:17", ["app/store/tables.py"]),
        ("tables.py is wrong.", ["app/store/tables.py", "tables.py"]),
        ("the Makefile is wrong", []),
        ("/etc/passwd and ../../x.py", []),
        ("app/store/tables.pyc", []),
    ],
)
def test_files_that_a_text_names(text, found):
    assert list(named_paths(text, ["app/store/tables.py", "tables.py", "Makefile"])) == found
