"""Whether a command ran tests: by what the usual runners print."""

import pytest

from app.knowledge.suites.proof import what_it_proves, why_it_cannot_run


@pytest.mark.parametrize(
    ("output", "code"),
    [
        ("...\n3 passed in 0.02s", 0),
        ("FAILED test_a.py::test_x - assert 1 == 2\n1 failed, 4 passed in 0.10s", 1),
        ("E.\nERROR: test_m (unittest.loader._FailedTest.test_m)\nImportError: no\nRan 2 tests in 0.000s\nFAILED", 1),
        ("\x1b[31m\x1b[1m20 failed\x1b[0m, \x1b[32m119 passed\x1b[0m in 17.81s\nNo module named 'unidecode'", 1),
        ("Ran 12 tests in 0.3s\n\nOK", 0),
        ("ok  \texample.com/sum\t0.003s", 0),
        ("--- FAIL: TestSum (0.00s)\nFAIL\texample.com/sum\t0.004s\nFAIL", 1),
        ("test result: ok. 5 passed; 0 failed; 0 ignored; finished in 0.00s", 0),
        ("Tests:       1 failed, 6 passed, 7 total", 1),
        ("  12 passing (8ms)\n  1 failing", 1),
        ("# tests 2\n# pass 1\n# fail 1", 1),
        ("\N{INFORMATION SOURCE} tests 2\n\N{INFORMATION SOURCE} pass 2", 0),
        ("Error: Cannot find module 'tape'\nnot ok 2 - test/a.js\n# pass 1\n# fail 1", 1),
        ("Error: Cannot find module './a.js'\nnot ok 1 - a\n# pass 0\n# fail 1", 1),
        ("3 examples, 1 failure", 1),
        ("5 runs, 9 assertions, 0 failures, 0 errors", 0),
        ("OK (4 tests, 9 assertions)", 0),
        ("Tests: 4, Assertions: 9, Failures: 1.", 1),
        ("[INFO] Tests run: 7, Failures: 0, Errors: 0, Skipped: 0", 0),
        ("> Task :app:test\n\nBUILD SUCCESSFUL in 3s", 0),
        ("7 tests completed, 1 failed", 1),
        ("100% tests passed, 0 tests failed out of 6", 0),
        ("Passed!  - Failed:     0, Passed:     3, Skipped:     0", 0),
        ("t/a.t .. ok\nAll tests successful.\nFiles=1, Tests=4, 0 wallclock secs", 0),
        ("1..2\nok 1 - a\nnot ok 2 - b", 1),
        ("2 doctests, 5 tests, 0 failures", 0),
    ],
)
def test_tests_that_ran_are_a_proof_whether_they_passed_or_not(output, code):
    proof = what_it_proves(output, code, "exit", 1.0)
    assert (proof.ran, proof.certain) == (True, True)


def test_what_ended_well_without_telling_of_tests_is_no_certain_proof():
    proof = what_it_proves("checked everything, all is well", 0, "exit", 1.0)
    assert (proof.ran, proof.certain) == (True, False)


@pytest.mark.parametrize(
    ("output", "code", "ended", "why"),
    [
        ("sh: 1: go: not found", 127, "exit", "the program is not there"),
        ("/usr/bin/python3: No module named pytest", 1, "exit", "not installed: /usr/bin/python3: No module named"),
        ("no tests ran in 0.01s", 5, "exit", "found no tests"),
        ("Ran 0 tests in 0.000s\n\nOK", 0, "exit", "found no tests"),
        ("running 0 tests\n\ntest result: ok. 0 passed; 0 failed", 0, "exit", "found no tests"),
        ("?   \texample.com/sum\t[no test files]", 0, "exit", "found no tests"),
        ("make: Nothing to be done for 'test'.", 0, "exit", "found no tests"),
        ("make: 'test' is up to date.", 0, "exit", "found no tests"),
        ("> Task :test NO-SOURCE\nBUILD SUCCESSFUL in 1s", 0, "exit", "found no tests"),
        ("No tests were found!!!", 0, "exit", "found no tests"),
        ("1 error in 0.1s\nModuleNotFoundError: No module named 'attrs'", 2, "exit", "not installed: ModuleNotFound"),
        (
            "E\nERROR: test_m (unittest.loader._FailedTest)\nImportError: m\nRan 1 test in 0s",
            1,
            "exit",
            "not installed: Im",
        ),
        ("Error: Cannot find module 'tape'\nnot ok 1 - test/a.js\n# pass 1\n# fail 2", 1, "exit", "find module 'tape'"),
        ("make: *** No rule to make target 'test'.  Stop.", 2, "exit", "not installed"),
        ("compile error", 1, "exit", "failed (exit code 1) before any test ran"),
        ("npm error code EAI_AGAIN\nnpm error getaddrinfo registry", 1, "exit", "needs the network"),
        ("go: dial tcp: lookup proxy.golang.org: no such host", 1, "exit", "needs the network"),
        ("", 0, "exit", "printed nothing"),
        ("3 passed", 0, "timeout", "did not end by itself (timeout after 300 s)"),
        ("3 passed", 0, "memory", "did not end by itself (memory"),
    ],
)
def test_what_ran_no_tests_says_why(output, code, ended, why):
    proof = what_it_proves(output, code, ended, 300.0)
    assert not proof.ran
    assert why in proof.why


def test_what_a_change_may_mend_is_not_called_hopeless():
    assert not why_it_cannot_run("ModuleNotFoundError: No module named 'm'", 1, "exit", 1.0)
    assert not why_it_cannot_run("2 failed: getaddrinfo was not mocked", 1, "exit", 1.0)
    assert why_it_cannot_run("getaddrinfo failed", 1, "exit", 1.0)
    assert why_it_cannot_run("sh: 1: tset: not found", 127, "exit", 1.0)
    assert why_it_cannot_run("", 0, "output", 1.0)
