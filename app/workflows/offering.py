"""Which suggestions are offered: those that apply, that change something, and with which the tests still pass."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from app.agents.suggested import Edit, Unfit, apart, apply, fit
from app.forge.git import show
from app.gitcmd import GitError
from app.policy.checked import checked
from app.policy.finding import Finding
from app.runs.engine import Context
from app.sandbox.errors import SandboxAwayError, SandboxError
from app.sandbox.planting import modes_of, plant
from app.wiring import Services
from app.workflows.hearing import Case, Hearing
from app.workflows.journalled import journalled
from app.workflows.quiet import Said, is_news
from app.workflows.testing import Tests, run_tests
from app.workflows.workshop import Workshop

_MOST_RUNS = 6
_SECONDS = 900.0
"""For the tests of all suggestions of a review; no run begins after it."""
_REGULAR = frozenset({b"100644", b"100755"})

Key = tuple[str, int]
"""A perspective, and the number of one of its findings."""


@dataclass(frozen=True)
class Offer:
    """`edit` None: it is not offered. `note`: what is known, in a sentence."""

    edit: Edit | None
    note: str


async def try_suggestions(ctx: Context, services: Services, case: Case, hearing: Hearing, said: Said) -> Hearing:
    """Hold every suggestion that would be published to the head's files, and run the tests with it."""
    wanted = {
        (name, number): finding
        for name, heard in hearing.heard.items()
        for number, finding in enumerate(heard.kept)
        if finding.suggestion is not None and is_news(finding, said)
    }
    if not wanted:
        return hearing

    async def look() -> list[tuple[Key, Offer]]:
        return list((await _offers(ctx, services, case, wanted)).items())

    # As one step, though its runs are some as well: how long they took decides, too, and must not do so twice.
    offers = dict(await journalled(ctx, "suggestions", list[tuple[Key, Offer]], look))
    heard = {
        name: replace(each, kept=tuple(_with(offers.get((name, number)), one) for number, one in enumerate(each.kept)))
        for name, each in hearing.heard.items()
    }
    return replace(hearing, heard=heard)


def _with(offer: Offer | None, finding: Finding) -> Finding:
    if offer is None:
        return finding
    return checked(finding, suggestion=None if offer.edit is None else offer.edit.text, offer=offer.note)


async def _offers(ctx: Context, services: Services, case: Case, wanted: Mapping[Key, Finding]) -> dict[Key, Offer]:
    trials = _Trials(ctx, services, case)
    offers: dict[Key, Offer] = {}
    edits: dict[Key, Edit] = {}
    for key, finding in wanted.items():
        found = await trials.fit(finding)
        if isinstance(found, Unfit):
            offers[key] = Offer(None, f"A suggestion is not offered: {found.reason}.")
        else:
            edits[key] = found
    told = await trials.sift(list(dict.fromkeys(edits.values())))
    return {**offers, **{key: told[edit] for key, edit in edits.items()}}


class _Trials:
    """The tests' runs with suggestions applied. Each is a step, named by its tree, so that none is made twice."""

    def __init__(self, ctx: Context, services: Services, case: Case) -> None:
        self._ctx = ctx
        self._services = services
        self._case = case
        self._workshop = Workshop.of(services, ctx.run, case.change.head)
        self._contents: dict[str, bytes] = {}
        self._runs = _MOST_RUNS
        self._until = time.monotonic() + _SECONDS

    async def fit(self, finding: Finding) -> Edit | Unfit:
        mirror, path = self._workshop.mirror, finding.path
        if path not in self._contents:
            modes = await modes_of(mirror, self._workshop.tree, [path])
            if modes.get(path) not in _REGULAR:
                return Unfit("it is not for a regular file")
            self._contents[path] = await show(mirror, self._workshop.tree, path) or b""
        return fit(finding, self._contents[path])

    async def sift(self, edits: Sequence[Edit]) -> dict[Edit, Offer]:
        """What is known of each. All that can be are tried together; those that overlap with them come after."""
        why = _why_untested(self._case)
        if why:
            return {edit: Offer(edit, f"Not tested: {why}.") for edit in edits}
        told: dict[Edit, Offer] = {}
        while len(told) < len(edits):
            told |= await self._sift(apart([edit for edit in edits if edit not in told]))
        return told

    async def _sift(self, edits: Sequence[Edit]) -> dict[Edit, Offer]:
        """Halves of what fails are tried on their own, so that a few runs tell which one it is."""
        if not self._runs or time.monotonic() > self._until:
            note = "A suggestion is not offered: there were too many to test each."
            return dict.fromkeys(edits, Offer(None, note))
        self._runs -= 1
        line = await self._failure(edits)
        if not line:
            return {edit: Offer(edit, _passed(len(edits))) for edit in edits}
        if len(edits) == 1:
            return {edits[0]: Offer(None, f"A suggestion is not offered: with it the tests {line}.")}
        half = len(edits) // 2
        return {**await self._sift(edits[:half]), **await self._sift(edits[half:])}

    async def _failure(self, edits: Sequence[Edit]) -> str:
        """How the tests end with these edits; empty if they pass."""
        ordered = sorted(edits, key=lambda each: (each.path, each.first))
        files = {
            path: apply(self._contents[path], of_file) for path, of_file in groupby(ordered, lambda each: each.path)
        }
        try:
            tests = await self._run_tests(await plant(self._workshop.mirror, self._workshop.tree, files))
        except SandboxAwayError:
            raise
        except (SandboxError, GitError):
            return "could not be run"  # a suggestion is no reason for a review to fail
        return "" if tests.result == "passed" else tests.line

    async def _run_tests(self, tree: str) -> Tests:
        room = self._workshop.beside(tree)
        try:
            return await run_tests(self._ctx, self._services, f"suggestions-{tree}", _command(self._case), room)
        finally:
            await room.remove()


def _why_untested(case: Case) -> str:
    if _command(case) is None:
        return "no test command is configured"
    if case.policy.test is None:
        return "" if case.told.proved else "the tests do not surely pass on this head as it is"
    return "" if case.tests.result == "passed" else "the tests do not pass on this head as it is"


def _command(case: Case) -> str | None:
    """The policy's, else the one by which the tests were run for those who review."""
    return case.policy.test or case.told.command or None


def _passed(together: int) -> str:
    if together == 1:
        return "Applied to this head, the tests pass with it."
    return f"The tests pass on this head with all {together} suggestions of this review that were tested together."
