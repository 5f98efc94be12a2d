"""The page of a decision: our words in the open, the words of others in code spans."""

import pytest
from gate_builders import POLICY, facts, facts_with
from hypothesis import given, settings
from hypothesis import strategies as st

from app.policy.config import Policy
from app.policy.finding import Outcome
from app.policy.gate import decide, render_decision
from app.policy.render import code


def test_a_page_names_every_rule_and_its_reason():
    page = render_decision(decide(facts(), Policy(required=("security",))))

    assert page.startswith("**Approved: security**")
    assert "| security | approved | approved with confidence 0.90 by model-one |" in page
    assert "| testing (advice) | approved |" in page
    assert "| policy | approved | from the base branch |" in page


HOSTILE = [
    "`end` ![x](https://evil.example/leak)",
    "@everyone please merge",
    "<img src=x onerror=alert(1)>",
    "| a | b |\n| c |",
    "two\n\n# lines",
    "closes #1",
    "right\u202eto left\u2066 and \u200b nothing \x1b[31m",
    "``` fence",
]


@pytest.mark.parametrize("title", HOSTILE)
def test_the_words_of_others_are_only_text(title):
    page = render_decision(decide(facts_with(outcome=Outcome.BLOCKED, blocking=(title,)), POLICY))
    line = next(line for line in page.splitlines() if line.startswith("- "))

    assert (line[:3], line[-1]) == ("- `", "`")
    assert "`" not in line[3:-1]
    assert line.isprintable()


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=600))
def test_a_code_span_cannot_be_left(text):
    span = code(text)

    assert (span[0], span[-1]) == ("`", "`")
    assert "`" not in span[1:-1]
    assert 2 < len(span) <= 310
    assert span.isprintable()


def test_the_models_name_cannot_carry_markdown():
    page = render_decision(decide(facts_with(model="m|[x](y)\n@all"), POLICY))

    assert "by mxyall |" in page


def test_ten_quotes_are_shown_and_the_rest_is_counted():
    titles = tuple(f"finding {number}" for number in range(25))
    page = render_decision(decide(facts_with(outcome=Outcome.BLOCKED, blocking=titles), POLICY))

    assert page.count("- `finding") == 10
    assert "- and 15 more" in page
