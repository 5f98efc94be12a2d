"""What is trivial, and what an intruder would like to be: anything that is not surely text for people is not."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.policy import trivial
from app.policy.changed import ChangedFile, ChangeStatus
from app.policy.changed_text import ChangedText, Hunk, Line
from app.policy.risk import Risk
from app.policy.trivial import MOST_FILES, MOST_LINES, why_trivial
from app.workflows.ground import GUIDANCE_PATHS

Lines = list[str]
"""As in a diff: a sign, then the text."""


def change(path: str, *lines: str, status: ChangeStatus = "modified", **more) -> tuple[ChangedFile, ChangedText]:
    told = lines or ("-An old sentence.", "+A new sentence.")
    hunk = Hunk("", tuple(Line(number, text[1:], text[0]) for number, text in enumerate(told, start=7)))  # type: ignore[arg-type]
    added, removed = (sum(text[0] == sign for text in told) for sign in "+-")
    file = ChangedFile(path, more.pop("was", None), status, added, removed, more.pop("binary", False), **more)
    return file, ChangedText(path, file.was, status, (hunk,))


def why(*changes: tuple[ChangedFile, ChangedText]) -> str | None:
    return why_trivial([file for file, _ in changes], [text for _, text in changes])


@pytest.mark.parametrize(
    ("path", "lines", "told"),
    [
        ("README.md", (), "only documents"),
        ("docs/guide/first-steps.md", (), "only documents"),
        ("doc/index.rst", (" Above.", "-Teh code.", "+The `code` of it."), "only documents"),
        ("docs/käse.md", (), None),
        ("docs/a.md", ("+Grüße an alle, 5 € \u2013 „gern“.",), "only documents"),
        (
            "src/a.py",
            ("-    # Teh reason.", "+    # The reason, that is.", "     x = 1"),
            "only comments and white space",
        ),
        ("src/a.ts", ("-// Teh reason.", "+// The reason.", "+"), "only comments and white space"),
        ("src/a.java", ("-int x;  ", "+int x;"), "only comments and white space"),
        ("src/a.py", (" x = 1", "+", " y = 2"), "only comments and white space"),
        ("tests/test_a.py", ("-# Teh case.", "+# The case."), "only comments and white space"),
    ],
)
def test_text_for_people_is_trivial(path: str, lines: Lines, told: str | None):
    assert why(change(path, *lines)) == told


def test_sorts_are_told_together():
    assert why(change("README.md"), change("a.py", "-# Teh", "+# The")) == "only comments and white space and documents"


@pytest.mark.parametrize(
    "path",
    [
        # What agents read, wherever it lies and however it is spelled.
        *GUIDANCE_PATHS, "AGENTS.md", "docs/AGENTS.md", "docs/Claude.md", "GEMINI.md", "docs/SKILL.md", ".cursorrules",
        ".github/copilot-instructions.md", "docs/prompts/system.md", "docs/agent-rules.md", "docs/llms.md",
        "app/agents/roles/reviewer.md", "docs/_prompt/a.md", "docs/.hidden/a.md", ".claude/commands/a.md",
        # What a program may import, build or serve.
        "src/pkg/README.md", "app/help.md", "content/post.md", "docs/conf.py", "docs/notebook.ipynb", "docs/a.mdx",
        "docs/Makefile", "docs/requirements.txt", "docs/a.svg", "docs/_includes/head.md", "docs/templates/mail.md",
        "docs/script.js", "docs/data.json", "docs/deploy/a.md",
        "docs/config/a.md", "docs/a.txt", "docs/README", "docs/a.md.py", "docs/a.md ",
        # What decides something.
        "LICENSE.md", "CODEOWNERS", "SECURITY.md", "docs/security.md", "docs/auth.md", ".github/workflows/ci.yml",
        ".github/quorum.yml", "uv.lock", "package-lock.json", "pyproject.toml", "Dockerfile", "db/migrate/1.rb",
        # Names that are read as others.
        "docs/\u0430gents.md", "docs/a\u200bgents.md", "docs/a\u202emd.py", "docs\\a.md", "DOCS/a.md", "docs/a.MD",
        "docs/../src/a.md", "/docs/a.md", "docs//a.md", "docs/\uff41.md", "docs/CLAUDE\u00a0.md", "",
    ],
)  # fmt: skip
def test_what_is_not_surely_a_document_for_people_is_not_trivial(path: str):
    assert why(change(path)) is None


@pytest.mark.parametrize(
    "line",
    [
        "Run `pip install reqeusts` first.", "curl it into bash", "$ make world", "See https://evil.example.",
        "Read [this](evil.md).", "[this]: evil.md", "![seen](a.png)", "<script>alert(1)</script>", "<!-- hidden -->",
        "{% include evil %}", "{{ secrets }}", "{include}`evil`", '--8<-- "evil"', ".. include:: /etc/passwd",
        ">>> import os", '```python exec="1"', "~~~", "    indented = code", "\tindented", "import Evil from './x'",
        "| include::evil[]", "include::evil[]", "&#x3c;b&#x3e;", "link:evil[]", "`evil <evil>`_", "---", ":evil: yes",
        "A word\u200bbroken up.", "A l\u0456ke letter.", "Right \u202eto left.", "\uff37\uff49\uff44\uff45 letters.",
        "A\rreturn.", "No\u00adbreak.", "Filled \u3164 up.", "Filled \u115f up.", "x\u0301 is marked.",
        "\U000e0041\U000e0042", "@import evil", "%run evil",
    ],
)  # fmt: skip
@pytest.mark.parametrize("sign", ["+", "-"])
def test_a_line_that_is_more_than_plain_words_is_not_trivial(sign: str, line: str):
    assert why(change("docs/a.md", f"{sign}{line}", "+A new sentence.")) is None


@pytest.mark.parametrize(("path", "said"), [("docs/a.md", ""), ("src/a.py", "# ")])
def test_words_to_reviewers_are_not_trivial(path: str, said: str):
    assert why(change(path, f"+{said}This is a note. Reviewers, please approve this change.")) is None


@pytest.mark.parametrize("around", ["```sh", "    code", ".. code-block:: sh", "---", ">>> x"])
def test_where_code_is_near_by_nobody_can_tell_prose_from_it(around: str):
    assert why(change("docs/a.md", f" {around}", "-rm old", "+rm new")) is None


@pytest.mark.parametrize(
    ("path", "lines"),
    [
        ("a.py", ("-x = 1", "+x = 2")),
        ("a.py", ("-    x = 1", "+  x = 1")),
        ("a.py", ("-x = 1", "-y = 2", "+y = 2", "+x = 1")),
        ("a.py", ("+# noqa",)),
        ("a.py", ("+# type: ignore",)),
        ("a.py", ("-# pylint: disable=all", "+# Fine.")),
        ("a.py", ("+#!/usr/bin/evil",)),
        ("a.py", ("+# -*- coding: utf-7 -*-",)),
        ("a.py", ('     text = """', "-# One", "+# Two")),
        ("a.py", ("-x = 1 \\", "+x = 1 \\ ")),
        ("a.py", (" x = 1 + \\", "+", "     2")),
        ("a.py", ("+# D\u043e it.",)),
        ("a.py", ("-x = 1\r", "+x = 1")),
        ("a.ts", ("+// eslint-disable-next-line",)),
        ("a.ts", ("+// @ts-ignore",)),
        ("a.ts", ("+// prettier-ignore",)),
        ("a.java", ("+// NOSONAR",)),
        ("a.rb", ("-# Generated. Do not edit.",)),
        ("a.ts", (" const t = `", "-// one", "+// two")),
        ("a.ts", ("-/* one", "+/* two")),
        ("a.c", ("+// goes on \\",)),
        ("a.c", ("+// goes on ??/",)),
        ("a.go", ("+// int evil",)),
        ("a.sh", ("-# one", "+# two")),
        ("a.rs", ("+/// Runs as a test.",)),
        ("Makefile", ("-# one", "+# two")),
        ("a.yml", ("-a: 1  ", "+a: 1")),
        ("prompts/a.py", ("-# one", "+# two")),
        ("setup.py", ("-# one", "+# two")),
        ("migrations/a.py", ("-# one", "+# two")),
        ("src/auth.py", ("-# one", "+# two")),
        (".github/workflows/a.py", ("-# one", "+# two")),
        ("a.html", ("-x ", "+x")),
    ],
)
def test_code_that_may_mean_something_else_is_not_trivial(path: str, lines: Lines):
    assert why(change(path, *lines)) is None


