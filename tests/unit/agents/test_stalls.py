"""Work that comes to nothing: told once, then over. Work that gets on is left alone."""

from app.agents.failing import failing_tests
from app.agents.stalls import Stalls
from app.agents.tool import ToolOutput

FAILS = "FAILED tests/test_a.py::test_cents - assert 1 == 2\n1 failed, 3 passed"


def turns(*told: tuple[str, str, str], expected: frozenset[str] = frozenset()) -> list[str]:
    """One call a turn: the tool, what it printed and the tree that it left; what is said to each."""
    stalls, said = Stalls(expected), []
    for name, text, tree in told:
        verdict = stalls.saw([(name, ToolOutput(text, tree=tree))])
        said.append("stop" if verdict.stuck else "advice" if verdict.why else "")
    return said


def at(said: list[str]) -> dict[str, int]:
    return {word: said.index(word) + 1 for word in ("advice", "stop") if word in said}


def test_files_that_stay_the_same_are_told_of_and_then_end_it():
    reads = [("read_file", f"line {number}", "") for number in range(40)]
    assert at(turns(*reads)) == {"advice": 20, "stop": 32}


def test_changing_to_and_fro_is_no_new_state():
    edits = [("edit", "Edited a.py.", "ab"[number % 2]) for number in range(40)]
    assert at(turns(*edits)) == {"advice": 22, "stop": 34}


def test_each_new_state_is_getting_on():
    edits = [
        ("edit" if number % 15 == 0 else "search", "x", str(number) if number % 15 == 0 else "") for number in range(99)
    ]
    assert at(turns(*edits)) == {}


def test_the_same_failures_at_many_states_are_told_of_and_then_end_it():
    edits = [("bash", FAILS, str(number)) for number in range(20)]
    assert at(turns(*edits)) == {"advice": 6, "stop": 10}


def test_failures_that_take_turns_are_the_same_ones_again():
    other = FAILS.replace("cents", "euros")
    edits = [("bash", FAILS if number % 2 else other, str(number)) for number in range(30)]
    assert at(turns(*edits)) == {"advice": 11, "stop": 18}


def test_running_tests_again_without_a_change_between_is_not_counted_here():
    assert at(turns(*[("bash", FAILS, "same")] * 15)) == {}


def test_fewer_failures_each_time_and_those_that_were_there_before_are_no_stall():
    fewer = [
        ("bash", "\n".join(f"FAILED t.py::test_{each} - x" for each in range(number, 30)), str(number))
        for number in range(20)
    ]
    assert at(turns(*fewer)) == {}
    old = [("bash", FAILS, str(number)) for number in range(20)]
    assert at(turns(*old, expected=failing_tests(FAILS))) == {}


def test_what_a_file_says_of_failing_tests_is_no_run_of_them():
    assert at(turns(*[("edit", FAILS, str(number)) for number in range(20)])) == {}


def test_failures_of_many_runners_are_told_by_name():
    told = {
        "FAILED tests/test_a.py::test_b[1-x] - assert": "tests/test_a.py::test_b[1-x]",
        "FAIL: test_b (tests.test_a.Cents.test_b)": "test_b (tests.test_a.Cents.test_b)",
        "    --- FAIL: TestSum/zero (0.00s)": "TestSum/zero",
        "test sums::zero ... FAILED": "sums::zero",
        "  ✕ adds cents (3 ms)": "adds cents",
        "not ok 2 - adds cents": "adds cents",
        "rspec ./spec/sum_spec.rb:12 # Sum adds": "./spec/sum_spec.rb:12",
        "1) App\\SumTest::testZero": "App\\SumTest::testZero",
        "[ERROR]   SumTest.zero:12 expected": "SumTest.zero:12",
        "  Failed Sum.Zero [12 ms]": "Sum.Zero",
    }
    for line, name in told.items():
        assert failing_tests(f"before\n{line}\nafter") == {name}
    assert failing_tests("ok 1 - fine\n12 passed, FAILED is a word here") == frozenset()
