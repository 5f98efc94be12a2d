"""A council in session on two commits of a bare repository: as a review on GitHub, without GitHub."""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.agents.anchor import Anchored, Lines
from app.agents.council import Bench
from app.agents.pack import ReviewPack, render_parts
from app.agents.panel import Heard, convene
from app.agents.patched import anchor_at, read_diff, touched_lines
from app.agents.views import render_instructions
from app.forge.changed import changed_files
from app.forge.git import diff
from app.knowledge.context import look_around
from app.llm.messages import Model
from app.policy.asking import who_is_asked
from app.policy.config import Policy
from app.policy.facts import Facts
from app.policy.finding import Finding
from app.policy.rules import VETO
from app.policy.values import JsonValue, Sha
from app.policy.words import Words
from app.sandbox.box import Box
from app.workflows.behind import look_behind
from app.workflows.change import Change
from app.workflows.packages import LookedUp
from app.workflows.patches import with_notes
from app.workflows.proving import Prover
from app.workflows.weighing import light_reading, shared_readers, weigh
from app.workflows.workshop import Workshop


@dataclass(frozen=True)
class Matter:
    """A change in the bare repository `mirror`, and what reviewers are told of it beside the diff."""

    mirror: Path
    change: Change
    title: str
    body: str
    tests: str
    old_tests: str
    guidance: str = ""
    alarms: str = ""
    weakened: str = ""
    words: Words = Words()
    vetoes: Collection[str] = (VETO,)
    packages: LookedUp = LookedUp()


@dataclass(frozen=True)
class Held:
    """What was heard, by perspective; the lines that may be spoken of, by path; and which files nobody read."""

    heard: Mapping[str, Heard]
    lines: Mapping[str, Lines]
    unread: tuple[str, ...]


async def who_reviews(mirror: Path, base: Sha, head: Sha, policy: Policy, base_ref: str | None = None) -> list[str]:
    """The perspectives that the policy asks. A rule of which nobody can say whether it applies asks, too."""
    return list(who_is_asked(Facts(files=await changed_files(mirror, base, head), base_ref=base_ref), policy))


async def hold_session(matter: Matter, asked: Sequence[str], model: Model, box: Box, worktree: Path) -> Held:
    """Let these perspectives review. `worktree` holds the files of the head."""
    mirror, change = matter.mirror, matter.change
    weight = await weigh(mirror, change)
    files, lines = read_diff(await diff(mirror, change.base, change.head), change.set_aside)
    around = await look_around(mirror, change.head, touched_lines(files, lines), weight.effort.around)
    behind = await look_behind(mirror, change, files, weight.effort)
    pack = ReviewPack(
        title=matter.title,
        body=matter.body,
        issues=(),
        files=with_notes(files, around),
        set_aside=change.set_aside,
        guidance=matter.guidance,
        tests=matter.tests,
        old_tests=matter.old_tests,
        round_=1,
        previous=(),
        alarms=matter.alarms,
        weakened=matter.weakened,
        asked=render_instructions(matter.words),
        removed=behind.removed,
        histories=behind.histories,
        old_values=behind.old_values,
        there=behind.files,
        untouched=behind.untouched,
        packages=matter.packages.told,
    )
    packed = render_parts(pack)

    async def place(findings: Sequence[Finding]) -> Anchored:
        return await anchor_at(mirror, change.head, lines, findings)

    with tempfile.TemporaryDirectory(prefix="quorum-proofs-") as scratch:
        # Commands in the sandbox run as another user, who must be able to pass.
        await asyncio.to_thread(Path(scratch).chmod, 0o755)
        bench = Bench(
            model=model,
            box=box,
            worktree=worktree,
            steps=_Unkept(),
            shared=packed.prefix,
            words=matter.words,
            prove=Prover(box, Workshop(mirror, Path(scratch) / "1", change.head), change.base).prove,
            effort=weight.effort,
            walk=weight.walk(asked[0]) if asked else None,
            known=matter.packages.findings,
            changed=change.read_whole,
        )
        together = shared_readers(weight, pack, asked, matter.vetoes)
        heard = await convene(bench, packed, asked, place, light_reading(weight, pack), together)
        return Held(heard, lines, packed.unread)


class _Unkept:
    """`agents.Steps` that remembers nothing: a session that was cut off is held again from its start."""

    async def step(self, name: str, do: Callable[[], Awaitable[JsonValue]]) -> JsonValue:
        del name
        return await do()
