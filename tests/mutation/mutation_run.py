"""Tries mutants, each in a fork of one pytest session that has collected the tests already: docs/mutants.md.

Usage: mutation_run.py MODULE,MODULE/EVERY... RESULTS.jsonl [SECONDS]. Results that are there already are kept. With
`EVERY` only the first of each so many mutants of the module is tried. Tests that took longer than `SECONDS` when the
mutants were made are left out, but for the 25 fastest that reach a function.
"""

import functools
import gc
import json
import os
import select
import signal
import sys
from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol
from hypothesis import Phase, settings
from mutmut.mutation import trampoline

JOBS, EXAMPLES, CPU_S, WALL_S = int(os.environ.get("JOBS", "2")), 25, 10, 60
WORDS = {0: "survived", 1: "killed", 3: "broken"}
FUNCTIONS = []


def untouched(mutants, is_classmethod=False):
    """In place of mutmut's trampoline: a function costs nothing until a mutant's code is put into it."""
    assert not is_classmethod

    def decorate(function):
        FUNCTIONS.append((function, mutants))
        return function

    return decorate


trampoline.wrap_in_trampoline = untouched


def become(function, other):
    function.__code__, function.__defaults__, function.__kwdefaults__ = (
        other.__code__, other.__defaults__, other.__kwdefaults__
    )  # fmt: skip


def untold(*_args, **_more):
    """In place of pytest's account of a failure, which takes longer than the test."""
    return "failed"


def mutants_of(module, every="1"):
    """The one with the number 0 is a function as it is: it has to survive."""
    names = list(json.loads(Path(f"app/policy/{module}.py.meta").read_text())["exit_code_by_key"])
    return [f"{name.rpartition('__mutmut_')[0]}__mutmut_0" for name in names[:1]] + names[:: int(every)]


class Run:
    def __init__(self, modules, results, seconds):
        self.results, self.seconds = results, seconds
        stats = json.loads(Path("mutmut-stats.json").read_text())
        self.took, self.tests_of = stats["duration_by_test"], stats["tests_by_mangled_function_name"]
        done = {json.loads(line)["mutant"] for line in results.read_text().splitlines()} if results.exists() else set()
        self.queue = [name for each in modules for name in mutants_of(*each.split("/")) if name not in done]
        self.kills = {}

    def pytest_collection_modifyitems(self, items):
        for item in items:
            drawn = getattr(getattr(item, "obj", None), "_hypothesis_internal_use_settings", None)
            if drawn is not None and drawn.max_examples > EXAMPLES:
                fewer = settings(drawn, max_examples=EXAMPLES, phases=(Phase.explicit, Phase.generate))
                item.obj._hypothesis_internal_use_settings = fewer

    def pytest_runtestloop(self, session):
        self.items = {item.nodeid: item for item in session.items}
        for function, mutants in FUNCTIONS:
            become(function, mutants["_mutmut_orig"])
        self.mutants = {
            f"{function.__module__}.{name}": (function, mutant)
            for function, mutants in FUNCTIONS
            for name, mutant in mutants.items()
        }
        found = (each for each in gc.get_objects() if isinstance(each, functools._lru_cache_wrapper))
        self.caches = [each for each in found if (each.__module__ or "").startswith("app.")]
        gc.freeze()
        running = {}
        with self.results.open("a") as out:
            while self.queue or running:
                while self.queue and len(running) < JOBS:
                    running.update([self.begin(self.queue.pop(0))])
                for read in select.select(list(running), [], [])[0]:
                    out.write(json.dumps(self.end(read, *running.pop(read))) + "\n")
                    out.flush()
        return True

    def begin(self, name):
        tests = self.chosen(name.rpartition("__mutmut_")[0])
        read, write = os.pipe()
        pid = os.fork()
        if pid == 0:
            self.child(name, tests, write)
        os.close(write)
        return read, (pid, name, len(tests))

    def end(self, read, pid, name, count):
        with os.fdopen(read) as pipe:
            by = pipe.read()
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        function = name.rpartition("__mutmut_")[0]
        self.kills[function, by] = self.kills.get((function, by), 0) + 1
        result = "no tests" if not count else WORDS.get(code, "timeout")
        return {"mutant": name, "result": result, "by": by, "tests": count}

    def chosen(self, function):
        """The tests that reach the function; first those that killed its other mutants, then the fastest."""
        reach = sorted((each for each in self.tests_of.get(function, ()) if each in self.items), key=self.took.get)
        names = [each for at, each in enumerate(reach) if at < 25 or self.took[each] < self.seconds]
        names.sort(key=lambda each: -self.kills.get((function, each), 0))
        return [self.items[each] for each in names]

    def child(self, name, tests, write):
        code = 3
        try:
            signal.alarm(WALL_S)
            signal.setitimer(signal.ITIMER_PROF, CPU_S)
            null = os.open(os.devnull, os.O_WRONLY)
            os.dup2(null, 1)
            os.dup2(null, 2)
            if not name.endswith("__mutmut_0"):
                become(*self.mutants[name])
            for cache in self.caches:
                cache.cache_clear()
            gc.disable()
            code = 0
            for item in tests:
                item.repr_failure = untold
                if any(report.failed for report in runtestprotocol(item, log=False, nextitem=None)):
                    os.write(write, item.nodeid.encode())
                    code = 1
                    break
        finally:
            os._exit(code)


if __name__ == "__main__":
    trampoline.set_mutant_under_test("")
    run = Run(sys.argv[1].split(","), Path(sys.argv[2]), float(sys.argv[3]) if len(sys.argv) > 3 else 60.0)
    plugins = ["cacheprovider", "faulthandler", "unraisableexception"]
    options = ["-q", "-s", "--assert=plain", "--tb=no", *(f"-pno:{each}" for each in plugins)]
    sys.exit(pytest.main([*options, "tests/unit/policy"], plugins=[run]))
