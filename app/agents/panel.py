"""The council's session: reviewers side by side, findings anchored and merged, blocking ones challenged."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from app.agents.anchor import Anchored, Dropped, consolidate, place_of, render_dropped, with_one_name
from app.agents.challenged import UPHELD, lowered_from, with_word
from app.agents.council import Bench, Challenge, Opinion, challenge, settle
from app.agents.leading import Leading
from app.agents.light import Light, read_lightly
from app.agents.one_fault import as_one_fault, claims_besides, with_known
from app.agents.pack import Packed
from app.agents.paired import read_together
from app.agents.proofs import may_be_proven
from app.agents.reading import at_finding
from app.policy.checked import checked
from app.policy.finding import Finding, Outcome, Report, Severity

Place = Callable[[Sequence[Finding]], Awaitable[Anchored]]
"""Holds findings to the lines of the change."""
_NO_ANSWER = "there was no usable answer"
_UNPLACED = "something that would block could not be placed, so that nobody judged it"


@dataclass(frozen=True)
class Heard:
    """What came of one perspective. `withdrawn` findings were refuted, with the reason; lowered ones are kept.

    `shared` are blocking ones that another perspective, which is named, said as well and published. `unplaced` ones
    stand, but on no line that can be commented on. `only_stands`: nothing blocks but what was said of an earlier head.
    """

    opinion: Opinion
    outcome: Outcome
    kept: tuple[Finding, ...]
    dropped: tuple[Dropped, ...]
    withdrawn: tuple[Dropped, ...]
    shared: tuple[tuple[str, Finding], ...] = ()
    unplaced: tuple[Finding, ...] = ()
    only_stands: bool = False


async def convene(
    bench: Bench,
    packed: Packed,
    asked: Sequence[str],
    place: Place,
    light: Light | None = None,
    together: Sequence[tuple[str, str]] = (),
) -> dict[str, Heard]:
    """Ask the perspectives side by side, challenge what would block, and settle each. By perspective.

    Their steps have names of their own, so that a journal in which they end in another order gives the same.
    Each reads every part of the change; a finding is challenged before the part that shows it. What they have in common
    is read by one of them first, and by the others from the provider's cache. `light`: the change is trivial, and first
    read once for all of them. `together`: pairs that share a reader, where both have to read. What is known without a
    reader (`Bench.known`) is challenged like everything else.
    """
    bench = replace(bench, model=Leading(bench.model))

    async def faults(report: Report) -> str:
        return render_dropped((await place(report.findings)).dropped)

    opinions = await read_lightly(bench, light, asked, faults) if light is not None else {}
    pairs = together if len(packed.parts) == 1 else ()
    who = _readers([name for name in asked if name not in opinions], pairs)
    bench = replace(bench, pairs=any(len(names) > 1 for names in who))
    async with asyncio.TaskGroup() as group:
        readers = [group.create_task(read_together(bench, packed, names, faults)) for names in who]
    opinions |= {name: opinion for task in readers for name, opinion in task.result().items()}
    found = {name: await place(each.report.findings if each.report else ()) for name, each in opinions.items()}
    for name in bench.known.keys() & found.keys():
        found[name] = with_known(found[name], await place(bench.known[name]))
    anchored = as_one_fault(with_one_name(found))
    merged = consolidate({name: found.kept for name, found in anchored.items()})
    judged = await _challenge_all(bench, packed, merged, anchored)
    sayer = {place_of(finding): name for name, findings in merged.items() for finding in findings}
    unblocked = {
        place_of(finding)
        for name, findings in merged.items()
        for number, finding in enumerate(findings, start=1)
        if (name, number) in judged and not judged[name, number].upheld
    }
    heard = {}
    for name in asked:
        kept, withdrawn = _sort(name, merged[name], judged)
        own, dropped = anchored[name].kept, anchored[name].dropped
        blocking = [each for each in own if each.severity.blocks and place_of(each) not in unblocked]
        shared = [(sayer[place_of(each)], each) for each in blocking if sayer[place_of(each)] != name]
        outcome = settle(opinions[name].whole, blocking, [each.finding for each in dropped])
        opinion = _with_gap(opinions[name], outcome, dropped)
        heard[name] = Heard(opinion, outcome, kept, dropped, withdrawn, tuple(shared))
    return heard


def _readers(reading: Sequence[str], together: Sequence[tuple[str, str]]) -> list[tuple[str, ...]]:
    """Who reads with whom, in the order of who reads; what is only half of a pair reads alone."""
    pairs = {name: pair for pair in together if set(pair) <= set(reading) for name in pair}
    return list(dict.fromkeys(pairs.get(name, (name,)) for name in reading))


def refused(heard: Heard) -> Heard:
    """The same, refused for another reason than its own: who gave no usable answer gives none by that."""
    opinion = heard.opinion
    if heard.outcome is Outcome.ABSTAINED and opinion.whole is not None:
        opinion = replace(opinion, reason=_NO_ANSWER)
    return replace(heard, opinion=opinion, outcome=Outcome.BLOCKED)


def _with_gap(opinion: Opinion, outcome: Outcome, dropped: Sequence[Dropped]) -> Opinion:
    """Who refuses for one finding, and would have had no answer without it, has given no whole answer.

    Else it would be enough to mend or to dismiss that one: nobody would ever judge what stands nowhere.
    """
    if outcome is not Outcome.BLOCKED or opinion.whole is None:
        return opinion
    without = settle(opinion.whole, (), [each.finding for each in dropped])
    return replace(opinion, reason=_UNPLACED) if without is Outcome.ABSTAINED else opinion


async def _challenge_all(
    bench: Bench, packed: Packed, merged: Mapping[str, Sequence[Finding]], said: Mapping[str, Anchored]
) -> dict[tuple[str, int], Challenge]:
    """By perspective and the finding's number in it, from 1. `said`: by all, those that were merged included."""
    proven, wordy = may_be_proven(merged), replace(bench, prove=None)

    def bench_for(name: str, number: int, finding: Finding) -> Bench:
        return at_finding(bench if (name, number) in proven else wordy, packed.of(name), finding)

    async with asyncio.TaskGroup() as group:
        challenges = {
            (name, number): group.create_task(
                challenge(bench_for(name, number, finding), name, number, finding, claims_besides(said, finding))
            )
            for name, findings in merged.items()
            for number, finding in enumerate(findings, start=1)
            if finding.severity.blocks
        }
    return {key: task.result() for key, task in challenges.items()}


def _sort(
    name: str, findings: Sequence[Finding], challenges: Mapping[tuple[str, int], Challenge]
) -> tuple[tuple[Finding, ...], tuple[Dropped, ...]]:
    """Findings that stood, with what upheld or lowered them, and those that were refuted."""
    kept, withdrawn = [], []
    for number, finding in enumerate(findings, start=1):
        judged = challenges.get((name, number))
        if judged is None:
            kept.append(finding)
        elif judged.upheld:
            upheld = _told(finding, finding.severity, f"{UPHELD}{judged.reason}")
            kept.append(upheld if judged.ran is None else checked(upheld, proof=judged.proof, ran=judged.ran))
        elif judged.lowered:
            why = f"{lowered_from(finding.severity.value)}{judged.reason}"
            kept.append(_told(finding, Severity.MINOR, why))
        else:
            withdrawn.append(Dropped(finding, judged.reason))
    return tuple(kept), tuple(withdrawn)


def _told(finding: Finding, severity: Severity, word: str) -> Finding:
    return finding.model_copy(update={"severity": severity, "evidence": with_word(finding.evidence, word)})
