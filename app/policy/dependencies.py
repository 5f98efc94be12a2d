"""What GitHub knows of the packages that a change adds and takes away, for those who review it. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from app.policy.changed_text import ChangedText, Line
from app.policy.finding import Finding, Severity
from app.policy.kinds import kinds_of
from app.policy.package_lines import line_of, read_manifest

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


def gravity(known: Advisory) -> int:
    """The less, the graver; all that is for the reader to weigh is alike."""
    return list(_SEVERITIES).index(known.severity) if known.severity in _SEVERITIES else len(_SEVERITIES)


def new_advisories(changes: Sequence[PackageChange]) -> list[tuple[PackageChange, Advisory]]:
    """Vulnerabilities that were not there before: another version with the same one makes nothing worse.

    Before means in this place: what only an example had, or whoever develops the project, its users did not have.
    """
    before = {
        (_place(each), known.ghsa_id, only_developing)
        for each in changes
        if not each.added
        for known in each.advisories
        for only_developing in (True, each.scope == "development")
    }
    return [
        (each, known)
        for each in changes
        if each.added
        for known in each.advisories
        if (_place(each), known.ghsa_id, each.scope == "development") not in before
    ]


def _place(change: PackageChange) -> tuple[str, str, str]:
    """A lock file and its manifest are one place."""
    return change.ecosystem, change.name, str(PurePosixPath(change.manifest).parent)


def render_packages(packages: Packages) -> str:
    """A line each, those with a new vulnerability first; empty where nothing is known."""
    changes = packages.changes or ()
    new = {id(each) for each, _ in new_advisories(changes)}
    ranked = sorted(changes, key=lambda each: (id(each) not in new, not each.added))
    lines = [_told(each) for each in ranked[:_MOST_TOLD]]
    more = len(ranked) - len(lines) + packages.more
    return "\n".join([*lines, *([f"- and {more} more"] if more else [])])


def findings_of(packages: Packages, files: Sequence[ChangedText], *, grave: bool) -> list[Finding]:
    """What is severe and new, on the line of a manifest that brings it in; a lock file alone makes no finding.

    `grave` False: as advice, and so is what no user of the project runs. `files` are those that may be spoken of.
    """
    severe = [(each, known) for each, known in new_advisories(packages.changes or ()) if known.severity in _SEVERITIES]
    named = {each.manifest for each, _ in severe}
    read = [read_manifest(each) for each in files if each.path in named or may_change_packages([each.path])]
    places = {each: line_of(each.manifest, each.name, each.version, read) for each, _ in severe}
    found: dict[tuple[str, int], Finding] = {}
    for change, known in severe:
        place = places[change]
        if place is None:
            continue
        severity = _SEVERITIES[known.severity] if grave and change.scope != "development" else Severity.MINOR
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
        evidence=f"GitHub's dependency review of {_shown(change.manifest)} names {known.ghsa_id}.",
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


def _told(change: PackageChange) -> str:
    what = "added" if change.added else "removed"
    about = f"{change.ecosystem}, {_shown(change.manifest)}, {change.scope}"
    return f"- {what}: {change.name} {change.version} ({about}); licence {change.licence or 'unknown'}{_known(change)}"


def _shown(path: str) -> str:
    """A name with a line feed in it must not look like the next package."""
    return path if path.isprintable() else ascii(path)


def _known(change: PackageChange) -> str:
    told: Iterator[str] = (f"{each.severity} {each.ghsa_id}: {each.summary}" for each in change.advisories)
    return f"; known vulnerabilities: {'; '.join(told)}" if change.advisories else ""