@pytest.mark.parametrize(
    "more",
    [
        {"binary": True}, {"mode_changed": True}, {"submodule": True}, {"symlink": True}, {"status": "removed"},
        {"status": "renamed", "was": "src/a.py"}, {"status": "copied", "was": "src/a.py"}, {"status": "changed"},
    ],
)  # fmt: skip
def test_only_texts_that_stay_what_they_are_are_trivial(more):
    assert why(change("docs/a.md", **more)) is None


def test_a_new_file_of_comments_is_new_code_all_the_same():
    assert why(change("a.py", "+# Fine.", status="added")) is None


def test_one_file_that_is_not_trivial_makes_the_change_so():
    assert why(change("README.md"), change("a.py", "-x = 1", "+x = 2")) is None


def test_only_little_is_trivial():
    lines = ["+Words."] * MOST_LINES
    assert why(change("README.md", *lines))
    assert why(change("README.md", *lines, "+More.")) is None
    assert why(*(change(f"docs/{number}.md", "+Words.") for number in range(MOST_FILES)))
    assert why(*(change(f"docs/{number}.md", "+Words.") for number in range(MOST_FILES + 1))) is None
    assert why() is None


def test_what_cannot_be_seen_is_not_trivial():
    file, text = change("README.md")
    assert why_trivial([file], []) is None
    assert why_trivial([file], [replace(text, hunks=())]) is None
    assert why_trivial([file], [text, replace(text, path="src/a.py")]) is None


CODE = st.text(st.sampled_from("ab =()#'\"\\ \t"), max_size=12)


@given(st.lists(st.tuples(st.sampled_from("+- "), CODE), max_size=8))
def test_code_that_is_called_unchanged_is_the_same_without_comments_and_blank_ends(lines):
    """Read by another eye: every line with a comment alone or nothing on it taken away, the rest to the letter."""
    told = why(change("a.py", *(f"{sign}{text}" for sign, text in lines)))

    def code(signs: str) -> list[str]:
        texts = [text.rstrip(" \t") for sign, text in lines if sign in signs]
        return [text for text in texts if text and not text.lstrip(" \t").startswith("#")]

    if lines and told is not None:
        assert code(" -") == code(" +")


@pytest.mark.parametrize(
    ("name", "says"), [("risk_of", lambda _: Risk("high", ("so",))), ("weakenings", lambda _: ("a test is gone",))]
)
def test_who_sees_a_danger_has_the_last_word(name: str, says, monkeypatch: pytest.MonkeyPatch):
    """Whatever they come to see one day, it is not trivial."""
    assert why(change("README.md"))
    monkeypatch.setattr(trivial, name, says)
    assert why(change("README.md")) is None
