"""Holding what was published against what was planted. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.cli.evaluation.planted import Place
from app.cli.evaluation.results import Said

NEAR_LINES = 3
"""A finding may stand this far from the planted lines: the fault is often best repaired beside them."""


@dataclass(frozen=True)
class Score:
    """`found` and `missed` count planted defects; `right`, `repeated` and `false_alarms` count published findings.

    `repeated`: findings of a defect that another one found before them. They count neither for nor against.
    """

    found: int = 0
    missed: int = 0
    right: int = 0
    repeated: int = 0
    false_alarms: int = 0

    def __add__(self, other: "Score") -> "Score":
        return Score(
            found=self.found + other.found,
            missed=self.missed + other.missed,
            right=self.right + other.right,
            repeated=self.repeated + other.repeated,
            false_alarms=self.false_alarms + other.false_alarms,
        )

    @property
    def precision(self) -> float | None:
        """Of what was said, how much is a planted defect; None when nothing was said."""
        said = self.right + self.false_alarms
        return self.right / said if said else None

    @property
    def recall(self) -> float | None:
        """Of the planted defects, how many were found; None when there are none."""
        planted = self.found + self.missed
        return self.found / planted if planted else None


@dataclass(frozen=True)
class Matched:
    """`hits`: each finding with the number of its defect, `repeats` with one that was found already."""

    hits: tuple[tuple[Said, int], ...]
    repeats: tuple[tuple[Said, int], ...]
    false_alarms: tuple[Said, ...]
    missed: tuple[int, ...]


def match(places: Sequence[Sequence[Place]], published: Sequence[Said]) -> Matched:
    """Whoever says it: a defect is found by a finding within `NEAR_LINES` of one of its places, in the same file.

    Where it could mean several, a finding means one that nobody found yet, the nearest.
    """
    hits: list[tuple[Said, int]] = []
    repeats: list[tuple[Said, int]] = []
    alarms: list[Said] = []
    for said in published:
        near = [number for number, each in enumerate(places) if _gap(each, said) <= NEAR_LINES]
        known = {number for _, number in hits}
        fresh = [number for number in near if number not in known]
        nearest = min(fresh or near, key=lambda number: _gap(places[number], said), default=None)
        if nearest is None:
            alarms.append(said)
        else:
            (hits if fresh else repeats).append((said, nearest))
    known = {number for _, number in hits}
    missed = tuple(number for number in range(len(places)) if number not in known)
    return Matched(tuple(hits), tuple(repeats), tuple(alarms), missed)


def score_by_perspective(matched: Matched, owners: Sequence[str]) -> dict[str, Score]:
    """`owners`: who should see each defect. Recall goes by them, whoever saw it; precision goes by who spoke."""
    parts = [
        *((owners[number], Score(found=1)) for _, number in matched.hits),
        *((said.perspective, Score(right=1)) for said, _ in matched.hits),
        *((said.perspective, Score(repeated=1)) for said, _ in matched.repeats),
        *((said.perspective, Score(false_alarms=1)) for said in matched.false_alarms),
        *((owners[number], Score(missed=1)) for number in matched.missed),
    ]
    scores: dict[str, Score] = {}
    for name, part in parts:
        scores[name] = scores.get(name, Score()) + part
    return scores


def _gap(places: Sequence[Place], said: Said) -> float:
    """Lines from the finding to the nearest of the places, 0 where they touch."""
    return min(_distance(place, said) for place in places)


def _distance(place: Place, said: Said) -> float:
    """Beyond every bound in another file."""
    if place.path != said.path:
        return float("inf")
    return max(0, said.start_line - place.end, place.start - said.end_line)
