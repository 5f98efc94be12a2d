"""Names that a change takes away, and what was done to files before: told by the real git and the real parsers."""

import subprocess

import pytest

from app.agents.hunks import FileDiff
from app.gitcmd import git
from app.knowledge.histories import find_histories, render_histories
from app.knowledge.removed import Cut, find_removed, render_removed
from app.policy.effort import EFFORTS
from app.sandbox.diffs import parse_diff
from app.workflows.behind import look_behind
from app.workflows.change import Change
from tests.integration.knowledge.conftest import ENV

LEDGER = (
    "RATE_LIMIT = 3\n\n\ndef settle_all(x):\n    return x\n\n\ndef keep(x):\n    y = x\n    return y\n\n\n"
    "class Book:\n    pass\n"
)
USER = "from ledger import Book, settle_all, RATE_LIMIT\n\nBook()\nprint(settle_all(keep(RATE_LIMIT)))\n"


async def told(mirror, commit, before: dict[str, str], after: dict[str, str]) -> str:
    base, head = commit(before), commit(after)
    patch = await git("diff-tree", "-r", "-p", "-M", base, head, git_dir=mirror)
    files = parse_diff(patch)
    cuts = []
    for each in files:
        lines = enumerate(before[each.old_path].split("\n"), start=1) if each.old_path else ()
        left = after.get(each.new_path or "", "").split("\n")
        gone = tuple((number, text) for number, text in lines if text not in left)
        cuts += [Cut(each.old_path, each.new_path, gone)] if gone else []
    return render_removed(await find_removed(mirror, base, head, cuts))


async def test_what_is_gone_and_still_used_is_told_with_the_places(mirror, commit):
    now = "def keep(x):\n    return x\n"
    found = await told(mirror, commit, {"ledger.py": LEDGER, "u.py": USER}, {"ledger.py": now, "u.py": USER})
    assert found == (
        "- RATE_LIMIT was removed from ledger.py (line 1 there) and is still named at\n"
        "  u.py:1: from ledger import Book, settle_all, RATE_LIMIT\n"
        "  u.py:4: print(settle_all(keep(RATE_LIMIT)))\n"
        "- settle_all was removed from ledger.py (line 4 there) and is still named at\n"
        "  u.py:1: from ledger import Book, settle_all, RATE_LIMIT\n"
        "  u.py:4: print(settle_all(keep(RATE_LIMIT)))\n"
        "- Book was removed from ledger.py (line 13 there) and is still named at\n"
        "  u.py:1: from ledger import Book, settle_all, RATE_LIMIT\n"
        "  u.py:3: Book()"
    )


async def test_a_file_that_is_gone_takes_its_names_along(mirror, commit):
    found = await told(mirror, commit, {"ledger.py": LEDGER, "u.py": USER}, {"u.py": USER})
    assert {line.split()[1] for line in found.split("\n") if line.startswith("-")} == {
        "RATE_LIMIT", "settle_all", "keep", "Book",
    }  # fmt: skip


@pytest.mark.parametrize(
    "after",
    [
        # Moved, redefined elsewhere, used by nobody any more, or only changed inside.
        {"ledger.py": "", "other.py": LEDGER, "u.py": USER},
        {"ledger.py": "", "u.py": "print(1)\n"},
        {"ledger.py": LEDGER.replace("    y = x\n", "    y = x + 1\n"), "u.py": USER},
        {"ledger.py": LEDGER.replace("keep(x)", "keep(x, y)"), "u.py": USER},
        {"ledger.py": LEDGER.replace("RATE_LIMIT = 3", "RATE_LIMIT: int = 4"), "u.py": USER},
        {"ledger.py": "", "u.py": f"{LEDGER}\n{USER}"},
        {"ledger.py": "KINDS = {'settle_all': 1}\n", "u.py": 'print("Book")\n'},
        {"ledger.py": "", "u.py": "settle_all = print\nsettle_all(1)\n"},
        # What is too long to be parsed has not lost what it still names.
        {"ledger.py": LEDGER.replace("    y = x\n", "    y = 2\n") + "# long\n" * 90_000, "u.py": "keep(1)\n"},
        {"ledger.py": "", "words.txt": "settle_all Book\n", "lib.go": "package settle_all\n"},
    ],
)
async def test_what_is_not_gone_or_not_used_is_not_told(mirror, commit, after):
    assert await told(mirror, commit, {"ledger.py": LEDGER, "u.py": USER}, after) == ""


