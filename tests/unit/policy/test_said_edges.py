"""What a person's words start: where one sign more or less makes another command of them, or none."""

import pytest

from app.policy.command_words import WORDS_CHARS, one_line_of
from app.policy.commands import Command, is_talk, parse_command

SAID = [
    ("review security", Command("review", target="security")),
    ("Review Security!", Command("review", target="security")),
    ("review this part again", Command("review")),
    ("veto security because no", Command("veto")),
    ("veto at abcdef1234", Command("veto", commit="abcdef1234")),
    ("stop using tabs", Command("unknown", "stop")),
    ("stop because - it breaks!", Command("stop", reason="it breaks!")),
    ("stop , it breaks", Command("stop", reason="it breaks")),
    ("go onit", Command("unknown", "go")),
    ("why isn\u2019t it green?", Command("explain")),
    ("priority high low", Command("unknown", "priority")),
    ("autonomy 2.", Command("autonomy", target="2")),
]


@pytest.mark.parametrize(("said", "command"), SAID, ids=[said for said, _ in SAID])
def test_what_is_said_is_read_to_the_letter(said, command):
    assert parse_command(f"@quorum {said}", "quorum") == command


def test_a_reason_is_kept_up_to_a_length_and_without_a_blank_at_its_end():
    said = parse_command(f"@quorum veto because {'x' * 600}", "quorum")

    assert said is not None
    assert said.reason == "x" * 500
    assert one_line_of(f"{'x' * (WORDS_CHARS - 1)} y") == "x" * (WORDS_CHARS - 1)


@pytest.mark.parametrize(
    ("body", "talk"),
    [
        ("@quorum blah", False),
        ("@quorum !!! hm", False),
        ("@quorum hm what", True),
        ("@quorum don't hm?", True),
        ("@quorum qu\u00e9", True),
        ("\uff20quorum hm", False),
        ("@quorum help me out", False),
    ],
)
def test_words_that_are_no_command_are_talk_and_one_alone_is_a_slip(body, talk):
    command = parse_command(body, "quorum")

    assert command is not None
    assert is_talk(command, body, "quorum") is talk
