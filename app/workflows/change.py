"""The change under review, worked out from git: what it touches, its fingerprint, and what is set aside."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from app.forge.git import changed_paths, diff, fingerprint, has_commit, list_files, only_merge_base
from app.forge.read import PullFacts
from app.knowledge.marked import Mark, marked_in_base, why_with_mark
from app.policy.config import Policy
from app.policy.paths import can_run, hides_nothing, is_taken_back, why_set_aside
from app.policy.values import Repo, Sha
from app.policy.words import words_on
from app.sandbox.diffs import SUBMODULE, SYMLINK, FileDiff, parse_diff
from app.wiring import Services
from app.workflows.ground import Ground

_MEDIA = frozenset(
    {".avif", ".bmp", ".eot", ".flac", ".gif", ".icns", ".ico", ".jpeg", ".jpg", ".mp3", ".mp4", ".ogg", ".otf"}
    | {".pdf", ".png", ".ttf", ".wav", ".webm", ".webp", ".woff", ".woff2"}
)
"""Binary files that nobody runs and that show themselves on the page."""


@dataclass(frozen=True)
class Change:
    """`base` is the merge base of the base branch's newest commit and the head.

    `fingerprint` stands for the diff, the base branch, and what of its policy says how the diff is looked at: what was
    said of one is worth nothing for another. `unreadable` are binary files, which no reviewer can read; `unreviewed`
    are those set aside that can run, and not because the policy says so; `links` lead to other files at the head.
    """

    head: Sha
    base: Sha
    fingerprint: str
    files: tuple[str, ...]
    set_aside: tuple[str, ...]
    unreadable: tuple[str, ...]
    unreviewed: tuple[str, ...] = ()
    links: tuple[str, ...] = ()

    @property
    def read_whole(self) -> frozenset[str]:
        """Files that a reader of changed files alone may open: with a link the author would choose any other."""
        return frozenset(self.files) - frozenset(self.links)


async def read_change(
    services: Services, repo: Repo, pull: PullFacts, ground: Ground, policy: Policy, known: Sha | None = None
) -> Change:
    """Fetch the pull request's head into the mirror and describe its difference from the base branch.

    `known`: the head, if GitHub's word for it was taken before and need not be asked for again.
    """
    mirror = services.mirrors.path(repo)
    if known is not None and await has_commit(mirror, known):
        head = known
    else:
        head = await services.mirrors.fetch(repo, f"refs/pull/{pull.number}/head")
    base = await only_merge_base(mirror, ground.base_sha, head)
    return await describe_change(mirror, base, head, pull.base_ref, policy)


async def describe_change(mirror: Path, base: Sha, head: Sha, base_ref: str, policy: Policy) -> Change:
    """The difference between two commits of a mirror. `base` is their merge base."""
    files = parse_diff(await diff(mirror, base, head))
    reasons, marks = await set_aside_files(mirror, (base, head), files, policy.set_aside)
    changed = tuple(await changed_paths(mirror, base, head))
    return Change(
        head=head,
        base=base,
        fingerprint=_bound(await fingerprint(mirror, base, head), base_ref, policy, marks, changed),
        files=changed,
        set_aside=tuple(reasons),
        unreadable=tuple(each.path for each in files if each.binary and each.path not in reasons),
        unreviewed=tuple(path for path, why in reasons.items() if why in {"generated", "vendored"} and can_run(path)),
        links=tuple(each.path for each in files if each.new_mode == SYMLINK),
    )


async def set_aside_files(
    mirror: Path, ends: tuple[Sha, Sha], files: Sequence[FileDiff], globs: Sequence[str]
) -> tuple[Mapping[str, str], Mapping[str, Mark]]:
    """Files not to be read, with the reason, and what the base says of files. `ends`: base and head."""
    in_base = frozenset(await list_files(mirror, ends[0]))
    texts = [each for each in files if not _leads_elsewhere(each)]
    own = [each.path for each in texts if each.new_path is not None and each.old_path in {None, each.path}]
    marks = await marked_in_base(mirror, *ends, own, in_base)
    return _set_aside(files, globs, in_base, marks), marks


def _set_aside(
    files: Sequence[FileDiff], globs: Sequence[str], known: frozenset[str], marks: Mapping[str, Mark]
) -> dict[str, str]:
    """Files not to be read, by the reason. Where nothing else is changed they are: an empty review approves anything.

    `known` are the files of the base, and `marks` what it says of them; what the change says of itself counts nothing.
    A link or a submodule is read whatever its name is: it stands for code that lies elsewhere.
    """
    folders = {str(parent) for path in known for parent in PurePosixPath(path).parents}
    aside = {}
    for file in files:
        if _leads_elsewhere(file):
            continue
        was = file.old_path if file.old_path != file.path else None
        mark = None if is_taken_back(file.path, globs) else marks.get(file.path)
        reason = why_with_mark(why_set_aside(file.path, globs, was=was), mark)
        media = file.binary and PurePosixPath(file.path).suffix.lower() in _MEDIA
        if reason is not None and hides_nothing(file.path, reason, known, folders):
            aside[file.path] = reason
        elif media:
            aside[file.path] = "media"
    return aside if len(aside) < len(files) else {}


def _leads_elsewhere(file: FileDiff) -> bool:
    """A link or a submodule has no text of its own, before or after."""
    return bool({SYMLINK, SUBMODULE} & {file.old_mode, file.new_mode})


def _bound(of_diff: str, base_ref: str, policy: Policy, marks: Mapping[str, Mark], changed: Sequence[str]) -> str:
    """`marks` belong to it: what the base says of files may change while the diff stays, and then others are read.

    So do the project's own words on these files: a perspective of the same name with other words is another one.
    """
    words = words_on(policy, changed).digested
    parts: list[object] = [of_diff, base_ref, policy.test, policy.set_aside]
    parts += [sorted(marks.items()), words] if words else [sorted(marks.items())] if marks else []
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
