"""What GitHub knows of the packages that a change adds and takes away, for those who review it. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from app.policy.changed_text import ChangedText, Line
from app.policy.finding import MOST_OF_A_PATH, Finding, Severity
from app.policy.kinds import kinds_of

CATEGORY = "vulnerable dependency"
PERSPECTIVE = "dependencies"
_SEVERITIES = {"critical": Severity.CRITICAL, "high": Severity.MAJOR}
"""What GitHub calls moderate or low is for the reader to weigh."""
_MOST_TOLD = 80
_QUOTE_CHARS = 4000


@dataclass(frozen=True)
class Advisory:
    """A known vulnerability. `summary`: a stranger's words."""

    ghsa_id: str
    severity: str
    summary: str


@dataclass(frozen=True)
class PackageChange:
    """A version of a package that a manifest or lock file has from now on, or has no more. All words are strangers'."""

    added: bool
    manifest: str
    ecosystem: str
    name: str
    version: str
    licence: str
    scope: str
    advisories: tuple[Advisory, ...] = ()


@dataclass(frozen=True)
class Packages:
    """`changes` None: GitHub has no such data. `more`: how many changes are left out."""

    changes: tuple[PackageChange, ...] | None = None
    more: int = 0


def may_change_packages(paths: Sequence[str]) -> bool:
    """Whether a manifest or a lock file is among these files."""
    return any("dependencies" in kinds_of(path) for path in paths)


def new_advisories(changes: Sequence[PackageChange]) -> list[tuple[PackageChange, Advisory]]:
    """Vulnerabilities that were not there before: another version with the same one makes nothing worse."""
    before = {(each.name, known.ghsa_id) for each in changes if not each.added for known in each.advisories}
    return [
        (each, known)
        for each in changes
        if each.added
        for known in each.advisories
        if (each.name, known.ghsa_id) not in before
    ]


def render_packages(packages: Packages) -> str:
    """A line each, those with a new vulnerability first; empty where nothing is known."""
    changes = packages.changes or ()
    new = {id(each) for each, _ in new_advisories(changes)}
    ranked = sorted(changes, key=lambda each: (id(each) not in new, not each.added))
    lines = [_told(each) for each in ranked[:_MOST_TOLD]]
    more = len(ranked) - len(lines) + packages.more
    return "\n".join([*lines, *([f"- and {more} more"] if more else [])])


def findings_of(packages: Packages, files: Sequence[ChangedText], *, grave: bool) -> list[Finding]:
    """What is severe and new, on the line of a manifest that names the package; where none does, there is no finding.

    `grave` False: as advice, and so is what no user of the project runs. `files` are those that may be spoken of.
    """
    found: dict[tuple[str, int], Finding] = {}
    for change, known in new_advisories(packages.changes or ()):
        severity = _SEVERITIES.get(known.severity)
        place = _line_of(change, files) if severity is not None else None
        if severity is None or place is None:
            continue
        severity = severity if grave and change.scope != "development" else Severity.MINOR
        path, line = place
        one = _finding(severity, change, known, path, line)
        held = found.get((path, line.number))
        found[path, line.number] = one if held is None else _joined(held, one)
    return list(found.values())


def _finding(severity: Severity, change: PackageChange, known: Advisory, path: str, line: Line) -> Finding:
    return Finding(
        severity=severity,
        category=CATEGORY,
        path=path,
        start_line=line.number,
        end_line=line.number,
        quote=line.text[:_QUOTE_CHARS],
        claim=(
            f"{change.name} {change.version} has a known vulnerability ({known.ghsa_id}, {known.severity}), and the "
            "change brings it in."
        ),
        why=f"GitHub's advisory says: {known.summary}",
        evidence=f"GitHub's dependency review of {change.manifest} names {known.ghsa_id}.",
        confidence=1.0,
    )


def _joined(held: Finding, other: Finding) -> Finding:
    """Several of one line are one finding, as grave as the gravest."""
    first, second = sorted((held, other), key=lambda each: each.severity.rank)
    return first.model_copy(
        update={
            "claim": f"{first.claim} {second.claim}"[:2000],
            "why": f"{first.why}\n\n{second.why}"[:4000],
            "evidence": f"{first.evidence}\n{second.evidence}"[:8000],
        }
    )


def _line_of(change: PackageChange, files: Sequence[ChangedText]) -> tuple[str, Line] | None:
    """The added line that names the package: in the manifest itself, else in one beside it, as for a lock file."""
    folder = PurePosixPath(change.manifest).parent
    beside = [each for each in files if PurePosixPath(each.path).parent == folder and may_change_packages([each.path])]
    for file in sorted(beside, key=lambda each: each.path != change.manifest):
        if len(file.path) > MOST_OF_A_PATH:
            continue
        naming = [line for line in file.added if line.text.strip() and _names(line.told, change.name)]
        exact = [line for line in naming if change.version in line.told]
        if naming:
            return file.path, (exact or naming)[0]
    return None


def _names(line: str, name: str) -> bool:
    """Whether a line names just this package. `-`, `_`, `.` and case are one where a registry takes them for one:
    https://packaging.python.org/en/latest/specifications/name-normalization/
    """
    wanted = re.escape(_plain(name.rpartition(":")[2]))  # Maven's names begin with a group
    return re.search(rf"(?<![a-z0-9@/-]){wanted}(?![a-z0-9/-])", _plain(line)) is not None


def _plain(text: str) -> str:
    return re.sub(r"[-_.]+", "-", text.casefold())


def _told(change: PackageChange) -> str:
    what = "added" if change.added else "removed"
    about = f"{change.ecosystem}, {change.manifest}, {change.scope}"
    return f"- {what}: {change.name} {change.version} ({about}); licence {change.licence or 'unknown'}{_known(change)}"


def _known(change: PackageChange) -> str:
    told: Iterator[str] = (f"{each.severity} {each.ghsa_id}: {each.summary}" for each in change.advisories)
    return f"; known vulnerabilities: {'; '.join(told)}" if change.advisories else ""
