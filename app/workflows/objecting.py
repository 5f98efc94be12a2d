"""What may not be committed without a person, and what is only asked about. The same is told to the writer and held
at the commit: code decides it from the change, whatever an agent says.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.forge.git import changed_paths, diff, list_files
from app.policy.changed_text import ChangedText
from app.policy.kinds import kinds_of
from app.policy.outside import outside
from app.policy.render import code
from app.policy.rubbish import is_lock, why_rubbish, why_too_big
from app.policy.secrets_seen import secrets_in
from app.policy.untested import untested
from app.policy.weakened.found import Kind, Weakening
from app.policy.weakening import weakenings
from app.sandbox.analyzers.alarm import Alarm
from app.sandbox.analyzers.catalog import configured
from app.sandbox.analyzers.run import analyze
from app.sandbox.changed_texts import changed_texts
from app.sandbox.diffs import FileDiff, parse_diff
from app.sandbox.errors import PatchError
from app.sandbox.patches import Refusal, validate
from app.wiring import Services
from app.workflows.task import Task

_SCANNER = "detect-secrets"
_GUESSES = frozenset(
    {"Secret Keyword", "Base64 High Entropy String", "Hex High Entropy String", "Basic Auth Credentials"}
    | {"JSON Web Token", "Public IP (ipv4)"}
)
"""Rules of the scanner that go by words and chance; tests and examples are full of what they tell."""
_INDENTED = (
    ".py",
    ".pyi",
    ".pyx",
    ".yml",
    ".yaml",
    ".md",
    ".rst",
    ".haml",
    ".pug",
    ".sass",
    ".coffee",
    "makefile",
    ".mk",
)
_MANY_FILES = 20
_SHOWN = 10
_WHOLE = "the diff"


@dataclass(frozen=True)
class Objections:
    """`refused`: reasons why it is not pushed. `asked`: what may be right, and should be looked at."""

    refused: tuple[Refusal, ...] = ()
    asked: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Fault:
    """`what` is the same for the same fault after its line has moved."""

    path: str
    reason: str
    what: str

    @property
    def key(self) -> tuple[str, str]:
        return self.path, self.what


async def find_objections(mirror: Path, base: str, parent: str, tree: str) -> Objections:
    """Against committing `tree` on top of `parent`; `base` is where the whole change begins.

    Judged is the change as a whole, so that a test which it brought along may go again; but what stood in `parent`
    already is not this commit's. A scan of the files for secrets is a matter of its own (`scan_for_secrets`).
    """
    refused = validate(await diff(mirror, parent, tree))
    if any(each.path == _WHOLE for each in refused):
        return Objections(tuple(refused))
    whole, asked = await _look(mirror, base, tree)
    stood = {each.key for each in (await _look(mirror, base, parent))[0]} if parent != base else set()
    refused += [Refusal(each.path, each.reason) for each in whole if each.key not in stood]
    return Objections(tuple(refused), tuple(asked))


async def _look(mirror: Path, base: str, tree: str) -> tuple[list[_Fault], list[str]]:
    """What is refused, and what is asked about. A diff that cannot be read is refused where it is pushed."""
    patch = await diff(mirror, base, tree)
    try:
        texts, files = changed_texts(patch), parse_diff(patch)
    except PatchError as error:
        return [_Fault(_WHOLE, f"it cannot be read: {error}", _WHOLE)], []
    weaker = weakenings(texts)
    faults = [_weaker(each) for each in weaker if _is_refused(each)]
    faults += [_Fault(each.path, f"line {each.line} looks like {each.what}", each.what) for each in secrets_in(texts)]
    known = await list_files(mirror, base)
    return [*faults, *_rubbish(files, known)], _asked(texts, weaker, known)


async def find_outside(mirror: Path, base: str, tree: str, expected: Sequence[str]) -> tuple[str, ...]:
    """What is asked about files that the change touches and that are not `expected` of the task."""
    found = outside(await changed_paths(mirror, base, tree), expected) if expected else []
    if not found:
        return ()
    named = ", ".join(code(path) for path in found[:_SHOWN])
    more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    question = "are they parts" if len(found) > 1 else "is it a part"
    return (f"nothing that was agreed on or found names {named}{more}; {question} of the task?",)


async def look_outside(mirror: Path, task: Task, base: str, tree: str) -> list[str]:
    """The same for people, in a description that another run wrote."""
    return [f"Please look at this: {each}" for each in await find_outside(mirror, base, tree, task.expected)]


async def find_leaks(mirror: Path, base: str, tree: str) -> list[Refusal]:
    """Why not even unfinished work may be shown to others: what no branch may hold, and secrets."""
    patch = await diff(mirror, base, tree)
    refused = validate(patch)
    if any(each.path == _WHOLE for each in refused):
        return refused
    return refused + [
        Refusal(each.path, f"line {each.line} looks like {each.what}") for each in secrets_in(changed_texts(patch))
    ]


async def scan_for_secrets(services: Services, worktree: Path, patch: bytes) -> Objections:
    """Let the scanner look at the changed files, where it is there; `worktree` holds them and is only read."""
    if _SCANNER not in services.analyzers:
        return Objections()
    scanner = configured([_SCANNER], services.analyzers)
    found = await analyze(services.box, worktree, None, parse_diff(patch), scanner)
    sure = tuple(Refusal(each.path, f"line {each.line}: {each.message}") for each in found.alarms if _is_sure(each))
    unsure = tuple(f"`{each.path}`, line {each.line}: {each.message}" for each in found.alarms if not _is_sure(each))
    return Objections(sure, unsure[:_SHOWN])


def told(refused: Sequence[Refusal]) -> str:
    """A list, for an agent."""
    return "\n".join(f"- {each.path}: {each.reason}" for each in refused[:_SHOWN])


def _is_sure(alarm: Alarm) -> bool:
    return alarm.rule not in _GUESSES


def _is_refused(weakening: Weakening) -> bool:
    """A linter that is silenced in a line can be right; that the line says so is enough for reviewers to see it."""
    return weakening.kind.is_proven and weakening.kind is not Kind.LINTER_SILENCED


def _weaker(each: Weakening) -> _Fault:
    return _Fault(each.path, f"{each.kind.value} at line {each.line}: {each.because}", f"{each.kind} {each.quote}")


def _rubbish(files: Sequence[FileDiff], known: Sequence[str]) -> list[_Fault]:
    new = [(file, why_rubbish(file.path, known)) for file in files if file.old_path is None]
    found = [_Fault(file.path, f"{why}; take it out, or let .gitignore name it", why) for file, why in new if why]
    sized = [(file, why_too_big(file.path, len(file.added_text))) for file in files]
    return found + [_Fault(file.path, why, "big") for file, why in sized if why]


def _asked(texts: Sequence[ChangedText], weaker: Sequence[Weakening], known: Sequence[str]) -> list[str]:
    """What reviewers would ask."""
    bare = untested([each for each in texts if not _only_space(each)], known)
    told = [f"no test comes with the change of `{bare}`: is there none that fails without it?"] if bare else []
    told += [
        f"`{each.path}`, line {each.line}: {each.kind.value} ({each.because})"
        for each in weaker
        if not _is_refused(each)
    ]
    only_space = [each.path for each in texts if _only_space(each)]
    owned = [each.path for each in texts if is_lock(each.path) or kinds_of(each.path) & {"ownership", "policy"}]
    told += [f"`{path}`: only white space is changed" for path in only_space]
    told += [f"`{path}`: it is changed; does the issue ask for that?" for path in owned]
    if len(texts) > _MANY_FILES:
        told.append(f"{len(texts)} files are changed; is every one of them a part of the task?")
    return told[:_SHOWN]


def _only_space(text: ChangedText) -> bool:
    """Where the indentation means something, only what stands at the ends of lines, and empty lines, do not count."""
    if text.status != "modified" or not text.hunks:
        return False
    if text.path.casefold().endswith(_INDENTED):
        gone, put = (
            [line.text.rstrip() for line in lines if line.text.strip()] for lines in (text.removed, text.added)
        )
    else:
        gone, put = (["".join("".join(line.text.split()) for line in lines)] for lines in (text.removed, text.added))
    return gone == put
