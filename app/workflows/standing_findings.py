"""The verdict of somebody who read what was new covers all: what was said of the rest stands, and it is no surer."""

from collections.abc import Mapping
from dataclasses import replace

from app.agents.anchor import place_of
from app.agents.panel import Heard, Place, refused
from app.policy.finding import Finding, Outcome
from app.policy.perspectives import family_of
from app.workflows.readings import Increment


async def let_stand(heard: Mapping[str, Heard], increments: Mapping[str, Increment], place: Place) -> dict[str, Heard]:
    """The same council; what blocked in files that are as they were blocks again, without another challenge."""
    return {
        name: await _with(each, increments[name], place) if name in increments else each for name, each in heard.items()
    }


async def _with(heard: Heard, increment: Increment, place: Place) -> Heard:
    heard = _joined(heard, increment)
    own = [each.finding for each in increment.stand if each.state == "published"]
    again = (*heard.kept, *heard.unplaced, *(each for _, each in heard.shared))
    # What is said again as advice, or was lowered now, takes nothing from what it was: its file is as it was.
    said = {place_of(each) for each in again if each.severity.blocks}
    anchored = await place(own)
    known = (*anchored.kept, *(each.finding for each in anchored.dropped), *(each.finding for each in increment.stand))
    anew = said - {place_of(each) for each in known}
    if increment.stand and heard.opinion.whole is not None:
        heard = refused(heard)
    return replace(
        heard,
        kept=(*heard.kept, *(each for each in anchored.kept if place_of(each) not in said)),
        unplaced=(*heard.unplaced, *(each.finding for each in anchored.dropped if place_of(each.finding) not in said)),
        shared=(*heard.shared, *_shared(increment, said)),
        only_stands=heard.outcome is Outcome.BLOCKED and not anew,
    )


def _joined(heard: Heard, increment: Increment) -> Heard:
    """As sure as the least sure reading. Two models have no opinion in common, unless they are of one family."""
    report, whole = heard.opinion.report, increment.whole
    if report is None:
        return heard
    sure = min(report.confidence, increment.last.confidence)
    opinion = replace(heard.opinion, report=report.model_copy(update={"confidence": sure}))
    if family_of(opinion.model) == family_of(whole.model):
        return replace(heard, opinion=opinion)
    reason = f"another model answered ({opinion.model}) than the one that read the rest ({whole.model})"
    outcome = Outcome.BLOCKED if heard.outcome is Outcome.BLOCKED else Outcome.ABSTAINED
    return replace(heard, outcome=outcome, opinion=replace(opinion, reason=reason))


def _shared(increment: Increment, said: set[tuple[str, int]]) -> tuple[tuple[str, Finding], ...]:
    """With who published it then, as the record tells."""
    return tuple(
        (each.reason.removeprefix("published by "), each.finding)
        for each in increment.stand
        if each.state == "shared" and place_of(each.finding) not in said
    )
