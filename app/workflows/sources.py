"""What a run reads before it begins: issues that are spoken of, the project's guidance, how it is set up and tested."""

import asyncio
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
    texts = await _texts(mirror, base, list(dict.fromkeys([*guiding, *worth_reading(paths), *manifests])))
    files = {path: texts.get(path, "") for path in paths}
    linked = await read_titles_and_bodies(gh, mentioned_issues(told, issue.number))
    return Sources(
        near=near,
        stated=await _stated(gh, issue, asker),
        linked=tuple(each[:_LINKED_CHARS] for each in linked),
        guidance=lay_out({path: texts[path] for path in guiding if path in texts}, near, _GUIDANCE_CHARS),
        setup=setup_steps(files),
        candidates=await asyncio.to_thread(candidates, files),
        project=describe_project({path: texts[path] for path in manifests if path in texts}),
    )


async def _stated(gh: GitHub, issue: IssueFacts, asker: str) -> tuple[str, ...]:
    """By the issue, and then by comments of those whose wish it is; what others list is read, and no more."""
    below = [(each.author, stated_criteria(each.body)) for each in issue.comments if each.author_type == "User"]
    listing = [login for login, criteria in below if criteria]
    have_a_say = await who_has_a_say(gh, {issue.author, asker}, listing)
    told = [stated_criteria(issue.body), *(criteria for login, criteria in below if login in have_a_say)]
    return tuple(dict.fromkeys(chain.from_iterable(told)))[:_MOST_STATED]


async def find_candidates(mirror: Path, base: Sha) -> tuple[Candidate, ...]:
    """The part of it that tells how the tests may be run."""
    paths = await list_files(mirror, base)
    texts = await _texts(mirror, base, worth_reading(paths))
    return await asyncio.to_thread(candidates, {path: texts.get(path, "") for path in paths})


async def _texts(mirror: Path, base: Sha, paths: list[str]) -> dict[str, str]:
    found = await read_blobs(mirror, base, paths, most_each=_EACH_BYTES, most_together=_TOGETHER_BYTES)
    return {path: blob.decode("utf-8", "replace") for path, blob in found.items()}
