"""At their bounds: which issues are small, how much work a review is, and which files can be a perspective."""

import pytest

from app.policy.effort import EFFORTS
from app.policy.errors import PolicyError
from app.policy.own import MAX_FILE_BYTES, MAX_FILES, OWN_FOLDER, OwnFile, as_text, fault_in, parse_own
from app.policy.smallness import is_small
from tests.support.own import own_file, own_text


@pytest.mark.parametrize(
    ("body", "small"),
    [
        ("x" * 1498, True),
        ("x" * 1499, False),
        ("\n".join(["- point"] * 6), True),
        ("\n".join(["- point"] * 7), False),
        (f"~~~\r\n{'output ' * 300}\r\n~~~\r\nIt does not work.", True),
        ("\r\n" * 1000, True),
        (f"```\r\n{'output ' * 300}\r\n```\r\n{'It does not work. ' * 100}", False),
    ],
)
def test_which_issue_is_small(body, small):
    assert is_small("T", body, ()) is small


def test_turns_are_a_share_of_those_that_a_file_names_and_never_too_few():
    assert [EFFORTS["low"].turns_of(named) for named in (15, 5)] == [9, 4]
    assert EFFORTS["high"].turns_of(15) == 24


def test_what_can_be_shown_to_a_reviewer():
    assert as_text("a.md", b"x" * MAX_FILE_BYTES, "f") == OwnFile("a.md", "x" * MAX_FILE_BYTES, folder="f")
    large, broken = as_text("a.md", b"x" * (MAX_FILE_BYTES + 1), "f"), as_text("a.md", b"ab\xff", "f")

    assert (large.shown, large.text, large.fault) == ("f/a.md", "", "it is larger than 16 KiB")
    assert (broken.shown, broken.text, broken.fault) == ("f/a.md", "", "byte 2 is not UTF-8")


def test_too_many_are_told_of_the_folder():
    files = [own_file(f"w{'o' * at}") for at in range(MAX_FILES)]
    assert len(parse_own(files)) == MAX_FILES
    with pytest.raises(PolicyError) as caught:
        parse_own([*files, own_file()])
    assert str(caught.value).startswith(f"{OWN_FOLDER}, line 1, column 1: there are 21 files")


def test_a_file_is_told_by_which_name_it_can_stay():
    assert "Write `name: wording`" in fault_in([OwnFile("wording.md", own_text("other"))])


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("all", "Take another name."),
        ("a--b", "Take up to 20 lower-case letters, digits and single `-`, a letter first."),
    ],
)
def test_a_name_that_cannot_be_is_told_with_its_remedy(name, remedy):
    told = fault_in([own_file(name)])

    assert told.startswith(f"{OWN_FOLDER}/{name}.md, line 1, column 1: `{name}` ")
    assert told.endswith(remedy)
