"""Everything Quorum says on GitHub, in one place. Pure: values in, Markdown out."""

import re
from collections.abc import Sequence

from app.agents.challenged import without_word
from app.forge.clean import clean_markdown
from app.forge.visible import only_visible
from app.policy.checked import Checked, is_shown, proof_told
from app.policy.finding import Finding, Outcome, Severity, key_of
from app.policy.render import code

_SHOWN = "Quorum ran this twice on this head and saw it both times; on the code before the change it was not seen."


def render_progress(title: str, told: str, run_id: str) -> str:
    """`told` is ours, or cleaned."""
    return f"### {title}\n\n{told}\n\n<sub>Run `{run_id}` · `quorum runs show {run_id}`</sub>"


def render_stopped(reason: str, remedy: str, run_id: str) -> str:
    return "\n".join(
        [
            "### Quorum stopped and needs a person",
            "",
            clean_markdown(reason),
            "",
            f"**What to do next:** {remedy}",
            "",
            f"<sub>Run `{run_id}` · `quorum runs show {run_id}`</sub>",
        ]
    )


def render_verdict_title(outcome: Outcome, findings: Sequence[Finding], *, carried: bool) -> str:
    blocking = sum(finding.severity.blocks for finding in findings)
    if outcome is Outcome.APPROVED:
        return "Approved (carried over: the diff is unchanged)" if carried else "Approved"
    if outcome is Outcome.BLOCKED and carried:
        return "Still blocked: the diff is unchanged"
    if outcome is Outcome.BLOCKED:
        return f"{blocking} finding{'s' if blocking != 1 else ''} must be fixed first"
    return "Not reviewed"


def render_finding(finding: Finding) -> str:
    where = code(f"{finding.path}:{finding.start_line}")
    kind = clean_markdown(finding.category)
    lines = [f"**{_name(finding.severity)}** · {kind} · {where} · `{handle(finding)}`", "", finding.claim]
    if finding.why:
        lines += ["", finding.why]
    evidence, challenged = without_word(finding.evidence)
    if evidence:
        lines += ["", "Evidence:", "", fence(evidence)]
    if challenged:
        lines += ["", challenged]
    if is_shown(finding):
        lines += ["", "Shown by running:", "", fence(only_visible(proof_told(finding)))]
    return "\n".join(lines)


def render_inline(finding: Finding, perspective: str) -> str:
    """A review comment; a suggestion replaces exactly the commented lines."""
    lines = [f"**{perspective} · {_name(finding.severity)}** · `{handle(finding)}` — {finding.claim}"]
    if finding.why:
        lines += ["", finding.why]
    evidence, challenged = without_word(finding.evidence)
    if evidence:
        lines += ["", "<details><summary>Evidence</summary>", "", fence(evidence), "", "</details>"]
    if challenged:
        lines += ["", challenged]
    lines += _render_proof(finding)
    if finding.suggestion is not None:
        lines += ["", fence(finding.suggestion, "suggestion")]
    if isinstance(finding, Checked) and finding.offer:
        lines += ["", f"<sub>{finding.offer}</sub>"]
    return "\n".join(lines)


def _render_proof(finding: Finding) -> list[str]:
    """Outside of the fence stands only what Quorum itself saw: what is in it, strangers wrote."""
    if not isinstance(finding, Checked) or finding.ran is None:
        return []
    if not finding.ran.shown:
        why = clean_markdown(one_line(finding.ran.why, 200))
        return ["", f"<sub>It could not be shown by running something ({why}); it stands on the words above.</sub>"]
    told = fence(only_visible(proof_told(finding)))
    return ["", f"<details><summary>Shown by running</summary>\n\n{_SHOWN}", "", told, "", "</details>"]


def handle(finding: Finding) -> str:
    """What people call a finding by, as in `@quorum dismiss 1a2b3c4d because …`."""
    return key_of(finding)[:8]


def render_review_body(published: int, blocked: Sequence[str], head_sha: str, left: int = 0) -> str:
    """`left`: findings of those published that have no comment of their own."""
    who = f"Blocking: {', '.join(blocked)}." if blocked else "Nothing blocks."
    told = f"Quorum reviewed {head_sha[:12]}: {count(published, 'finding')} to look at. {who}"
    more = f" {count(left, 'finding')}, the least grave, got no comment here: see the annotations of the check runs."
    return told + more if left else told


def count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def fence(text: str, info: str = "") -> str:
    """Put `text` in a code fence that it cannot close, whatever it holds."""
    longest = max((len(run) for run in _backtick_runs(text)), default=0)
    bar = "`" * max(3, longest + 1)
    inside = text.rstrip("\n")
    return f"{bar}{info}\n{inside}\n{bar}" if inside else f"{bar}{info}\n{bar}"


def one_line(text: str, limit: int = 72) -> str:
    """The first line of `text`, cut to `limit` characters."""
    first = next((line.strip() for line in text.split("\n") if line.strip()), "")
    return shortened(first, limit)


def shortened(text: str, limit: int) -> str:
    """At most `limit` characters: cut between words, and before code that does not fit.

    A long word is cut all the same where little would be left, and code that a text begins with is told as words.
    """
    if len(text) <= limit:
        return text
    kept = text[: limit - 1]
    opened = _code_that_is_cut(text, len(kept))
    if opened is not None:
        kept = kept[:opened] if opened else kept.replace("`", "'")
    if not text[len(kept)].isspace():
        words = kept.rpartition(" ")[0]
        kept = words if len(words) * 2 >= len(kept) else kept
    return f"{kept.rstrip(' ,;:(')}…"


def _code_that_is_cut(text: str, at: int) -> int | None:
    """Where the code span begins that goes over this place. What no run of as many backticks ends is none."""
    runs = [(each.start(), each.end()) for each in re.finditer("`+", text)]
    while runs and runs[0][0] < at:
        first, behind = runs.pop(0)
        ends = (number for number, (start, end) in enumerate(runs) if end - start == behind - first)
        last = next(ends, None)
        if last is None:
            continue
        if at < runs[last][1]:
            return first
        runs = runs[last + 1 :]
    return None


def brief(text: str, limit: int = 200) -> str:
    """The first line of what agents wrote, made harmless: its first sentences, if they fit, else cut between words.

    Cut before it is cleaned: a cut through code would set free what stands in it. A fence becomes a span, so that it
    is still one line.
    """
    first = next((line.strip() for line in text.split("\n") if line.strip()), "")
    return " ".join(clean_markdown(_sentences(first, limit) or shortened(first, limit)).split())


_SENTENCE_END = re.compile(r"(?<=[a-z0-9`)\]\"'][.!?])[ ]+(?=[A-Z`\"'(])")
"""No abbreviation such as "e.g." stands before a capital letter."""


def _sentences(text: str, limit: int) -> str:
    """As many whole ones as fit, with a sign that more follow; empty where that would be little."""
    if len(text) <= limit:
        return text
    ends = [found.start() for found in _SENTENCE_END.finditer(text, 0, limit)]
    end = next((each for each in reversed(ends) if text.count("`", 0, each) % 2 == 0), 0)
    return f"{text[:end]} …" if end * 3 >= limit else ""


def sentence(text: str) -> str:
    """With a capital at its beginning, and the names in it as they were."""
    return f"{text[:1].upper()}{text[1:]}"


def _name(severity: Severity) -> str:
    return severity.value.capitalize()


def _backtick_runs(text: str) -> list[str]:
    runs, current = [], ""
    for character in text:
        if character == "`":
            current += character
        elif current:
            runs.append(current)
            current = ""
    return [*runs, current] if current else runs
