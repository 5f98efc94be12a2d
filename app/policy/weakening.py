"""Tests, checks and linters that a change weakens, told from its lines without a model. Pure, and quiet unless right.

What was moved, renamed, rewritten or merged is not weakened; a test or step that is new cannot be. So a weakening is
missed where the diff does not show it: this is a fact to put before reviewers, and no proof that there is none.
"""

from collections.abc import Sequence
from itertools import islice

from app.policy.changed_text import ChangedText
from app.policy.weakened.ci import lowered_steps
from app.policy.weakened.deleted import deleted
from app.policy.weakened.expected import rewritten
from app.policy.weakened.found import Weakening
from app.policy.weakened.loosened import loosened
from app.policy.weakened.narrowed import narrowed
from app.policy.weakened.rules_off import switched_off
from app.policy.weakened.silenced import silenced
from app.policy.weakened.skipped import skipped
from app.policy.weakened.thresholds import lowered
from app.policy.weakened.whole import Whole

MOST_OF_A_SORT = 50
"""Nobody reads more of them, and one is enough to block."""
_SORTS = (deleted, skipped, narrowed, loosened, rewritten, lowered, lowered_steps, silenced, switched_off)


def weakenings(files: Sequence[ChangedText]) -> tuple[Weakening, ...]:
    """What the change weakens, in the order of the files; one for each line. `files` are all that it changed.

    The time grows with the diff's size and no faster. Build `files` with `app.sandbox.changed_texts`.
    """
    whole = Whole(files)
    found = {
        (each.path, each.line, each.gone): each
        for sort in reversed(_SORTS)
        for each in islice(sort(whole), MOST_OF_A_SORT)
    }
    order = {path: number for number, file in enumerate(files) for path in (file.was, file.path)}
    return tuple(sorted(found.values(), key=lambda each: (order.get(each.path, 0), each.line, each.gone)))
