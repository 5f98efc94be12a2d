"""Words that steer work: taken when the line says nothing else, and never when a sentence only begins with one."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.policy.command_words import WORDS_CHARS
from app.policy.commands import Command, parse_command

STEERING = ["stop", "pause", "resume", "fix", "go", "redo", "tell", "priority", "budget", "autonomy", "remember"]
STEERING += ["forget", "explain"]

TAKEN = [
    ("stop", Command("stop")),
    ("stop!", Command("stop")),
    ("stop working on this", Command("stop")),
    ("stop, it deletes everything", Command("stop", reason="it deletes everything")),
    ("cancel because we do it ourselves", Command("stop", reason="we do it ourselves")),
    ("pause", Command("pause")),
    ("please pause for now", Command("pause")),
    ("pause because the release is out", Command("pause", reason="the release is out")),
    ("resume", Command("resume")),
    ("unpause", Command("resume")),
    ("fix", Command("fix")),
    ("fix it", Command("fix")),
    ("fix the findings, please", Command("fix")),
    ("go", Command("go")),
    ("go ahead!", Command("go")),
    ("go for it", Command("go")),
    ("go with the second plan", Command("go", reason="with the second plan")),
    ("go, but keep the old name", Command("go", reason="but keep the old name")),
    ("go ahead with plan B", Command("go", reason="with plan B")),
    ("redo because it is too large", Command("redo", reason="it is too large")),
    ("redo the plan because it is too large", Command("redo", reason="it is too large")),
    ("redo: smaller", Command("redo", reason="smaller")),
    ("redo", Command("redo")),
    ("tell: use the existing helper", Command("tell", reason="use the existing helper")),
    ("tell the tests must stay", Command("tell", reason="the tests must stay")),
    ("priority high", Command("priority", target="high")),
    ("Priority: Low.", Command("priority", target="low")),
    ("priority urgent", Command("priority")),
    ("priority", Command("priority")),
    ("budget 5", Command("budget", target="5")),
    ("budget: $2.50", Command("budget", target="2.50")),
    ("budget 3 USD", Command("budget", target="3")),
    ("budget -5", Command("budget")),
    ("budget 5 or 6", Command("budget")),
    ("budget 1e9", Command("budget")),
    ("budget", Command("budget")),
    ("autonomy 2", Command("autonomy", target="2")),
    ("autonomy 2.5", Command("autonomy", target="2.5")),
    ("remember that we use tabs", Command("remember", reason="we use tabs")),
    ("remember: run\u202e make\tfmt", Command("remember", reason="run make fmt")),
    ("remember", Command("remember")),
    ("forget 12", Command("forget", target="12")),
    ("forget #12", Command("forget", target="12")),
    ("forget we use tabs", Command("forget", reason="we use tabs")),
    ("explain", Command("explain")),
    ("explain the gate", Command("explain")),
    ("why?", Command("explain")),
    ("why is it still not green?", Command("explain")),
]


@pytest.mark.parametrize(("said", "command"), TAKEN, ids=[said[:30] for said, _ in TAKEN])
def test_what_steers(said, command):
    assert parse_command(f"@quorum {said}", "quorum") == command


TALK = [
    "stop using tabs in the tests",
    "pause between the requests, as their API asks for",
    "resume support is missing in the downloader, can you see why",
    "fix the typo in the README",
    "go and read the parser first",
    "go to app/x.py and rename it",
    "redo the tests with fixtures",
    "tell me how the parser works",
    "tell us why",
    "priority inversion is what we see here",
    "budget is spent too fast, why is that",
    "autonomy of the plugin matters more",
    "explain how the tokens are counted",
    "why did you choose a set here?",
    "why is the parser slow?",
]


@pytest.mark.parametrize("said", TALK)
def test_a_sentence_that_only_begins_with_such_a_word_is_talk(said):
    command = parse_command(f"@quorum {said}", "quorum")

    assert command is not None
    assert command.verb == "unknown"
    assert (command.target, command.reason) == ("", "")


@pytest.mark.parametrize("said", ["/stop using tabs", "/explain the parser", "/pause", "/go", "/budget 5"])
def test_a_slash_before_other_words_is_not_said_to_us(said):
    assert parse_command(said, "quorum") is None


PIECES = [" ", "because", "with", ",", ":", "-", "$", "5", "0.5", "high", "low", "the", "plan", "it", "that", "\t", "x"]
rest = st.lists(st.sampled_from([*PIECES, "\u202e", "\u2028", "\x00", "\uff15", "#", "."]), max_size=12).map("".join)


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(STEERING), rest | st.text(max_size=60))
def test_whatever_stands_behind_a_word_it_is_that_word_or_talk_and_its_parts_are_bounded(verb, behind):
    command = parse_command(f"@quorum {verb} {behind}", "quorum")

    assert command is not None
    assert command.verb in {verb, "unknown"}
    numbers = {"budget", "autonomy", "forget"}
    allowed = (
        r"[0-9]{1,9}(\.[0-9]{1,6})?|" if command.verb in numbers else "high|normal|low|" if verb == "priority" else ""
    )
    assert re.fullmatch(allowed, command.target)
    assert len(command.reason) <= WORDS_CHARS
    assert command.reason == " ".join(command.reason.split())
    assert command.reason.isprintable()


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(STEERING), rest)
def test_quoted_or_indented_it_steers_nothing(verb, behind):
    said = re.sub(r"[\r\n]", " ", f"@quorum {verb} {behind}")

    for quoted in (f"> {said}", f"    {said}", f"```\n{said}\n```", f"<!--\n{said}\n-->", f"> he said\n{said}"):
        assert parse_command(quoted, "quorum") is None


@pytest.mark.parametrize("verb", STEERING)
def test_a_line_without_end_is_read_at_a_bounded_cost(verb):
    for piece in ("it ", ", ", "because ", "5", "the plan ", " ", "is this "):
        parse_command(f"@quorum {verb} " + piece * 20_000, "quorum")
