"""Ways to get past the council, each tried on a real Quorum: the gate stays closed and GitHub refuses the merge.

Its reviewers block whenever they are shown `EVIL`, or the change of `may_drop_database`, and approve all else. So an
attack that works keeps it from them, or makes an approval count for something that it was not given for.
"""

from collections.abc import Iterator

import pytest
import yaml

from tests.support.intruders import Intruder, script
from tests.support.stories import Theatre

CALLS = ("log", "note", "count", "check", "audit", "trace")
DOOR = "def {}(user):\n" + "".join(f"    {name}(user)\n" for name in CALLS) + "\n\n"
DOORS = DOOR.format("may_see_help") + "x = 0\n" * 150 + DOOR.format("may_drop_database")
CHECK = "    check(user)\n"
CLOSED = {"failure", "action_required"}


@pytest.fixture(scope="module")
def intruder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Intruder]:
    home = tmp_path_factory.mktemp("intruders")
    path = home / "script.yml"
    path.write_text(yaml.safe_dump(script()))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QUORUM_DATA_DIR", str(home))
        with Theatre(f"scripted:{path}") as theatre:
            story = theatre.set_up()
            theatre.start()
            yield Intruder(theatre, story.repo, home / "clone")


@pytest.mark.parametrize(
    ("branch", "files"),
    [
        ("nul", {"tally/evil.js": b"/*\0*/\nEVIL = 1\n"}),
        ("vendored", {"tally/third_party/evil.py": "EVIL = 1\n", "NOTES.md": "Notes.\n"}),
        ("generated", {"tally/evil_pb2.py": "EVIL = 1\n", "NOTES.md": "Notes.\n"}),
        ("locked", {"uv.lock": "EVIL = 1\n"}),
        ("large", {"tally/evil.py": "# padding\n" * 26_000 + "EVIL = 1\n"}),
    ],
)
def test_nothing_is_hidden_from_the_reviewers(intruder: Intruder, branch: str, files: dict[str, str | bytes]):
    head, number = intruder.push(branch, files), intruder.open(branch)
    assert intruder.conclusion(head, number) in CLOSED
    assert not intruder.merged(number)


@pytest.mark.parametrize("files", [{"tally/evil.py": "EVIL = 2\n"}, {"tally/big.py": "# padding\n" * 26_000}])
def test_a_refusal_does_not_go_away_with_another_commit_message(intruder: Intruder, files: dict[str, str | bytes]):
    branch = f"again-{len(str(files))}"
    head, number = intruder.push(branch, files), intruder.open(branch)
    assert intruder.conclusion(head, number) in CLOSED
    head = intruder.reword(branch)
    assert intruder.conclusion(head, number) in CLOSED
    assert not intruder.merged(number)


def test_an_approval_does_not_go_along_to_another_place(intruder: Intruder):
    """The hunk and what stands around it are the same in both places; the file is too long to be shown whole."""
    intruder.push("doors", {"acl.py": DOORS})
    intruder.protect("doors")
    first, last = DOORS.index(CHECK), DOORS.rindex(CHECK)
    opened = CHECK + "    return True\n"
    head = intruder.push("hole", {"acl.py": DOORS[:first] + opened + DOORS[first + len(CHECK) :]}, "doors")
    number = intruder.open("hole", "doors")
    assert intruder.conclusion(head, number) == "success"
    head = intruder.push("hole", {"acl.py": DOORS[:last] + opened + DOORS[last + len(CHECK) :]}, "doors")
    assert intruder.conclusion(head, number) in CLOSED


def test_one_commit_in_two_pull_requests_gets_the_worse_of_both_decisions(intruder: Intruder):
    """GitHub keeps checks by commit: the harmless pull request would open the way for the other."""
    intruder.push("aside", {"tally/evil.py": "EVIL = 3\n"})
    head = intruder.push("double", {"NOTES.md": "Notes.\n"}, "aside")
    evil = intruder.open("double")
    assert intruder.conclusion(head, evil) in CLOSED
    harmless = intruder.open("double", "aside")
    assert intruder.conclusion(head, harmless) in CLOSED
    assert not intruder.merged(evil)


def test_a_change_of_the_same_text_is_let_in_once_it_is_harmless(intruder: Intruder):
    """So that the tests above do not hold because nothing is ever let in."""
    head, number = intruder.push("mended", {"tally/evil.py": "EVIL = 4\n"}), intruder.open("mended")
    assert intruder.conclusion(head, number) in CLOSED
    head = intruder.push("mended", {"tally/evil.py": "GOOD = 4\n"})
    assert intruder.conclusion(head, number) == "success"
    assert intruder.merged(number)
