"""A decision about a deployment in words, short enough for the page of the workflow run."""

from collections.abc import Iterator

from app.policy.decision import Decision, Node
from app.policy.render import code

MAX_CHARS = 1024
"""https://docs.github.com/en/rest/actions/workflow-runs#review-custom-deployment-protection-rules-for-a-workflow-run."""
_QUOTES = 3
_MORE = "\n- and more; the audit log has all of it"


def render_deployment(decision: Decision, environment: str) -> str:
    """The verdict and what to do, then a line for each rule that is not satisfied; else for each that is."""
    said = "Approved" if decision.status == "approved" else "Rejected"
    text = f"**{said} for {code(environment[:100])}.** {decision.title}"
    counted = list(decision.node.leaves())
    shown = [leaf for leaf in counted if leaf.status != "approved"] or counted
    for line in _lines(shown):
        if len(text) + len(line) + len(_MORE) > MAX_CHARS:
            return text + _MORE
        text += line
    return text


def _lines(leaves: list[Node]) -> Iterator[str]:
    for leaf in leaves:
        yield f"\n- {leaf.rule}: {leaf.because}"
        yield from (f"\n  - {code(quote)}" for quote in leaf.quotes[:_QUOTES])
