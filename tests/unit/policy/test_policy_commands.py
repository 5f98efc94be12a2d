"""What counts as a command in a comment, and above all what does not."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.policy.commands import Command, is_addressed, parse_command

TAKEN = [
    ("@quorum review", "review"),
    ("@Quorum REVIEW", "review"),
    ("@quorum[bot] review", "review"),
    ("@quorum: review", "review"),
    ("@quorum, please review this again", "review"),
    ("@quorum full review", "review"),
    ("@quorum re-review", "review"),
    ("@quorum review!", "review"),
    ("@quorum review --model=other --skip security", "review"),
    ("@quorum explain", "explain"),
    ("@quorum why is this blocked?", "explain"),
    ("@quorum status", "status"),
    ("@quorum retry", "retry"),
    ("@quorum rerun", "retry"),
    ("@quorum stop", "stop"),
    ("@quorum cancel", "stop"),
    ("@quorum help", "help"),
    ("/review", "review"),
    ("/Retest", "retry"),
    ("/help me", "help"),
    ("Good point.\n\n@quorum review\n", "review"),
    ("Good point.\n@quorum review", "review"),
    ("windows\r\n@quorum stop\r\n", "stop"),
    ("old mac\r@quorum stop", "stop"),
    ("> quoted\n\n@quorum review", "review"),
    ("```\nlog\n```\n@quorum retry", "retry"),
    ("~~~\nlog\n~~~\n@quorum retry", "retry"),
    ("````\n```\n@quorum stop\n````\n@quorum retry", "retry"),
    ("`code`\n\n@quorum retry", "retry"),
    ("see <https://example.com/x>\n@quorum retry", "retry"),
    ("@quorum status\n@quorum stop", "status"),
    ("\uff20quorum \uff52eview", "review"),
]


@pytest.mark.parametrize(("body", "verb"), TAKEN)
def test_a_plain_line_is_a_command(body, verb):
    assert parse_command(body, "quorum") == Command(verb)


ABOUT = [
    ("@quorum override testing because CI is down", Command("override", "", "testing", "", "CI is down")),
    ("@quorum Override Testing at 0123abc Because of Bob", Command("override", "", "testing", "0123abc", "of Bob")),
    ("@quorum override testing", Command("override", "", "testing")),
    ("@quorum override because I say so", Command("override", "", "", "", "I say so")),
    ("@quorum veto because it breaks the API", Command("veto", "", "", "", "it breaks the API")),
    ("/hold since we ship on Friday", Command("veto", "", "", "", "we ship on Friday")),
    ("@quorum withdraw", Command("withdraw")),
    ("@quorum withdraw testing", Command("withdraw", "", "testing")),
    ("/unhold", Command("withdraw")),
    ("@quorum dismiss 0123abcd because it is meant so", Command("dismiss", "", "0123abcd", "", "it is meant so")),
    ("@quorum dismiss 0123abcd as it\u202eis meant so", Command("dismiss", "", "0123abcd", "", "it is meant so")),
]


@pytest.mark.parametrize(("body", "command"), ABOUT, ids=[body[:30] for body, _ in ABOUT])
def test_what_a_word_is_about_and_why(body, command):
    assert parse_command(body, "quorum") == command


NOT_TAKEN = {
    "in a sentence": "thanks @quorum review",
    "another name": "@quorum-two review",
    "a team": "@quorum/team review",
    "a longer name": "@quorums review",
    "an unknown slash": "/lgtm",
    "a longer slash word": "/reviewers",
    "a path": "/review/me",
    "a quotation": "> @quorum stop",
    "a quotation without a space": ">@quorum stop",
    "a lazy quotation": "> they said\n@quorum stop",
    "a lazy quotation in a list": "- > they said\n@quorum stop",
    "a nested quotation": "> > deep\n@quorum stop",
    "a fence": "```\n@quorum stop\n```",
    "a fence with a language": "```text\n@quorum stop\n```",
    "a fence of tildes": "~~~\n@quorum stop\n~~~",
    "a fence with the other sign inside": "```\n~~~\n@quorum stop\n```",
    "a fence that a shorter one does not close": "````\n```\n@quorum stop\n````",
    "a fence that is not closed by words": "```\n``` x\n@quorum stop\n```",
    "a fence that is never closed": "```\n@quorum stop",
    "a fence that fullwidth signs do not close": "```\n\uff40\uff40\uff40\n@quorum stop\n```",
    "a fence in a list": "- ```\n  @quorum stop\n  ```",
    "a fence after a fence in a list": "- ```\n  x\n  ```\n\n```\n@quorum stop\n```",
    "an indented fence": "  ```\n\n@quorum stop\n  ```",
    "an indented fence of tildes": "  ~~~\n@quorum stop\n  ~~~",
    "indented code": "    @quorum stop",
    "a tab": "\t@quorum stop",
    "one space": " @quorum stop",
    "a list": "- @quorum stop",
    "a heading": "# @quorum stop",
    "a span of code": "`@quorum stop`",
    "a span over lines": "see `this\n@quorum stop\nthat`",
    "a span after an escaped sign": "\\` `code\n@quorum stop\n`",
    "mathematics": "$$\n@quorum stop\n$$",
    "an HTML comment": "<!-- @quorum stop -->",
    "an HTML comment over lines": "<!--\n@quorum stop\n-->",
    "an HTML comment that is never closed": "<!--\n\n@quorum stop",
    "an HTML comment with a fence": "<!--\n```\n-->\n```\n@quorum stop\n```",
    "preformatted text": "<pre>\n\n@quorum stop\n</pre>",
    "a quotation in HTML": "<blockquote>\n\n@quorum stop\n\n</blockquote>",
    "a fence that HTML swallows": "<div>\n```\n\n```\n@quorum stop\n```",
    "a fullwidth quotation": "\uff1e @quorum stop",
    "an invisible sign before": "\u200b@quorum stop",
    "an invisible sign within": "@quo\u200brum stop",
    "a line that only Unicode knows": "words\u2028@quorum stop",
    "a form feed": "words\x0c@quorum stop",
    "nothing": "",
}


@pytest.mark.parametrize("body", NOT_TAKEN.values(), ids=NOT_TAKEN.keys())
def test_what_is_quoted_hidden_or_code_is_no_command(body):
    assert parse_command(body, "quorum") is None


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("@quorum merge", "merge"),
        ("@quorum", ""),
        ("@quorum ![x](y)", ""),
        ("@quorum rev\u200biew", "rev"),
        ("@quorum reviewing", "reviewing"),
        ("@quorum " + "a" * 500, ""),
        ("@quorum please", "please"),
    ],
)
def test_an_unknown_verb_is_unknown_and_gives_back_one_clean_word(body, text):
    assert parse_command(body, "quorum") == Command("unknown", text)


def test_the_slug_is_taken_as_text_and_not_as_a_pattern():
    assert parse_command("@a.c review", "a.c") == Command("review")
    assert parse_command("@abc review", "a.c") is None


@pytest.mark.parametrize("body", ["thanks, @quorum!", "> @quorum stop", "/status", "@QUORUM"])
def test_the_first_look_is_generous(body):
    assert is_addressed(body, "quorum")


@pytest.mark.parametrize("body", ["", "quorum", "me@quorum.example", "@quorum-two", "/lgtm", "see /review"])
def test_the_first_look_does_not_wake_for_others(body):
    assert not is_addressed(body, "quorum")


SIGNS = [
    "@quorum ",
    "stop",
    "go",
    "budget 5",
    "remember x",
    "/review",
    "\n",
    "\r\n",
    "```",
    "~~~",
    "`",
    "> ",
    "- ",
    "    ",
    "<!--",
    "-->",
    "<pre>",
]
ODD_SIGNS = ["</pre>", "\\", "$$", " ", "\u200b", "\uff20", "\ufb01", "\x00", "\ud800", "x"]
pieces = st.lists(st.sampled_from(SIGNS + ODD_SIGNS), max_size=40).map("".join)


@settings(max_examples=150, deadline=None)
@given(pieces | st.text(max_size=200), st.sampled_from(["quorum", "a.b", "x" * 34]))
def test_any_text_is_a_command_of_the_closed_set_or_none(body, slug):
    command = parse_command(body, slug)

    verbs = {"explain", "review", "status", "retry", "stop", "help", "unknown"}
    verbs |= {"override", "veto", "withdraw", "dismiss", "fix", "go", "redo", "tell", "pause", "resume", "priority"}
    verbs |= {"budget", "autonomy", "remember", "forget"}
    assert command is None or command.verb in verbs
    assert command is None or command.verb == "unknown" or not command.text
    assert isinstance(is_addressed(body, slug), bool)


@settings(max_examples=200, deadline=None)
@given(pieces)
def test_nothing_in_an_open_fence_or_under_html_is_ever_taken(body):
    indented = "\n".join(f"    {line}" for line in body.replace("\r\n", "\n").split("\n"))

    assert parse_command("<!-- \n" + body, "quorum") is None
    assert parse_command("````````````````\n" + body.replace("`", "'"), "quorum") is None
    assert parse_command(indented, "quorum") is None
    assert parse_command("\n".join(f"> {line}" for line in body.replace("\r\n", "\n").split("\n")), "quorum") is None


LONG = [
    "`" * 65_000,
    "> " * 32_000,
    "<" * 65_000,
    "\n" * 65_000,
    "@quorum " * 8_000,
    "- " * 30_000 + ">",
    "1. " * 20_000,
]


@pytest.mark.parametrize("body", LONG, ids=range(len(LONG)))
def test_long_comments_are_read_at_a_bounded_cost(body):
    began = time.thread_time()

    parse_command(body, "quorum")
    is_addressed(body, "quorum")

    assert time.thread_time() - began < 2
