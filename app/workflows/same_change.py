"""Whether an earlier head of a pull request held the change that is there now, and nothing else."""

from pathlib import Path

from app.forge.errors import RefusedError
from app.forge.git import is_replay, merge_base
from app.policy.values import Sha


class SameChange:
    """Remembers for as long as one look lasts. `tip`: the base branch's newest commit.

    Equal fingerprints are not enough: where the same lines stand around it in another place, a hunk that was moved
    there has the same one.
    """

    def __init__(self, mirror: Path, tip: Sha) -> None:
        self._mirror = mirror
        self._tip = tip
        self._known: dict[tuple[Sha, Sha], bool] = {}

    async def holds(self, one: tuple[Sha, str], other: tuple[Sha, str]) -> bool:
        """Each is a head and its fingerprint. What git can no longer tell is not the same."""
        (head, diff), (other_head, other_diff) = one, other
        if not diff or diff != other_diff:
            return False
        if (head, other_head) not in self._known:
            self._known[head, other_head] = head == other_head or await self._is_replayed(head, other_head)
        return self._known[head, other_head]

    async def _is_replayed(self, head: Sha, other: Sha) -> bool:
        try:
            bases = [await merge_base(self._mirror, self._tip, each) for each in (head, other)]
        except RefusedError:
            return False
        return await is_replay(self._mirror, bases[0], head, bases[1], other)
