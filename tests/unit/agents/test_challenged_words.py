"""How a challenge ended is told behind the evidence: it is not what the reviewer showed."""

import pytest

from app.agents.challenged import UPHELD, lowered_from, with_word, without_word
from app.cli.reviewing.in_markdown import render_remark
from app.cli.reviewing.outcome import of_findings
from app.policy.finding import Finding, Severity
from app.workflows.check_text import cleaned
from app.workflows.texts import render_finding, render_inline

WORD = f"{UPHELD}It was run, says @mona."


def finding(evidence: str) -> Finding:
    where = {"path": "a.py", "start_line": 3, "end_line": 3, "quote": "x"}
    return Finding(severity=Severity.MAJOR, category="c", claim="It is so.", evidence=evidence, **where)


@pytest.mark.parametrize("word", [WORD, f"{lowered_from('critical')}It is rare.\n\nVery rare."])
@pytest.mark.parametrize("evidence", ["", "It failed.", "1\n\n2", "It says\nChallenged and upheld: no", "x" * 8000])
def test_the_word_is_told_from_the_evidence_before_it(evidence: str, word: str):
    told = with_word(evidence, word)
    assert len(told) <= 8000
    before, after = without_word(told)
    assert (evidence.startswith(before), after) == (True, word)
    assert len(before) in {len(evidence), 8000 - 2 - len(word)}


def test_evidence_without_a_challenge_is_left_as_it_is():
    for evidence in ("", "It failed.", "Challenged and what not", "see: Challenged and upheld: x"):
        assert without_word(evidence) == (evidence, "")


def test_on_github_and_in_a_repair_it_stands_behind_the_fence_and_is_harmless():
    given = finding(with_word("`input`", WORD))
    (remark,) = of_findings("testing", [given])
    for text in (render_finding(cleaned(given)), render_inline(cleaned(given), "testing"), render_remark(remark)):
        assert "```\n`input`\n```" in text
        assert text.index("Challenged and upheld: It was run") > text.index("```\n`input`\n```")
        assert "@mona" not in text
    assert render_finding(given).endswith(f"```\n\n{WORD}")


def test_a_word_that_becomes_one_only_when_it_is_seen_is_made_harmless_too():
    text = render_inline(cleaned(finding("x\n\nChallenged and up\u200bheld: @mona")), "testing")
    assert "@mona" not in text
    bare = render_inline(cleaned(finding(WORD)), "testing")
    assert "<details>" not in bare
    assert "It was run" in bare
