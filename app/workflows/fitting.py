"""What GitHub takes of a long list, and a word about what it does not take. Pure."""

from collections.abc import Callable, Sequence
from itertools import accumulate

from app.forge.cut import cut

ROOM = 64_000
"""Characters. GitHub takes 65,535 of a check run's text (https://docs.github.com/en/rest/checks/runs) and one more of a
comment; the rest is for a marker."""
_GAP = "\n\n"


def fit(blocks: Sequence[str], more: Callable[[int], str], room: int = ROOM) -> str:
    """As many whole blocks from the first on as there is room for, then `more` of the number that is left out."""
    number = how_many(blocks, room)
    if number == len(blocks):
        return _GAP.join(blocks)
    number = how_many(blocks, room - len(more(len(blocks))) - len(_GAP))
    return cut(_GAP.join([*blocks[:number], more(len(blocks) - number)]), room)


def how_many(blocks: Sequence[str], room: int) -> int:
    """How many blocks, from the first on and with a blank line between them, fit into so many characters."""
    ends = accumulate(len(block) + len(_GAP) for block in blocks)
    return sum(end - len(_GAP) <= room for end in ends)
