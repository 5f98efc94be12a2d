"""What a reader is told beside the diff, out of a real repository."""

import pytest

from app.knowledge import context
from app.knowledge.context import Around, Touched, look_around

LEDGER = (
    "class Ledger:\n    def settle(self, x):\n        y = x\n        return y\n\n"
    "    def untouched(self):\n        pass\n"
)
CALLER = "from ledger import Ledger\n\nLedger().settle(3)\n"


def touched(path: str, *lines: int) -> Touched:
    return Touched(path, frozenset(lines), frozenset(lines))


@pytest.fixture
def nothing_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where files are not small."""
    monkeypatch.setattr(context, "_WHOLE_CHARACTERS", 0)


@pytest.mark.usefixtures("nothing_whole")
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


async def test_small_files_are_shown_whole_of_whatever_kind(mirror, commit):
    """Readers looked most of them up, each for itself."""
    long = "x = 1\n" * 151
    sha = commit(
        {"ledger.py": LEDGER, "api.yaml": "a: 1\r\nb: 2\n", "long.py": long, "seen.txt": "1\n2\n", "i.png": b"\0"}
    )
    asked = [touched("ledger.py", 3), touched("api.yaml", 2), touched("long.py", 3), touched("seen.txt", 1, 2)]
    found = await look_around(mirror, sha, [*asked, touched("i.png", 1)])
    assert found["api.yaml"].notes == ("api.yaml, the whole file\n     1  a: 1\n     2  b: 2",)
    assert found["ledger.py"].notes[0].startswith("ledger.py, the whole file\n     1  class Ledger:\n     2  ")
    assert found["ledger.py"].notes[0].endswith("     7          pass")
    assert not any("lines 2 to 4" in note for note in found["ledger.py"].notes), "it is not shown twice"
    assert not any("whole" in note for note in found["long.py"].notes)
    assert found.keys() == {"ledger.py", "api.yaml", "long.py", "seen.txt"}
    assert found["seen.txt"] == Around(seen_whole=True), "the diff shows all of it"
    assert [path for path, each in found.items() if each.seen_whole] == ["seen.txt"]


async def test_of_code_too_it_is_known_that_the_diff_shows_all_of_it(mirror, commit):
    sha = commit({"ledger.py": LEDGER, "empty.py": "", "i.png": b"1\0"})
    asked = [touched("ledger.py", *range(1, 8)), touched("i.png", 1)]
    found = await look_around(mirror, sha, asked)
    assert found["ledger.py"].seen_whole
    assert not any("whole file" in note for note in found["ledger.py"].notes)
    assert "i.png" not in found


async def test_of_many_small_files_the_first_are_shown_whole(mirror, commit):
    files = {f"f{number:02}.txt": "word " * 30 + "\n" + "y\n" * 100 for number in range(30)}
    sha = commit(files)
    found = await look_around(mirror, sha, [touched(path, 1) for path in files])
    assert "f00.txt" in found
    assert 6_000 < sum(len(note) for each in found.values() for note in each.notes) <= 12_000


async def test_that_no_test_names_it_is_worth_a_line(mirror, commit):
    sha = commit({"ledger.py": LEDGER})
    found = await look_around(mirror, sha, [touched("ledger.py", 3)])
    assert found["ledger.py"].notes[-1] == "Ledger.settle is named in no other code\nno test has this name in it"


async def test_of_what_was_not_searched_nothing_is_said(mirror, commit):
    sha = commit({"a.py": "def get():\n    x = 1\n    return x\n"})
    (note,) = (await look_around(mirror, sha, [touched("a.py", 2)]))["a.py"].notes
    assert "named" not in note


async def test_files_that_are_gone_or_unknown_have_nothing_around(mirror, commit):
    sha = commit({"a.txt": "x\n", "b.py": b"\xff\xfe\0"})
    files = [touched("gone.py", 1), touched("a.txt", 1), touched("b.py", 1), touched("od\udcffd.py", 1)]
    assert await look_around(mirror, sha, files) == {
        "gone.py": Around(),
        "b.py": Around(),
        "a.txt": Around(seen_whole=True),
    }


async def test_there_is_an_end_to_what_is_told(mirror, commit, monkeypatch):
    monkeypatch.setattr(context, "_MOST_CHARACTERS", 2_000)
    body = "".join(f"    x{number} = {number}\n" for number in range(20))
    files = {f"f{number:02}.py": f"def function_{number}():\n{body}" for number in range(20)}
    sha = commit(files)
    found = await look_around(mirror, sha, [touched(path, 5) for path in files])
    assert 1_000 < sum(len(note) for each in found.values() for note in each.notes) <= 2_000
    assert found["f00.py"].notes, "what comes first is told first"


@pytest.mark.usefixtures("nothing_whole")
async def test_names_of_images_tables_and_resources_are_looked_for_where_they_are_used(mirror, commit):
    head = commit({
        "Dockerfile": "FROM python:3.12 AS builder\nRUN make\n\nFROM debian:12\nCOPY --from=builder /x /x\n",
        "compose.yml": "services:\n  web:\n    build: {target: builder}\n",
        "m/1.sql": "CREATE TABLE parcels (\n  id int,\n  weight int\n);\n",
        "models.py": 'TABLE = "parcels"\n',
        "infra/main.tf": 'resource "aws_sqs_queue" "inbound" {\n  name = "in"\n  delay = 5\n}\n',
        "infra/out.tf": 'output "url" {\n  value = aws_sqs_queue.inbound.url\n}\n',
        "inbound.py": "inbound = 1\n",
    })  # fmt: skip
    lines = {"Dockerfile": 2, "m/1.sql": 3, "infra/main.tf": 3}
    files = [Touched(path, frozenset({line}), frozenset({line})) for path, line in lines.items()]
    around = await look_around(mirror, head, files)
    notes = {path: "\n".join(each.notes) for path, each in around.items()}
    assert "Dockerfile: stage builder, lines 1 to 3" in notes["Dockerfile"]
    assert "Dockerfile:5: COPY --from=builder" in notes["Dockerfile"]
    assert "compose.yml:3:" in notes["Dockerfile"]
    assert 'models.py:1: TABLE = "parcels"' in notes["m/1.sql"]
    assert "resource aws_sqs_queue.inbound, lines 1 to 4" in notes["infra/main.tf"]
    assert "infra/out.tf:2: value = aws_sqs_queue.inbound.url" in notes["infra/main.tf"]
    assert "inbound.py" not in notes["infra/main.tf"]
    assert "no test has this name in it" not in "".join(notes.values())


HELPERS = (
    "def _quiet(x):\n    return x\n\n\ndef loud(x):\n    return x\n\n\ndef lonely(x):\n    return x\n\n\n"
    "def both(x):\n    return _quiet(loud(x))\n"
)


@pytest.mark.usefixtures("nothing_whole")
async def test_that_nobody_names_it_is_said_of_what_others_could_use_and_nobody_does(mirror, commit):
    """Nothing of what is private, and nothing of what is used beside it."""
    sha = commit({"a.py": HELPERS, "tests/test_a.py": "both(1)\n"})
    (each,) = (await look_around(mirror, sha, [touched("a.py", 2, 6, 10)])).values()
    told = "\n".join(each.notes)
    assert "loud is named at\n  a.py:14: return _quiet(loud(x))" in told
    assert "_quiet is named at\n  a.py:14:" in told
    assert told.count("no test has this name in it") == 1
    assert "lonely is named in no other code\nno test has this name in it" in told


async def test_what_stands_before_the_reader_is_not_told_again(mirror, commit):
    sha = commit({"a.py": HELPERS, "b.py": "from a import loud\n"})
    told = "\n".join((await look_around(mirror, sha, [touched("a.py", 2, 6, 10)]))["a.py"].notes)
    assert told.startswith("a.py, the whole file")
    assert "\nloud is also named at\n  b.py:1: from a import loud\n" in told
    assert "a.py:14" not in told
    assert "_quiet is" not in told


STEPS = "    step()\n" * 30


async def test_tests_get_less_room_than_code(mirror, commit):
    long = "".join(f"def f{number}():\n{STEPS}\n" for number in range(40))
    sha = commit({"a.py": long, "tests/test_a.py": long})
    both = [touched(path, *range(2, 1200, 32)) for path in ("a.py", "tests/test_a.py")]
    code, tests = (await look_around(mirror, sha, both)).values()
    assert sum(map(len, code.notes)) > 2 * sum(map(len, tests.notes)) > 2000


async def test_what_is_named_late_in_a_long_file_is_found(mirror, commit):
    long = "".join(f"other_name({number})\n" for number in range(35))
    sha = commit(
        {"a.py": "def first_name(x):\n    x = 1\n\n\ndef other_name(x):\n    x = 1\n", "b.py": f"{long}first_name(1)\n"}
    )
    told = (await look_around(mirror, sha, [touched("a.py", 2, 6)]))["a.py"].notes
    assert any(note.startswith("first_name is named at\n  b.py:36:") for note in told)


async def test_that_nobody_calls_a_test_is_not_said_of_one_that_stands_in_the_file_itself(mirror, commit):
    tests = "mod tests {\n    fn small_fits() {\n        let x = 1;\n    }\n}\n"
    code = f"pub fn fits(n: u32) -> bool {{\n    n < 3\n}}\n\n{tests}"
    sha = commit({"src/lib.rs": code})
    (each,) = (await look_around(mirror, sha, [touched("src/lib.rs", 2, 7)])).values()
    told = "\n".join(each.notes[1:])
    assert "fits is named in no other code" in told
    assert "small_fits" not in told
