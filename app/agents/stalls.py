"""Noticing that a writer works without getting anywhere. Pure: what its calls left, turn by turn; advice out.

Repetition to the letter is `app.agents.stuck`'s business; here it is files that stay the same, or are changed to and
fro, and tests that fail as before whatever is changed.
"""

from collections import defaultdict
from collections.abc import Sequence

from app.agents.failing import failing_tests
from app.agents.stuck import WatchVerdict
from app.agents.tool import ToolOutput

_IDLE = 20
"""Turns without a state of the files that was not there before. Finding one's way in a large project takes ten."""
_IDLE_AFTER_ADVICE = 12
_SAME_FAILURES = 6
"""States of the files at which exactly the same tests failed."""
_SAME_AFTER_ADVICE = 4
_IDLE_ADVICE = (
    "For {} turns the files have not come to any new state. Say in a sentence what you know and what is missing, then "
    "make the change, or hand in what you have."
)
_FAILING_ADVICE = (
    "Whatever you changed, the same tests fail: {} different states of the files gave the same failures. Your idea of "
    "the cause is probably wrong: look at what really happens (print values, run the smallest case), and try another "
    "way."
)
_TESTS_TOLD = ("bash", "submit")


class Stalls:
    """Advises once, and says the second time that it is stuck. `expected`: tests that failed before any change."""

    def __init__(self, expected: frozenset[str] = frozenset()) -> None:
        self._expected = expected
        self._trees: set[str] = set()
        self._idle = 0
        self._failed_at: dict[frozenset[str], set[str]] = defaultdict(set)
        self._nudged = False

    def saw(self, outputs: Sequence[tuple[str, ToolOutput]]) -> WatchVerdict:
        """What one turn's calls gave, by the names of their tools."""
        trees = {output.tree for _, output in outputs if output.tree}
        self._idle = 0 if trees - self._trees else self._idle + 1
        self._trees |= trees
        worst = max((self._failed_before(name, output) for name, output in outputs), default=0)
        if self._idle >= (_IDLE_AFTER_ADVICE if self._nudged else _IDLE):
            return self._tell(_IDLE_ADVICE.format(self._idle), f"the files came to no new state for {self._idle} turns")
        if worst >= (_SAME_AFTER_ADVICE if self._nudged else _SAME_FAILURES):
            return self._tell(
                _FAILING_ADVICE.format(worst), f"the same tests failed at {worst} different states of the files"
            )
        return WatchVerdict()

    def _failed_before(self, name: str, output: ToolOutput) -> int:
        """At how many states of the files exactly these tests failed, this one included."""
        failing = failing_tests(output.text) - self._expected if name in _TESTS_TOLD and output.tree else None
        if not failing:
            return 0
        self._failed_at[failing].add(output.tree)
        return len(self._failed_at[failing])

    def _tell(self, advice: str, why: str) -> WatchVerdict:
        if self._nudged:
            return WatchVerdict(stuck=True, why=why)
        self._nudged, self._idle = True, 0
        self._failed_at.clear()
        return WatchVerdict(why=advice)
