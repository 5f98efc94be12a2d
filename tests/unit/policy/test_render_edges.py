"""A decision's page to the letter: rows, what is cut, and whose words come first."""

import pytest

from app.policy import render
from app.policy.decision import Decision, Node
from app.policy.render import code, render_decision


def decision(*children, notes=()):
    return Decision("blocked", "Do this", Node("gate", "blocked", "so", children), notes)


def test_a_page_has_its_title_notes_rows_and_quotes():
    inner = Node("inner", "pending", "not yet", (Node("leaf", "error", "stuck"),), advisory=True)
    good, bad = Node("good", "approved", "fine", quotes=("a",)), Node("bad", "blocked", "wrong", quotes=("b", "c"))
    page = render_decision(decision(good, Node("outer", "blocked", "why", (inner,)), bad, notes=("Look.",)))

    assert page == (
        "**Do this**\n\n> Look.\n\n| rule | | because |\n|---|---|---|\n"
        "| good | approved | fine |\n"
        "| outer | **blocked** | why |\n"
        "| &nbsp;&nbsp;inner (advice) | waiting | not yet |\n"
        "| &nbsp;&nbsp;&nbsp;&nbsp;leaf | **needs a person** | stuck |\n"
        "| bad | **blocked** | wrong |"
        "\n\nbad:\n\n- `b`\n- `c`"
        "\n\ngood:\n\n- `a`"
    )


@pytest.mark.parametrize(("count", "more"), [(10, ""), (11, "\n- and 1 more"), (13, "\n- and 3 more")])
def test_more_than_ten_quotes_are_counted(count, more):
    page = render_decision(decision(Node("r", "blocked", "x", quotes=tuple("q" * count))))

    assert page.endswith("\n\nr:\n\n" + "\n".join(["- `q`"] * 10) + more)


@pytest.mark.parametrize(("count", "more"), [(3, ""), (4, "\n| | | and 1 more |"), (9, "\n| | | and 6 more |")])
def test_rows_beyond_the_bound_are_counted(monkeypatch, count, more):
    monkeypatch.setattr(render, "_ROWS", 3)
    page = render_decision(decision(*[Node("r", "blocked", "x")] * count))

    assert page.endswith("|---|---|---|" + "\n| r | **blocked** | x |" * 3 + more)


def test_quotes_that_do_not_fit_are_left_out_whole(monkeypatch):
    shown = decision(Node("r", "blocked", "x", quotes=("q",)))
    page = render_decision(shown)
    monkeypatch.setattr(render, "MAX_CHARS", len(page))
    assert render_decision(shown) == page
    monkeypatch.setattr(render, "MAX_CHARS", len(page) - 1)
    assert render_decision(shown).startswith(page.removesuffix("\n\nr:\n\n- `q`") + "\n\nThe rest")
    assert "`q`" not in render_decision(shown)


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("", "`(empty)`"),
        ("\u200b \x00", "`(empty)`"),
        ("a`b", "`a'b`"),
        ("X Y", "`X Y`"),
        ("x" * 300, f"`{'x' * 300}`"),
        ("x" * 301, f"`{'x' * 300}...`"),
        (" " * 1199 + "xy", "`x`"),
    ],
)
def test_a_code_span_shows_what_can_be_seen(text, span):
    assert code(text) == span