async def test_a_name_that_another_file_defines_as_well_is_not_told(mirror, commit):
    """Whose use it is nobody can tell by name."""
    twin = {"u.py": USER, "twin.py": "class Book:\n    pass\n\n\nprint(Book)\n"}
    now = LEDGER.replace("class Book:\n    pass\n", "")
    assert await told(mirror, commit, {"ledger.py": LEDGER, **twin}, {"ledger.py": now, **twin}) == ""


async def test_a_use_in_another_language_is_none(mirror, commit):
    before = {"ledger.py": LEDGER, "a.js": "function other_one() {}\n", "u.js": "settle_all()\n"}
    assert await told(mirror, commit, before, {"u.js": "settle_all()\n"}) == ""


async def test_many_names_and_uses_are_bounded(mirror, commit):
    many = "".join(f"def settle_{number}():\n    pass\n" for number in range(60))
    uses = {f"u{file}.py": "".join(f"settle_{number}()\n" for number in range(60)) for file in range(9)}
    found = await told(mirror, commit, {"ledger.py": many, **uses}, {"ledger.py": "", **uses})
    assert found.count(" was removed from ") == 20
    assert found.count("\n  and 4 times more") == 20


def commits(mirror, *subjects: str) -> str:
    stream = b""
    for number, subject in enumerate(subjects):
        data = subject.encode()
        stream += f"commit refs/heads/main\ncommitter A <a@example.org> {1600000000 + number} +0000\n".encode()
        stream += b"data %d\n%s\nM 100644 inline a.py\ndata 2\n%d\n" % (len(data), data, number % 10)
    subprocess.run(["git", "fast-import", "--quiet", "--force"], cwd=mirror, env=ENV, input=stream, check=True)
    told = subprocess.run(["git", "rev-parse", "main"], cwd=mirror, env=ENV, capture_output=True, check=True)
    return told.stdout.decode().strip()


async def test_the_newest_commits_of_a_file_are_told_and_that_it_was_often_mended(mirror):
    base = commits(mirror, "Start", "Add it", "Fix one", "fixes two", "A bug of three", "Hotfix " + "x" * 200, "More")
    (found, *rest) = await find_histories(mirror, base, ["a.py", "nowhere.py"])
    assert rest == []
    assert (found.mends, found.commits, found.is_often_mended) == (4, 7, True)
    lines = render_histories([found]).split("\n")
    assert lines[0] == "- a.py; 4 of its last 7 commits mended something: look twice"
    assert lines[1] == "  More"
    assert len(lines) == 5
    assert all(len(line) <= 102 for line in lines[1:])


async def test_a_file_that_was_seldom_mended_is_only_told(mirror):
    base = commits(mirror, "Start", "Fix one", "Prefix it", "Suffix it", "Fixture of it")
    (found,) = await find_histories(mirror, base, ["a.py"])
    assert (found.mends, found.is_often_mended) == (1, False)
    assert render_histories([found]).startswith("- a.py\n  Fixture")


async def test_a_file_that_is_changed_all_the_time_is_mended_often_only_by_its_share(mirror):
    base = commits(mirror, *(f"Add {number}" for number in range(10)), "Fix a", "Fix b", "Fix c", "Fix d")
    (found,) = await find_histories(mirror, base, ["a.py"])
    assert (found.mends, found.commits, found.is_often_mended) == (4, 14, False)


async def test_a_file_with_one_commit_has_no_past_to_tell_of(mirror):
    base = commits(mirror, "Start")
    assert await find_histories(mirror, base, ["a.py"]) == []


async def test_a_path_is_no_pattern_and_no_option(mirror):
    base = commits(mirror, "Start", "More")
    assert await find_histories(mirror, base, ["*.py", "--all", ":(glob)**", "a.p?"]) == []


async def test_only_what_the_risk_is_worth_is_looked_up(mirror, commit):
    base, head = commits(mirror, "Start", "More"), commit({"a.py": "x = 2\n"})
    change = Change(head, base, "f", ("a.py",), (), ())
    files = [FileDiff("a.py", "", 1)]
    assert (await look_behind(mirror, change, files, EFFORTS["low"])).histories == ""
    assert (await look_behind(mirror, change, files, EFFORTS["high"])).histories == "- a.py\n  More\n  Start"
