"""One case before the council: the same questions as a review on GitHub asks, of a repository made for it."""

import asyncio
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.agents.anchor import Anchored, Lines
from app.agents.council import Bench
from app.agents.pack import Packed, ReviewPack, render_parts
from app.agents.panel import convene
from app.agents.patched import anchor_at, read_diff, touched_lines
from app.cli.evaluation.meter import Meter
from app.cli.evaluation.planted import PlantedCase
from app.cli.evaluation.results import Result, Said
from app.forge.changed import changed_files
from app.forge.git import commit_tree, diff
from app.gitcmd import git
from app.knowledge.context import look_around
from app.llm.messages import Model
from app.policy.asking import who_is_asked
from app.policy.config import Policy
from app.policy.facts import Facts
from app.policy.finding import Finding
from app.policy.values import JsonValue, Sha
from app.sandbox.box import Box
from app.sandbox.diffs import parse_diff
from app.sandbox.worktree import checkout
from app.workflows.change import set_aside_files
from app.workflows.patches import with_notes

_AUTHOR = "Mona <mona@example.com>"
_TESTS = "no test command is configured\n\n"
"""What a review shows where the policy names no command, to the letter."""


@dataclass(frozen=True)
class Repository:
    """A bare one; `base` and `head` are its two commits."""

    mirror: Path
    base: Sha
    head: Sha


@dataclass(frozen=True)
class Sitting:
    """Who hears the cases. `only`: perspectives to ask; none: whom the default policy asks. `name` is the model's."""

    box: Box
    model: Model
    name: str
    only: tuple[str, ...] = ()


async def hear_case(case: PlantedCase, sitting: Sitting) -> Result:
    """Let the council review a case."""
    started = time.monotonic()
    policy = Policy()
    with tempfile.TemporaryDirectory(prefix="quorum-case-") as scratch:
        # Commands in the sandbox run as another user, who must be able to pass.
        await asyncio.to_thread(Path(scratch).chmod, 0o755)
        repository = await make_repository(case, Path(scratch))
        worktree = Path(scratch) / "work"
        await checkout(repository.mirror, repository.head, worktree)
        asked = sitting.only or await _asked(repository, policy)
        touched, packed = await _shown(case, repository, policy)
        meter = Meter(sitting.model, policy.budget)

        async def place(findings: Sequence[Finding]) -> Anchored:
            return await anchor_at(repository.mirror, repository.head, touched, findings)

        bench = Bench(meter, sitting.box, worktree, _Unkept(), packed.prefix)
        heard = await convene(bench, packed, asked, place)
    return Result(
        name=case.name,
        digest=case.digest,
        model=sitting.name,
        only=sitting.only,
        asked=asked,
        published=_said((name, each.kept) for name, each in heard.items()),
        withdrawn=_said((name, [lost.finding for lost in each.withdrawn]) for name, each in heard.items()),
        dropped=_said((name, [lost.finding for lost in each.dropped]) for name, each in heard.items()),
        silent={name: each.opinion.reason for name, each in heard.items() if each.opinion.report is None},
        spent=meter.spent,
        seconds=time.monotonic() - started,
    )


async def make_repository(case: PlantedCase, folder: Path) -> Repository:
    """`before` as the base branch's commit, `after` as the one on top of it."""
    mirror = folder / "mirror.git"
    await git("init", "--quiet", "--bare", str(mirror))
    base = await _commit(mirror, case.before, [], "Start")
    return Repository(mirror, base, await _commit(mirror, case.after, [base], case.about.title))


async def _commit(mirror: Path, tree: Path, parents: Sequence[Sha], message: str) -> Sha:
    """A commit of a folder's files, whatever its own `.gitignore` says."""
    with tempfile.TemporaryDirectory(prefix="quorum-index-") as scratch:
        index = Path(scratch) / "index"
        await git("add", "--all", "--force", "--", ".", git_dir=mirror, index=index, work_tree=tree)
        written = (await git("write-tree", git_dir=mirror, index=index)).decode().strip()
    return await commit_tree(mirror, written, parents, message, _AUTHOR, 0)


async def _asked(repository: Repository, policy: Policy) -> tuple[str, ...]:
    facts = Facts(files=await changed_files(repository.mirror, repository.base, repository.head))
    return tuple(who_is_asked(facts, policy))


async def _shown(case: PlantedCase, repository: Repository, policy: Policy) -> tuple[dict[str, Lines], Packed]:
    """The lines that may be spoken of, by path, and what all reviewers read first."""
    mirror, base, head = repository.mirror, repository.base, repository.head
    patch = await diff(mirror, base, head)
    aside, _ = await set_aside_files(mirror, (base, head), parse_diff(patch), policy.set_aside)
    files, lines = read_diff(patch, aside)
    around = await look_around(mirror, head, touched_lines(files, lines))
    pack = ReviewPack(
        title=case.about.title,
        body=case.about.description,
        issues=(),
        files=with_notes(files, around),
        set_aside=aside,
        guidance="",
        tests=_TESTS,
        old_tests=_TESTS,
        round_=1,
        previous=(),
    )
    return lines, render_parts(pack)


class _Unkept:
    """`agents.Steps` that remembers nothing: a case that was cut off is heard again from its start."""

    async def step(self, name: str, do: Callable[[], Awaitable[JsonValue]]) -> JsonValue:
        del name
        return await do()


def _said(findings: Iterable[tuple[str, Sequence[Finding]]]) -> tuple[Said, ...]:
    return tuple(
        Said(
            perspective=name,
            severity=each.severity.value,
            category=each.category,
            path=each.path,
            start_line=each.start_line,
            end_line=each.end_line,
            claim=each.claim,
        )
        for name, found in findings
        for each in found
    )
