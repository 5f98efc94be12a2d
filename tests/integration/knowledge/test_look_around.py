"""What a reader is told beside the diff, out of a real repository."""

from app.knowledge import context
from app.knowledge.context import Around, Touched, look_around

LEDGER = (
    "class Ledger:\n    def settle(self, x):\n        y = x\n        return y\n\n"
    "    def untouched(self):\n        pass\n"
)
CALLER = "from ledger import Ledger\n\nLedger().settle(3)\n"


def touched(path: str, *lines: int) -> Touched:
    return Touched(path, frozenset(lines), frozenset(lines))


async def test_the_function_its_callers_and_its_tests_are_told(mirror, commit):
    sha = commit({"ledger.py": LEDGER, "caller.py": CALLER, "tests/test_ledger.py": CALLER})
    found = await look_around(mirror, sha, [touched("ledger.py", 3), touched("caller.py", 3)])
    function, uses = found["ledger.py"].notes
    assert function.startswith("ledger.py: method Ledger.settle, lines 2 to 4\n     2      def settle(self, x):\n")
    assert uses == (
        "Ledger.settle is named at\n  caller.py:3: Ledger().settle(3)\n"
        "tests name it at\n  tests/test_ledger.py:3: Ledger().settle(3)"
    )
    assert found["ledger.py"].related == ("caller.py",)


async def test_that_no_test_names_it_is_worth_a_line(mirror, commit):
    sha = commit({"ledger.py": LEDGER})
    found = await look_around(mirror, sha, [touched("ledger.py", 3)])
    assert found["ledger.py"].notes[-1] == "Ledger.settle is named nowhere else\nno test names it"


async def test_of_what_was_not_searched_nothing_is_said(mirror, commit):
    sha = commit({"a.py": "def get():\n    x = 1\n    return x\n"})
    (note,) = (await look_around(mirror, sha, [touched("a.py", 2)]))["a.py"].notes
    assert "named" not in note


async def test_files_that_are_gone_or_unknown_have_nothing_around(mirror, commit):
    sha = commit({"a.txt": "x\n", "b.py": b"\xff\xfe\0"})
    files = [touched("gone.py", 1), touched("a.txt", 1), touched("b.py", 1), touched("od\udcffd.py", 1)]
    assert await look_around(mirror, sha, files) == {"gone.py": Around(), "b.py": Around()}


async def test_there_is_an_end_to_what_is_told(mirror, commit, monkeypatch):
    monkeypatch.setattr(context, "_MOST_CHARACTERS", 2_000)
    body = "".join(f"    x{number} = {number}\n" for number in range(20))
    files = {f"f{number:02}.py": f"def function_{number}():\n{body}" for number in range(20)}
    sha = commit(files)
    found = await look_around(mirror, sha, [touched(path, 5) for path in files])
    assert 1_000 < sum(len(note) for each in found.values() for note in each.notes) <= 2_000
    assert found["f00.py"].notes, "what comes first is told first"
