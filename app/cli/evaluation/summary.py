"""The figures of an evaluation: by perspective and in all. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.cli.evaluation.planted import PlantedCase
from app.cli.evaluation.results import Result, Said
from app.cli.evaluation.scoring import Matched, Score, match, score_by_perspective
from app.cli.meter import Spent
from app.policy.categories import category_of

_REVIEWER = "reviewer:"


@dataclass(frozen=True)
class Row:
    """`name`: a perspective, `challenger`, or `in all`."""

    name: str
    score: Score
    spent: Spent


@dataclass(frozen=True)
class Summary:
    """`missed` and `false_alarms` name what a person should look at: an alarm may be a fault that nobody planted.

    So may be what is said again of a defect and is of another kind than what found it: `other_kinds`.
    `silent`: who gave no usable answer, with the reason. `seconds` is the time of all cases, one after the other.
    """

    cases: int
    clean: int
    clean_and_quiet: int
    rows: tuple[Row, ...]
    in_all: Row
    missed: tuple[str, ...]
    false_alarms: tuple[str, ...]
    other_kinds: tuple[str, ...]
    silent: tuple[str, ...]
    seconds: float


def summarize(heard: Sequence[tuple[PlantedCase, Result]], only: Sequence[str] = ()) -> Summary:
    """`only`: of what perspectives defects count; none: of all. One that was found counts in any case."""
    scores: dict[str, Score] = {}
    spent: dict[str, Spent] = {}
    missed, alarms, kinds, silent = [], [], [], []
    for case, result in heard:
        owners = [defect.perspective for defect in case.about.defects]
        matched = match(case.places, result.published)
        for name, score in score_by_perspective(matched, owners).items():
            scores[name] = scores.get(name, Score()) + _counted(score, name, only)
        for role, cost in result.spent.items():
            name = role.removeprefix(_REVIEWER)
            spent[name] = spent.get(name, Spent()) + cost
        missed += [_told_defect(case, number) for number in matched.missed if not only or owners[number] in only]
        alarms += [_told_alarm(case, said) for said in matched.false_alarms]
        kinds += _told_kinds(case, matched)
        silent += [f"{case.name}: {name}: {reason}" for name, reason in result.silent.items()]
    clean = [result for case, result in heard if not case.about.defects]
    return Summary(
        cases=len(heard),
        clean=len(clean),
        clean_and_quiet=sum(not result.published for result in clean),
        rows=_rows(scores, spent),
        in_all=Row("in all", sum(scores.values(), Score()), sum(spent.values(), Spent())),
        missed=tuple(missed),
        false_alarms=tuple(alarms),
        other_kinds=tuple(kinds),
        silent=tuple(silent),
        seconds=sum(result.seconds for _, result in heard),
    )


def _counted(score: Score, name: str, only: Sequence[str]) -> Score:
    """Nobody who was asked could be expected to see what is another's."""
    if not only or name in only:
        return score
    return Score(score.found, 0, score.right, score.repeated, score.false_alarms)


def _rows(scores: Mapping[str, Score], spent: Mapping[str, Spent]) -> tuple[Row, ...]:
    told = {name for name, score in scores.items() if score != Score()}
    names = sorted({*told, *spent}, key=lambda name: (name == "challenger", name))
    return tuple(Row(name, scores.get(name, Score()), spent.get(name, Spent())) for name in names)


def _told_defect(case: PlantedCase, number: int) -> str:
    place, defect = case.places[number][0], case.about.defects[number]
    return f"{case.name}: {place.path}:{place.start}: {defect.perspective}, {defect.category}"


def _told_kinds(case: PlantedCase, matched: Matched) -> list[str]:
    found = {number: said.category for said, number in matched.hits}
    others = [
        (said, found[number])
        for said, number in matched.repeats
        if category_of(said.category) != category_of(found[number])
    ]
    return [
        f"{case.name}: {said.path}:{said.start_line}: {said.perspective}, {said.category}, beside {kind}: {said.claim}"
        for said, kind in others
    ]


def _told_alarm(case: PlantedCase, said: Said) -> str:
    return f"{case.name}: {said.path}:{said.start_line}: {said.perspective}, {said.severity}: {said.claim}"
