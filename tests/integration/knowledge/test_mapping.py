"""A map of a repository, out of a real one: short, whole where it can be, and about what the issue is about."""

import subprocess

import pytest

from app.knowledge.mapping import MOST_CHARACTERS, map_repository

LEDGER = (
    "class Ledger:\n    def settle(self, x):\n        return x\n\n\nLIMIT = 3\n\n\ndef round_up(x):\n    return x\n"
)
OTHER = "def other():\n    return 1\n"


def names_of(mirror, sha: str) -> list[str]:
    command = ["git", "ls-tree", "-r", "--name-only", sha]
    return subprocess.run(command, cwd=mirror, capture_output=True, check=True, text=True).stdout.split("\n")[:-1]


async def test_a_small_project_is_listed_whole_and_opened_where_the_issue_says(mirror, commit):
    sha = commit({"a/other.py": OTHER, "ledger.py": LEDGER, "README.md": "# Hi\n"})
    told = await map_repository(mirror, sha, names_of(mirror, sha), "Cents get lost in `Ledger.settle`")
    names, _, symbols = told.partition("\n\nWhat the likeliest files define, by line:\n\n")
    assert names.split("\n") == ["README.md", "a/other.py", "ledger.py"]
    assert symbols.split("\n") == [
        "ledger.py",
        "  1: class Ledger",
        "  2: method Ledger.settle",
        "  9: function round_up",
    ]


async def test_a_large_project_is_shown_by_folders_and_only_what_the_issue_names_is_opened(mirror, commit):
    files = {f"part{number % 90}/sub/module_{number}.py": OTHER for number in range(400)}
    sha = commit({**files, "setup.cfg": "", "deep/down/ledger.py": LEDGER, "deep/user.py": "from x import round_up\n"})
    told = await map_repository(mirror, sha, names_of(mirror, sha), "round_up is wrong")
    assert "403 files, in folders:" in told
    assert "part0/sub/ (5 files)" in told
    assert "setup.cfg" in told
    symbols = told.partition("define, by line:\n\n")[2]
    assert symbols.startswith("deep/down/ledger.py\n")
    assert "module_" not in symbols


async def test_stubs_come_behind_the_code_that_they_are_of(mirror, commit):
    sha = commit({"a/ledger.pyi": LEDGER, "z/ledger.py": LEDGER})
    told = await map_repository(mirror, sha, names_of(mirror, sha), "Cents get lost in `Ledger.settle`")
    assert told.index("z/ledger.py\n  1:") < told.index("a/ledger.pyi\n  1:")


async def test_a_method_is_never_shown_without_its_class(mirror, commit):
    named = [f"named_{number}" for number in range(30)]
    inner = "".join(f"        def {name}(self):\n            pass\n\n" for name in named)
    sha = commit({"a.py": f"{OTHER}\n\nclass Outer:\n    class Inner:\n{inner}"})
    told = await map_repository(mirror, sha, names_of(mirror, sha), " ".join(named))
    assert "  5: class Outer\n  6: class Outer.Inner\n  7: method Outer.Inner.named_0\n" in told


async def test_a_file_that_is_named_by_its_path_comes_before_all_others(mirror, commit):
    sha = commit({"x/other.py": OTHER, "ledger.py": LEDGER})
    told = await map_repository(mirror, sha, names_of(mirror, sha), "See x/other.py; it uses round_up")
    assert told.partition("define, by line:\n\n")[2].startswith("x/other.py\n")


async def test_it_never_takes_more_room_than_it_may(mirror, commit):
    long = "".join(f"def function_with_a_long_name_{number}():\n    pass\n" for number in range(200))
    sha = commit({f"folder_{number}/{'long' * 9}_{number}.py": long for number in range(300)})
    told = await map_repository(mirror, sha, names_of(mirror, sha), "function_with_a_long_name_3")
    assert len(told) <= MOST_CHARACTERS + 100


async def test_without_files_or_grammars_there_is_just_what_there_is(mirror, commit):
    sha = commit({"notes.txt": "x"})
    assert await map_repository(mirror, sha, names_of(mirror, sha), "`notes` \0 are wrong") == "notes.txt"
    assert await map_repository(mirror, sha, [], "") == ""


CHECKS = "".join(f"def check_{number}(x):\n    return x\n\n\n" for number in range(30))
SHORT = f"{CHECKS}class In:\n    def __init__(self, container):\n        self.container = container\n"


def defined_in(told: str) -> list[str]:
    return told.partition("define, by line:\n\n")[2].split("\n")


@pytest.mark.parametrize("about", ["`In` cannot sort", "In([1, 'a']) cannot sort", "`checks.In` cannot sort"])
async def test_a_class_with_a_short_name_is_found_among_many(mirror, commit, about: str):
    sha = commit({"pkg/checks.py": SHORT, "pkg/other.py": OTHER, "tests/test_in.py": "from pkg.checks import In\n"})
    told = defined_in(await map_repository(mirror, sha, names_of(mirror, sha), about))
    assert told[0] == "pkg/checks.py"
    assert "  121: class In" in told
    assert "  122: method In.__init__" in told
    assert "pkg/other.py" not in told


async def test_code_that_is_named_comes_before_tests_and_without_what_is_not(mirror, commit):
    """The whole name counts: `fledger.py` is another file."""
    tests = "def test_settle():\n    round_up(1)\n\n\ndef test_ledger():\n    round_up(2)\n"
    files = {f"pkg/m{number}.py": OTHER for number in range(8)}
    files |= {
        "pkg/ledger.py": LEDGER,
        "fledger.py": OTHER,
        "tests/test_ledger.py": tests,
        "pkg/user.py": "round_up(1)\n\n\ndef use():\n    pass\n",
    }
    sha = commit(files)
    about = "`test_ledger` shows that round_up in pkg.ledger is wrong, see ledger.py"
    told = defined_in(await map_repository(mirror, sha, names_of(mirror, sha), about))
    assert [line for line in told if line.endswith(".py")] == ["pkg/ledger.py", "pkg/user.py", "tests/test_ledger.py"]
