"""One case before the council: the same questions as a review on GitHub asks, of a repository made for it."""

import asyncio
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.cli.evaluation.planted import PlantedCase
from app.cli.evaluation.results import Result, Said
from app.cli.meter import Meter
from app.cli.session import Matter, hold_session, who_reviews
from app.forge.git import commit_tree
from app.forge.own_files import read_own_files
from app.gitcmd import git
from app.llm.messages import Model
from app.policy.checked import Checked
from app.policy.config import parse_policy
from app.policy.finding import Finding
from app.policy.values import Sha
from app.policy.words import words_on
from app.sandbox.box import Box
from app.sandbox.worktree import checkout
from app.workflows.change import describe_change

_AUTHOR = "Mona <mona@example.com>"
_TESTS = ""
"""What a review shows where the policy names no command."""


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
    with tempfile.TemporaryDirectory(prefix="quorum-case-") as scratch:
        # Commands in the sandbox run as another user, who must be able to pass.
        await asyncio.to_thread(Path(scratch).chmod, 0o755)
        repository = await make_repository(case, Path(scratch))
        mirror, base, head = repository.mirror, repository.base, repository.head
        worktree = Path(scratch) / "work"
        await checkout(mirror, head, worktree)
        policy = parse_policy("", await read_own_files(mirror, base))
        asked = sitting.only or tuple(await who_reviews(mirror, base, head, policy))
        change = await describe_change(mirror, base, head, "main", policy)
        words = words_on(policy, change.files)
        matter = Matter(mirror, change, case.about.title, case.about.description, _TESTS, _TESTS, words=words)
        meter = Meter(sitting.model, policy.budget)
        heard = (await hold_session(matter, asked, meter, sitting.box, worktree)).heard
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
            proof=each.proof if isinstance(each, Checked) else None,
            ran=each.ran if isinstance(each, Checked) else None,
        )
        for name, found in findings
        for each in found
    )
