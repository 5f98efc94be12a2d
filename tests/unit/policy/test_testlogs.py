"""What runners print, as they print it, read into names of failing tests."""

# ruff: noqa: RUF001 - the runners' own signs

import pytest

from app.policy.testlogs.reading import read_testlog
from app.policy.testlogs.unit import Unit

PYTEST = """\
=================================== FAILURES ===================================
_________________________________ test_rounds __________________________________
    def test_rounds():
>       assert split(10, 3) == [4, 3, 3]
E       assert [3, 3, 3] == [4, 3, 3]
tests/test_split.py:7: AssertionError
=========================== short test summary info ============================
FAILED tests/test_split.py::test_rounds - assert [3, 3, 3] == [4, 3, 3]
FAILED tests/test_split.py::TestMany::test_case[a - b-0] - ValueError: a - b
SUBFAILED[three] (n=3) tests/test_split.py::test_sums - assert 9 == 10
SUBFAILED(n=4) tests/test_split.py::test_sums - assert 8 == 10
ERROR tests/test_db.py::test_opens - RuntimeError: no database
========================= 4 failed, 5 passed, 1 skipped, 2 subtests passed, 1 error in 0.12s ==========================
"""
UNITTEST = """\
.FE
======================================================================
ERROR: tests.test_gone (unittest.loader._FailedTest.tests.test_gone)
----------------------------------------------------------------------
ImportError: Failed to import test module: tests.test_gone

======================================================================
FAIL: test_adds_up (tests.test_split.SplitTest.test_adds_up) (total=7)
The parts add up.
----------------------------------------------------------------------
AssertionError: 7 != 6

----------------------------------------------------------------------
Ran 3 tests in 0.001s

FAILED (failures=1, errors=1)
"""
GO = """\
--- FAIL: TestSplit (0.00s)
    --- FAIL: TestSplit/three_people (0.00s)
        split_test.go:12: got 9, want 10
FAIL
FAIL\texample.com/tally/split\t0.003s
# example.com/tally/ledger
ledger/ledger.go:4:2: undefined: x
FAIL\texample.com/tally/ledger [build failed]
ok  \texample.com/tally/money\t(cached)
?   \texample.com/tally/cmd\t[no test files]
FAIL
"""
CARGO = """\
     Running unittests src/lib.rs (target/debug/deps/tally-0a1b2c3d4e5f)

running 3 tests
test split::tests::adds_up ... FAILED
test split::tests::refuses_nobody ... ok
test money::tests::prints ... ignored

failures:

---- split::tests::adds_up stdout ----
thread 'split::tests::adds_up' panicked at src/split.rs:20:9:

failures:
    split::tests::adds_up

test result: FAILED. 1 passed; 1 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s

error: test failed, to rerun pass `--lib`
"""
MAVEN = """\
[INFO] Building tally-core 1.2.0                                          [1/2]
[INFO] Running com.example.SplitTest
[ERROR] Tests run: 3, Failures: 1, Errors: 1, Skipped: 0, Time elapsed: 0.05 s <<< FAILURE! -- in com.example.SplitTest
[ERROR] com.example.SplitTest.addsUp -- Time elapsed: 0.004 s <<< FAILURE!
[ERROR] com.example.SplitTest.opens -- Time elapsed: 0.001 s <<< ERROR!
[ERROR] Failures:
[ERROR]   SplitTest.addsUp:12 expected:<10> but was:<9>
[ERROR] Tests run: 3, Failures: 1, Errors: 1, Skipped: 1
"""
GRADLE = """\
> Task :compileJava UP-TO-DATE
> Task :core:test FAILED

SplitTest > addsUp() FAILED
    org.opentest4j.AssertionFailedError at SplitTest.java:12

4 tests completed, 1 failed
"""
JEST = """\
PASS src/money.test.js
FAIL src/split.test.js
  ● split › adds up

    expect(received).toBe(expected) // Object.is equality

      3 |   test('adds up', () => {

FAIL src/gone.test.js
  ● Test suite failed to run

    Cannot find module './gone' from 'src/gone.test.js'

Test Suites: 2 failed, 1 passed, 3 total
Tests:       1 failed, 4 passed, 5 total
Snapshots:   0 total
"""
VITEST = """\
 ❯ src/split.test.ts (2 tests | 1 failed) 4ms
   × split > adds up 3ms
⎯⎯⎯⎯⎯⎯⎯ Failed Suites 1 ⎯⎯⎯⎯⎯⎯⎯
 FAIL  src/gone.test.ts [ src/gone.test.ts ]
Error: Failed to resolve import "./gone"
⎯⎯⎯⎯⎯⎯⎯ Failed Tests 1 ⎯⎯⎯⎯⎯⎯⎯
 FAIL  src/split.test.ts > split > adds up
AssertionError: expected 9 to be 10

 Test Files  2 failed | 1 passed (3)
      Tests  1 failed | 4 passed (5)
"""
NODE = """\
✖ adds up (1.2ms)
✔ refuses nobody (0.1ms)
ℹ tests 4
ℹ suites 0
ℹ pass 1
ℹ fail 2
ℹ cancelled 0
ℹ todo 1

✖ failing tests:

test at test/split.test.js:5:1
✖ for three (1.2ms)
  AssertionError [ERR_ASSERTION]: 9 !== 10

test at test/split.test.js:9:1
✖ later (0.1ms) # TODO
"""
TAP = """\
TAP version 13
# Subtest: adds up
    # Subtest: for three
    not ok 1 - for three
      ---
      error: 9 is not 10
      ...
    ok 2 - for two
    1..2
not ok 1 - adds up
  ---
  duration_ms: 1.2
  ...
ok 2 - refuses nobody
not ok 3 - later # TODO not yet
1..3
"""
RSPEC = """\
Failures:

  1) Split adds up
     Failure/Error: expect(split(10, 3).sum).to eq 10

Finished in 0.01 seconds (files took 0.1 seconds to load)
5 examples, 1 failure, 1 pending

Failed examples:

rspec ./spec/split_spec.rb:12 # Split adds up
"""
PHPUNIT = """\
..F.E                                                               5 / 5 (100%)

Time: 00:00.012, Memory: 8.00 MB

There was 1 error:

1) SplitTest::testOpens
RuntimeException: no database

--

There was 1 failure:

1) SplitTest::testAddsUp with data set "three" (10, 3)
Failed asserting that 9 is identical to 10.

FAILURES!
Tests: 5, Assertions: 7, Errors: 1, Failures: 1.
"""
READ = [
    (
        PYTEST,
        Unit(
            "pytest",
            (
                "tests/test_split.py::test_rounds",
                "tests/test_split.py::TestMany::test_case[a - b-0]",
                "tests/test_split.py::test_sums[three] (n=3)",
                "tests/test_split.py::test_sums(n=4)",
                "tests/test_db.py::test_opens",
            ),
            7,
        ),
    ),
    (
        UNITTEST,
        Unit(
            "unittest", ("test_adds_up (tests.test_split.SplitTest.test_adds_up) (total=7)",), 2, ("tests.test_gone",)
        ),
    ),
    (GO, Unit("go example.com/tally/split", ("TestSplit", "TestSplit/three_people"))),
    (CARGO, Unit("cargo tally src/lib.rs", ("split::tests::adds_up",), 2)),
    (MAVEN, Unit("maven tally-core", ("com.example.SplitTest.addsUp", "com.example.SplitTest.opens"), 2)),
    (GRADLE, Unit("gradle :core:test", ("SplitTest > addsUp()",), 4)),
    (JEST, Unit("jest", ("src/split.test.js › split › adds up",), 5, ("src/gone.test.js",))),
    (VITEST, Unit("vitest", ("src/split.test.ts > split > adds up",), 5, ("src/gone.test.ts",))),
    (NODE, Unit("node", ("test/split.test.js: for three",), 4)),
    (TAP, Unit("tap", ("adds up > for three",), 3)),
    (RSPEC, Unit("rspec", ("spec/split_spec.rb # Split adds up",), 5)),
    (
        PHPUNIT,
        Unit("phpunit", ("SplitTest::testOpens", 'SplitTest::testAddsUp with data set "three" (10, 3)'), 5),
    ),
]


