"""What a run reads before it begins: issues that are spoken of, the project's guidance, how it is set up and tested."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from app.forge.api import GitHub
from app.forge.git import list_files
from app.forge.read import IssueFacts, read_titles_and_bodies
from app.knowledge.blobs import read_blobs
from app.knowledge.criteria import stated_criteria
from app.knowledge.guidance import guidance_paths, lay_out
from app.knowledge.manifest import describe_project, telling_of
from app.knowledge.named import named_files
from app.knowledge.suites.below import candidates_below, worth_reading_below
from app.knowledge.suites.candidate import Candidate
from app.knowledge.suites.ci import setup_steps
from app.knowledge.suites.finding import candidates, worth_reading
from app.policy.links import mentioned_issues
from app.policy.values import Sha
from app.workflows.asking import who_has_a_say
from app.workflows.said import all_said

_LINKED_CHARS = 3000
_GUIDANCE_CHARS = 12_000
_MOST_STATED = 24
_EACH_BYTES, _TOGETHER_BYTES = 100_000, 1_000_000


@dataclass(frozen=True)
class Sources:
    """`near`: files that the issue names. `stated`: what must hold, where it is listed.

    `candidates`: commands that may run the tests, best first. `project`: its name, version and what it runs on.
    """

    near: tuple[str, ...] = ()
    stated: tuple[str, ...] = ()
    linked: tuple[str, ...] = ()
    guidance: str = ""
    setup: tuple[str, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    project: str = ""


async def read_sources(gh: GitHub, mirror: Path, base: Sha, issue: IssueFacts, asker: str) -> Sources:
    """From GitHub and from the base branch's commit `base`, never from a change. `asker`: who wants it done."""
    paths = await list_files(mirror, base)
    told = all_said(issue)
    near = await asyncio.to_thread(named_files, told, paths)
    guiding = guidance_paths(paths, near)
    manifests = telling_of(paths)
    telling = [*guiding, *worth_reading(paths), *manifests, *worth_reading_below(paths)]
    texts = await read_texts(mirror, base, list(dict.fromkeys(telling)))
    files = {path: texts.get(path, "") for path in paths}
    linked = await read_titles_and_bodies(gh, mentioned_issues(told, issue.number))
    return Sources(
        near=near,
        stated=await _stated(gh, issue, asker),
        linked=tuple(each[:_LINKED_CHARS] for each in linked),
        guidance=lay_out({path: texts[path] for path in guiding if path in texts}, near, _GUIDANCE_CHARS),
        setup=setup_steps(files),
        candidates=await asyncio.to_thread(_candidates, files, near),
        project=describe_project({path: texts[path] for path in manifests if path in texts}),
    )


async def _stated(gh: GitHub, issue: IssueFacts, asker: str) -> tuple[str, ...]:
    """By the issue, and then by comments of those whose wish it is; what others list is read, and no more."""
    below = [(each.author, stated_criteria(each.body)) for each in issue.comments if each.author_type == "User"]
    listing = [login for login, criteria in below if criteria]
    have_a_say = await who_has_a_say(gh, {issue.author, asker}, listing)
    told = [stated_criteria(issue.body), *(criteria for login, criteria in below if login in have_a_say)]
    return tuple(dict.fromkeys(chain.from_iterable(told)))[:_MOST_STATED]


async def find_candidates(mirror: Path, base: Sha, near: Sequence[str]) -> tuple[Candidate, ...]:
    """The part of it that tells how the tests may be run. `near`: the files that the task is about."""
    paths = await list_files(mirror, base)
    texts = await read_texts(mirror, base, [*worth_reading(paths), *worth_reading_below(paths)])
    return await asyncio.to_thread(_candidates, {path: texts.get(path, "") for path in paths}, near)


def _candidates(files: Mapping[str, str], near: Sequence[str]) -> tuple[Candidate, ...]:
    """Those of the whole first: what runs the tests of a folder alone may not show what a change breaks elsewhere."""
    return (*candidates(files), *candidates_below(files, near))


async def read_texts(mirror: Path, base: Sha, paths: list[str]) -> dict[str, str]:
    """Of those that are there and not too large."""
    found = await read_blobs(mirror, base, paths, most_each=_EACH_BYTES, most_together=_TOGETHER_BYTES)
    return {path: blob.decode("utf-8", "replace") for path, blob in found.items()}
