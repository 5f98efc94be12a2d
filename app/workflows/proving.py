"""Running what is handed in to show a fault: Quorum itself does it, on clean trees, and believes what it sees."""

import asyncio

from app.agents.cut import last_lines
from app.gitcmd import GitError
from app.policy.proof import Proof, Ran
from app.sandbox.box import Box, Limits, Result
from app.sandbox.errors import SandboxAwayError, SandboxError
from app.sandbox.planting import modes_of, plant
from app.workflows.workshop import Workshop

_LIMITS = Limits(wall_s=60, cpu_s=60, disk_bytes=256 * 1024**2, output_bytes=24_000)
_SECONDS = 600.0
"""For all proofs of one review together; what is left over is not run."""
_KEPT_CHARS = 2500


class Prover:
    """Runs proofs one after the other. `workshop` is at the change's head, `base` the code before it.

    The trees are mounted read-only, so that what is looked at is what is reviewed, whatever the command does.
    """

    def __init__(self, box: Box, workshop: Workshop, base: str) -> None:
        self._box = box
        self._workshop = workshop
        self._base = base
        self._turn = asyncio.Lock()
        self._left_s = _SECONDS
        self._known: dict[str, Ran] = {}

    async def prove(self, proof: Proof) -> Ran:
        """What came of it; a proof that was run before is not run again."""
        async with self._turn:
            if proof.digest not in self._known:
                self._known[proof.digest] = await self._try(proof)
            return self._known[proof.digest]

    async def _try(self, proof: Proof) -> Ran:
        if self._left_s <= 0:
            return Ran(shown=False, why="it was not run: the time for proofs is used up")
        try:
            return await self._judge(proof)
        except SandboxAwayError:
            raise
        except (SandboxError, GitError, OSError) as error:
            return Ran(shown=False, why=f"it could not be run: {error}"[:1000])

    async def _judge(self, proof: Proof) -> Ran:
        """Seen twice at the head, and not on the code before: else it is chance, or says nothing of this change."""
        paths = [each.path for each in proof.files]
        there = await modes_of(self._workshop.mirror, self._workshop.tree, paths)
        if there:
            return Ran(shown=False, why=f"{min(there)} is there already, and a proof brings new files only")
        first, *second = await self._run(proof, self._workshop.tree, 2)
        why = next((told for each in (first, *second) if (told := _what_is_missing(proof, each))), "")
        if not why:
            (before,) = await self._run(proof, self._base, 1)
            why = _what_is_wrong_before(proof, before)
        return Ran(shown=not why, why=why, exit_code=first.exit_code, output=last_lines(first.output, _KEPT_CHARS))

    async def _run(self, proof: Proof, treeish: str, times: int) -> list[Result]:
        """As often as that, or until it shows nothing."""
        files = {each.path: each.text.encode("utf-8", "replace") for each in proof.files}
        room = self._workshop.beside(await plant(self._workshop.mirror, treeish, files))
        results: list[Result] = []
        try:
            worktree = await room.lay_out()
            while len(results) < times and not (results and _what_is_missing(proof, results[-1])):
                argv = ["sh", "-c", proof.command]
                results.append(await self._box.run(argv, worktree=worktree, limits=_LIMITS, writable=False))
                self._left_s -= results[-1].seconds
        finally:
            await room.remove()
        return results


def _what_is_missing(proof: Proof, result: Result) -> str:
    if result.ended != "exit":
        return f"it did not end by itself ({result.ended} after {result.seconds:.0f} s)"
    if not proof.is_seen_in(result.output):
        return "what was expected was not printed"
    return ""


def _what_is_wrong_before(proof: Proof, result: Result) -> str:
    if result.ended != "exit":
        return f"on the code before the change it did not end by itself ({result.ended} after {result.seconds:.0f} s)"
    if proof.is_seen_in(result.output):
        return "the same is seen on the code before the change"
    return ""