@pytest.mark.parametrize(("output", "unit"), READ, ids=lambda value: getattr(value, "name", "").split(" ")[0])
def test_failing_tests_are_told_by_name(output: str, unit: Unit):
    assert read_testlog(output)[0] == unit


@pytest.mark.parametrize(("output", "unit"), READ, ids=lambda value: getattr(value, "name", "").split(" ")[0])
def test_colours_and_windows_line_ends_change_nothing(output: str, unit: Unit):
    coloured = "\r\n".join(f"\x1b[31m{line}\x1b[0m" for line in output.split("\n"))
    assert read_testlog(coloured)[0] == unit


def test_every_package_of_go_is_a_unit_and_one_that_does_not_build_is_broken():
    assert read_testlog(GO)[1:] == (
        Unit("go example.com/tally/ledger", broken=("example.com/tally/ledger",)),
        Unit("go example.com/tally/money"),
    )


PASSED = [
    ("pytest", "....  [100%]\n4 passed in 0.02s\n", 4),
    ("unittest", "....\n----\nRan 4 tests in 0.001s\n\nOK\n", 4),
    ("cargo", "test a ... ok\n\ntest result: ok. 4 passed; 0 failed; 0 ignored; 0 measured\n", 4),
    ("jest", "PASS src/a.test.js\nTests:       4 passed, 4 total\n", 4),
    ("vitest", " Test Files  1 passed (1)\n      Tests  4 passed (4)\n", 4),
    ("node", "ℹ tests 4\nℹ pass 4\nℹ fail 0\nℹ cancelled 0\n", 4),
    ("rspec", "4 examples, 0 failures\n", 4),
    ("phpunit", "OK (4 tests, 9 assertions)\n", 4),
]


