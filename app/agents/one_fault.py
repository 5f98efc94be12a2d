"""One fault that several reviewers found, on other lines or under another word, is judged once. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from app.agents.anchor import Anchored, place_of
from app.policy.categories import OTHER, PROMISES, category_of
from app.policy.checked import Checked, checked, commented_on
from app.policy.finding import Finding, spot_of

Where = tuple[str, int]
"""A perspective, and the index of one of its findings."""
_WHY_CHARS = 4000
_ADVISORY = re.compile(r"GHSA(?:-\w{4}){3}")


@dataclass
class _Fault:
    """`lead` is the gravest; each of `others` is the one finding of another perspective that is taken for the same."""

    where: Where
    lead: Finding
    others: dict[str, Where] = field(default_factory=dict)


def as_one_fault(by_perspective: Mapping[str, Anchored]) -> dict[str, Anchored]:
    """Findings of several perspectives that mean one fault get the place and the category of the gravest.

    They mean one where their lines overlap and their words are of one category; where what blocks is said of the very
    same lines, and nobody gives a repair, all promises that are not kept are of one. Two of one perspective are two: it
    knew of both. The one that will be shown says what the others said.
    """
    found = {(name, index): finding for name, each in by_perspective.items() for index, finding in enumerate(each.kept)}
    faults: list[_Fault] = []
    for where, finding in sorted(found.items(), key=lambda item: item[1].severity.rank):
        held = next((each for each in faults if _is_another_of(each, where[0], finding)), None)
        if held is None:
            faults.append(_Fault(where, finding))
        else:
            held.others[where[0]] = where
    told = dict(found)
    for fault in _joined(faults):
        moved = {who: found[who] for who in fault.others.values() if place_of(found[who]) != place_of(fault.lead)}
        told |= {who: _at(finding, fault.lead) for who, finding in moved.items()}
        told[fault.where] = _with_words(fault.lead, {who[0]: finding.claim for who, finding in moved.items()})
    return {
        name: replace(each, kept=tuple(told[name, index] for index in range(len(each.kept))))
        for name, each in by_perspective.items()
    }


def _joined(faults: Sequence[_Fault]) -> list[_Fault]:
    """Afterwards, so that what goes by the same word comes together first."""
    joined: list[_Fault] = []
    for fault in faults:
        held = next((each for each in joined if _is_same_promise(each, fault)), None)
        if held is None:
            joined.append(fault)
        else:
            held.others |= {fault.where[0]: fault.where, **fault.others}
    return joined


def with_known(said: Anchored, known: Anchored) -> Anchored:
    """With findings that need no reader, but for what this perspective's reader said as gravely of the same lines.

    One that stands nowhere is not lost either: what would block then leaves the perspective without an answer.
    """
    new = [each for each in known.kept if not any(_says_as_much(other, each) for other in said.kept)]
    return replace(said, kept=(*said.kept, *new), dropped=(*said.dropped, *known.dropped))


def claims_besides(by_perspective: Mapping[str, Anchored], finding: Finding) -> list[str]:
    """What else is claimed of the place of a finding that stands for all who said it."""
    at_it = (each for one in by_perspective.values() for each in one.kept if place_of(each) == place_of(finding))
    return list(dict.fromkeys(each.claim for each in at_it if each.claim != finding.claim))


def _says_as_much(other: Finding, known: Finding) -> bool:
    """Who names other advisories, or none, may mean another fault, and must not be refuted in this one's place."""
    as_grave = other.severity.rank <= known.severity.rank
    same = other.path == known.path and category_of(other.category) == category_of(known.category)
    named = _advisories(known) <= _advisories(other)
    return as_grave and same and named and _overlap(other, known)


def _advisories(finding: Finding) -> set[str]:
    return set(_ADVISORY.findall(f"{finding.claim} {finding.why} {finding.evidence}"))


def _is_another_of(fault: _Fault, name: str, finding: Finding) -> bool:
    if name == fault.where[0] or name in fault.others or finding.path != fault.lead.path:
        return False
    kind = category_of(finding.category)
    if kind == OTHER or kind != category_of(fault.lead.category):
        return place_of(finding) == place_of(fault.lead)
    return _overlap(finding, fault.lead)


def _is_same_promise(one: _Fault, other: _Fault) -> bool:
    leads = (one.lead, other.lead)
    if {one.where[0], *one.others} & {other.where[0], *other.others}:
        return False
    if not all(each.severity.blocks and each.suggestion is None for each in leads):
        return False
    lines = {(spot_of(each), commented_on(each)) for each in leads}
    return len(lines) == 1 and {category_of(each.category) for each in leads} <= PROMISES


def _overlap(one: Finding, other: Finding) -> bool:
    (side, first, last), (its_side, start, end) = commented_on(one), commented_on(other)
    return side == its_side and first <= end and start <= last


def _at(finding: Finding, lead: Finding) -> Finding:
    """What replaces other lines is no repair there."""
    names = ("category", "quote", "start_line", "end_line")
    moved = finding.model_copy(update={**{name: getattr(lead, name) for name in names}, "suggestion": None})
    removed = lead.removed if isinstance(lead, Checked) else None
    return moved if removed is None else checked(moved, removed=removed)


def _with_words(lead: Finding, said: Mapping[str, str]) -> Finding:
    words: Sequence[str] = [f"From the {name} perspective: {claim}" for name, claim in said.items()]
    why = "\n\n".join(filter(None, (lead.why, *words)))[:_WHY_CHARS]
    return lead.model_copy(update={"why": why}) if words else lead
