"""One reviewer reads a change, part after part, and its opinions become one."""

from collections.abc import Sequence
from dataclasses import replace

from app.agents.council import Bench, Faults, Opinion, review_perspective
from app.agents.pack import Packed
from app.policy.finding import Finding, Report


async def read_in_parts(bench: Bench, packed: Packed, perspective: str, faults: Faults) -> Opinion:
    """Let one reviewer read every part, each in a conversation of its own, one after another.

    Readers go side by side already. All parts at once would be up to six times as many requests in flight, each of some
    60,000 tokens: the budget is looked at before a request is sent, and could be exceeded by as many, and what a
    provider takes in a minute is easily reached.
    """
    opinions = []
    for number, part in enumerate(packed.parts, start=1):
        shared, own = packed.shown(part)
        at_part = replace(bench, shared=shared, part=own, said=packed.words.get(perspective, ""))
        opinions.append(await review_perspective(at_part, perspective, faults, number))
    return join_opinions(opinions)


def at_finding(bench: Bench, packed: Packed, finding: Finding) -> Bench:
    """The bench before the part that shows what a finding is about."""
    shared, own = packed.shown(packed.part_about(finding.path, finding.start_line))
    return replace(bench, shared=shared, part=own)


def join_opinions(opinions: Sequence[Opinion]) -> Opinion:
    """All findings; it blocks if one does, and is as sure as the least sure. A part without an answer stays a gap.

    Findings of the other parts are kept then, and the whole is still no usable answer: see `Opinion.whole`.
    """
    if len(opinions) == 1:
        return opinions[0]
    gaps = "; ".join(f"part {number}: {each.reason}" for number, each in enumerate(opinions, 1) if not each.whole)
    reports = [each.report for each in opinions if each.report is not None]
    model = next((each.model for each in opinions if each.model), "")
    return Opinion(_join(opinions, reports) if reports else None, model, gaps)


def _join(opinions: Sequence[Opinion], reports: Sequence[Report]) -> Report:
    said = [each.report.summary if each.report else f"no usable answer ({each.reason})" for each in opinions]
    told = [f"Part {number} of {len(opinions)}: {text}" for number, text in enumerate(said, start=1)]
    # What a model may say at once has a limit; what it said in several parts together is kept.
    return reports[0].model_copy(
        update={
            "verdict": "block" if any(each.verdict == "block" for each in reports) else "approve",
            "confidence": min(each.confidence for each in reports),
            "summary": "\n\n".join(told),
            "findings": [finding for each in reports for finding in each.findings],
            "walkthrough": [passage for each in reports for passage in each.walkthrough],
        }
    )