@pytest.mark.parametrize(("name", "output", "ran"), PASSED)
def test_how_many_ran_is_told_where_all_pass(name: str, output: str, ran: int):
    assert read_testlog(output) == (Unit(name, (), ran),)


SILENT = [
    ("nothing known", "make: *** [Makefile:3: check] Error 1\n"),
    ("names left out", PYTEST.replace("FAILED tests/test_split.py::test_rounds - assert [3, 3, 3] == [4, 3, 3]\n", "")),
    ("stopped at the first", PYTEST + "!!!!!!!!!!!!!! stopping after 3 failures !!!!!!!!!!!!!!"),
    ("a head without its rule", UNITTEST.replace("=" * 70, "-" * 70)),
    ("cut off", UNITTEST.partition("Ran 3")[0]),
    ("a test forges a line", JEST + "  ● another › failure\n"),
    ("endless lines", PYTEST + "\n" * 50_001),
    ("more than anybody compares", "".join(f"FAILED t.py::t{n}\n" for n in range(501)) + "501 failed in 1.00s\n"),
    ("too few in a crate", CARGO.replace("adds_up ... FAILED", "adds_up ... ok")),
]


@pytest.mark.parametrize(("why", "output"), SILENT, ids=[why.replace(" ", "-") for why, _ in SILENT])
def test_what_is_not_surely_all_of_them_is_not_told(why: str, output: str):
    assert read_testlog(output) == (), why


def test_two_runners_in_one_output_are_two_units():
    assert [unit.name for unit in read_testlog(PYTEST + JEST)] == ["pytest", "jest"]


def test_an_address_in_a_parameter_is_the_same_name_each_time():
    told = "FAILED t.py::test_x[<object object at 0x{}>] - assert 0\n1 failed in 0.01s\n"
    assert read_testlog(told.format("7f00aa11bb22")) == read_testlog(told.format("7e99cc33dd44")) != ()


def test_a_message_that_does_not_end_hides_no_name():
    told = f"FAILED t.py::test_x - assert {'9' * 10_000}\n1 failed in 0.01s\n"
    assert read_testlog(told) == (Unit("pytest", ("t.py::test_x",), 1),)
