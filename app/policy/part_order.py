"""In which order the parts of a large issue are built: side by side where none needs the other. Pure."""

from collections.abc import Sequence

from app.policy.plan import Part


def waves_of(parts: Sequence[Part]) -> list[list[int]]:
    """The parts' numbers, from 1, in waves: each needs only parts of earlier waves, and comes as early as it can."""
    waves: list[int] = []
    for part in parts:
        waves.append(1 + max((waves[each - 1] for each in part.depends_on), default=0))
    return [[n for n, wave in enumerate(waves, 1) if wave == number] for number in range(1, max(waves, default=0) + 1)]
