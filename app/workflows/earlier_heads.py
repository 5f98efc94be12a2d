"""Earlier heads of a pull request, as they were read: what of them still is in the change, and what was said of that.

Files are what they were if git's objects say so before and after the change, then and now: see `policy.increment`.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.agents.belonging import belonging
from app.agents.hunks import FileDiff
from app.forge.changed import changed_files
from app.forge.entries import read_entries
from app.gitcmd import GitError
from app.policy.config import Policy
from app.policy.finding import Outcome
from app.policy.increment import Entry, Extent, compare, why_all
from app.store.reviews import Examination, StoredFinding, StoredVerdict
from app.workflows.change import Change, describe_change
from app.workflows.readings import Increment, Reading


@dataclass(frozen=True)
class _Seen:
    """An earlier head as git has it."""

    change: Change
    entries: frozenset[Entry]


class EarlierHeads:
    """They are compared with `change`, whose files to read are `files`.

    `examined`: by run, what its review left unread. Each head is looked at once.
    """

    def __init__(
        self,
        mirror: Path,
        base_ref: str,
        policy: Policy,
        change: Change,
        files: Sequence[FileDiff],
        examined: Mapping[str, Examination],
    ) -> None:
        self._mirror = mirror
        self._base_ref = base_ref
        self._policy = policy
        self._change = change
        self._files = files
        self._examined = examined
        self._known: dict[tuple[str, str, str], _Seen | None] = {}

    async def increment(self, reading: Reading, said: Sequence[StoredFinding]) -> Increment | str:
        """What is enough to read after `reading`, or why everything must be. `said`: all findings so far."""
        heads = [(verdict, await self._look(verdict)) for verdict in reading.verdicts]
        known = [(verdict, seen) for verdict, seen in heads if seen is not None]
        if len(known) < len(heads):
            return "git does not show any more what was read"
        seen = known[0][1]
        then = self._examined.get(reading.whole.run_id)
        if then is None or then.set_aside is None or not set(then.unread) <= set(seen.change.unreadable):
            return "not everything was read then"
        now = await read_entries(self._mirror, self._change.base, self._change.head)
        found = compare(seen.entries, now)
        # A name that is no text could not be kept in the journal, and what was set aside then was not read.
        read = frozenset(path for path in found.same if path.isprintable()) - set(then.set_aside)
        new = frozenset(file.path for file in self._files) - read
        with_new = belonging(self._files, new)
        changed = await changed_files(self._mirror, self._change.base, self._change.head)
        shown = sum(len(file.text) for file in self._files if file.path in new | with_new)
        others = [file for file in changed if file.path not in found.same]
        reason = why_all(Extent(sum(len(file.text) for file in self._files), shown, others, found.gone))
        if reason is not None:
            return reason
        paths = sorted(read & {file.path for file in self._files} - with_new)
        stand, anew = _sort(reading, [(verdict, compare(each.entries, now).same) for verdict, each in known], said)
        return Increment(reading.whole, reading.last, tuple(paths), tuple(sorted(with_new)), stand, anew)

    async def _look(self, verdict: StoredVerdict) -> _Seen | None:
        """None if git cannot tell any more, or describes another change than the one that was judged."""
        key = (verdict.base_sha, verdict.head_sha, verdict.fingerprint)
        if key not in self._known:
            self._known[key] = await self._read(verdict)
        return self._known[key]

    async def _read(self, verdict: StoredVerdict) -> _Seen | None:
        base, head = verdict.base_sha, verdict.head_sha
        try:
            change = await describe_change(self._mirror, base, head, self._base_ref, self._policy)
            entries = await read_entries(self._mirror, base, head)
        except GitError:
            return None
        return _Seen(change, entries) if change.fingerprint == verdict.fingerprint else None


def _sort(
    reading: Reading, same: Sequence[tuple[StoredVerdict, frozenset[str]]], said: Sequence[StoredFinding]
) -> tuple[tuple[StoredFinding, ...], tuple[StoredFinding, ...]]:
    """Blocking findings of refusals: those in files that are what they were then, and those of the last in others."""
    stand: dict[tuple[str, str, str], StoredFinding] = {}
    anew: dict[tuple[str, str, str], StoredFinding] = {}
    for verdict, paths in same:
        for each in _blocking(verdict, said):
            key = (each.finding.path, each.finding.quote, each.finding.category)
            if each.finding.path in paths:
                stand[key] = each
            elif verdict is reading.last:
                anew[key] = each
    return tuple(stand.values()), tuple(each for key, each in anew.items() if key not in stand)


def _blocking(verdict: StoredVerdict, said: Sequence[StoredFinding]) -> Iterator[StoredFinding]:
    if verdict.outcome is not Outcome.BLOCKED:
        return
    own = (each for each in said if (each.perspective, each.head_sha) == (verdict.perspective, verdict.head_sha))
    yield from (each for each in own if each.state in {"published", "shared"} and each.finding.severity.blocks)
