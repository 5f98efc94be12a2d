"""The buttons on the check run of a perspective. Each is shown only where pressing it does something. Pure.

At most three, of 20 and 40 characters: https://docs.github.com/en/rest/checks/runs#create-a-check-run.
"""

from collections.abc import Collection

from app.policy.finding import Outcome
from app.policy.rules import VETO

FIX, EXPLAIN, DISMISS = "fix", "explain", "dismiss"
LABELS = {FIX: "Fix it", EXPLAIN: "Explain", DISMISS: "Dismiss"}
_DESCRIPTIONS = {
    FIX: "Let Quorum repair what blocks here.",
    EXPLAIN: "Say in a comment what was found and why.",
    DISMISS: "No more advice of this kind here.",
}


def buttons_of(
    perspective: str, outcome: Outcome, *, fixable: bool, advice: bool = False, vetoes: Collection[str] = (VETO,)
) -> tuple[dict[str, str], ...]:
    """`fixable`: a repair can be pushed or offered. `advice`: some was given that is not wanted maybe.

    Advice of who has a veto is not silenced by a button: it is refused one by one, on its lines.
    """
    wanted = [
        *([FIX] if fixable and outcome is Outcome.BLOCKED else []),
        EXPLAIN,
        *([DISMISS] if advice and perspective not in vetoes else []),
    ]
    return tuple({"label": LABELS[each], "description": _DESCRIPTIONS[each], "identifier": each} for each in wanted)
