"""How a project words its commits, learned from those that it has, and applied to a title."""

import pytest

from app.policy.commit_style import PLAIN, Form, Style, is_in_form, learn_style
from app.policy.commit_wording import describe_style, word_subject

CONVENTIONAL = ["fix(split): keep cents", "feat(cli)!: drop py2", "docs: say more", "chore(split): tidy", "fix: typo"]
BRACKET = ["[core] Keep cents", "[cli] Add a flag", "[core] Say more", "[docs] Tell of it", "[core] Tidy up"]
AREA = ["core: keep cents", "cli/run: add a flag", "core: say more", "doc: tell of it", "core: tidy up"]
GITMOJI = [":bug: Keep cents", ":sparkles: Add a flag", ":memo: Say more", ":bug: Tidy", ":art: Sort"]
SIGNS = ["🐛 Keep cents", "✨ Add a flag", "📝 Say more", "🐛 Tidy", "♻️ Sort"]  # fmt: skip
SENTENCES = ["Keep the cents.", "Add a flag.", "Say more.", "Tell of it.", "Tidy up."]


@pytest.mark.parametrize(
    ("messages", "form"),
    [
        (CONVENTIONAL, "conventional"),
        (BRACKET, "bracket"),
        (AREA, "area"),
        (GITMOJI, "gitmoji"),
        (SIGNS, "gitmoji"),
        (SENTENCES, "plain"),
        ([*CONVENTIONAL[:3], *SENTENCES], "plain"),
        (CONVENTIONAL[:4], "plain"),
        (["Merge branch 'a'", "Bump x from 1 to 2", *CONVENTIONAL], "conventional"),
    ],
)
def test_the_form_is_what_most_of_them_have(messages: list[str], form: Form):
    assert learn_style(messages).form == form


def test_what_is_learned_besides():
    style = learn_style([f"{each} (#12)\n\nWhy.\n\nSigned-off-by: Mona <m@example.com>" for each in BRACKET])
    assert style == Style("bracket", ("core", "cli", "docs"), True, False, 72, True, tuple(BRACKET))
    assert learn_style(SENTENCES).full_stop
    assert learn_style(CONVENTIONAL).upper is False
    most = [f"{each}\n\nSigned-off-by: Mona <m@example.com>" for each in CONVENTIONAL]
    assert learn_style(most).signed
    assert not learn_style([*most, "fix: x"]).signed
    assert learn_style([]) == PLAIN


def test_the_writer_is_told_in_a_sentence():
    told = describe_style(learn_style(BRACKET * 4))
    assert told.startswith("A commit's first line here is `[area] what it does`, has at most 50 characters, begins")
    assert "has at most 72 characters" in describe_style(learn_style(BRACKET)), "five may be short by chance"
    assert told.endswith("with a capital letter and ends without a full stop.")


def test_few_commits_or_mixed_ones_say_nothing_of_a_full_stop():
    for messages in (SENTENCES[:4], [*SENTENCES, *(each[:-1] for each in SENTENCES)], []):
        assert "full stop" not in describe_style(learn_style(messages))
    told = describe_style(learn_style(SENTENCES[:4]))
    assert told == (
        "A commit's first line here is one sentence that says what the commit does and has at most 72 characters."
    )
    assert describe_style(learn_style(SENTENCES)).endswith("a capital letter and ends with a full stop.")


WORDED = [
    (CONVENTIONAL, "fix(split): Keep the rest", ["a.py"], "fix(split): keep the rest"),
    (CONVENTIONAL, "Keep the rest.", ["tally/split.py", "tests/test_split.py"], "fix(split): keep the rest"),
    (CONVENTIONAL, "Add a total", ["tally/other.py"], "feat: add a total"),
    (CONVENTIONAL, "Say more", ["README.md"], "docs: say more"),
    (CONVENTIONAL, "Look at nought", ["tests/test_split.py"], "test: look at nought"),
    (CONVENTIONAL, "HTTP errors are told", ["a.py"], "feat: HTTP errors are told"),
    (CONVENTIONAL, "split_evenly keeps the rest", ["a.py"], "feat: split_evenly keeps the rest"),
    (BRACKET, "keep the rest", ["core/split.py"], "[core] Keep the rest"),
    (BRACKET, "keep the rest", ["core/a.py", "cli/b.py"], "Keep the rest"),
    (BRACKET, "[cli] keep the rest", ["core/a.py"], "[cli] Keep the rest"),
    (AREA, "Keep the rest", ["core/split.py"], "core: keep the rest"),
    (GITMOJI, "fix the rest", ["a.py"], ":bug: Fix the rest"),
    (SIGNS, "Add a total", ["a.py"], "✨ Add a total"),
    (SENTENCES, "Keep the rest", ["a.py"], "Keep the rest."),
    ([], "keep the rest", ["a.py"], "keep the rest"),
    (SENTENCES[:4], "Keep the rest.", ["a.py"], "Keep the rest."),
    (SENTENCES[:4], "Keep the rest", ["a.py"], "Keep the rest"),
]


@pytest.mark.parametrize(("messages", "title", "paths", "worded"), WORDED, ids=[str(n) for n in range(len(WORDED))])
def test_a_title_is_worded_as_the_project_does(messages: list[str], title: str, paths: list[str], worded: str):
    style = learn_style(messages)
    assert word_subject(style, title, paths) == worded
    assert word_subject(style, worded, paths) == worded, "nothing is put before it twice"
    assert is_in_form(style, worded) or style.form in {"bracket", "area"}


def test_an_issue_about_a_fault_is_a_fix():
    assert word_subject(learn_style(CONVENTIONAL), "Round to cents", ["a.py"], ["Bug"]) == "fix: round to cents"
