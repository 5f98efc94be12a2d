"""What all reviewers of a change read first, in parts if it must be: the same text for each of them, to be cached."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain

from app.agents.before import Before, render_before, told_of
from app.agents.belonging import arrange, rank
from app.agents.envelope import enclose, mark_hidden
from app.agents.hunks import FileDiff, Span
from app.agents.shelves import Shelf, Shelves


@dataclass(frozen=True)
class ReviewPack:
    """`issues`: the text of those it closes. `previous`: what was said in earlier rounds.

    `tests`: what a command gave at this head; `old_tests`: what the change's tests gave on the old code; empty where
    there is no command to run. `ran`: who ran it, in words of ours.
    `alarms`: what analyzers say that the change introduced; `weakened`: what the diff shows to be asked less of.
    `asked`: what the project asks of all reviewers where these files change, as it is to be shown.
    `uncovered`: changed lines that no test ran; `removed`: names that are gone and still used; `old_values`: what else
    has a value that was replaced, or uses a constant that has another; `histories`: what was done to the riskiest
    files before. `there`: names of the project's files; `untouched`: those that it leaves, if they are few and small.
    `packages`: what GitHub knows of those that are added and removed. `before`: what those who read it have read
    already; such files are named only.
    """

    title: str
    body: str
    issues: Sequence[str]
    files: Sequence[FileDiff]
    set_aside: Sequence[str]
    guidance: str
    tests: str
    old_tests: str
    round_: int
    previous: Sequence[str]
    alarms: str = ""
    weakened: str = ""
    asked: str = ""
    uncovered: str = ""
    before: Before | None = None
    removed: str = ""
    old_values: str = ""
    histories: str = ""
    ran: str = ""
    packages: str = ""
    there: str = ""
    untouched: str = ""


@dataclass(frozen=True)
class Part:
    """`size`: the characters of diff and of what stands around it."""

    text: str
    spans: tuple[Span, ...]
    size: int


@dataclass(frozen=True)
class Packed:
    """Every part is read after the same `prefix`. `unread` are files that no part shows.

    `increments`: what those read instead, by perspective, who read the rest before; `words`: what each said then.
    """

    prefix: str
    parts: tuple[Part, ...]
    unread: tuple[str, ...]
    increments: Mapping[str, "Packed"] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)

    def of(self, perspective: str) -> "Packed":
        """What this one reads."""
        return self.increments.get(perspective, self)

    def shown(self, part: Part) -> tuple[str, str]:
        """What all parts share, and the part; of one part alone all is shared."""
        if len(self.parts) == 1:
            return f"{self.prefix}\n\n{part.text}", ""
        return self.prefix, part.text

    def part_about(self, path: str, line: int) -> Part:
        """Where a line of the head is shown, else its file, else the first."""
        of_file = [(part, span) for part in self.parts for span in part.spans if span.path == path]
        exact = (part for part, span in of_file if span.first <= line <= span.last)
        return next(exact, of_file[0][0] if of_file else self.parts[0])


_AROUND = "Uses are found by name, and may be others."
_WHOLE = ", whole in the diff"
_ALARMS = "They are hints, many of them false. Report what is a fault, in your own words; an alarm alone is no finding."
_REMOVED = "Found by name: some may mean something else. What still uses them is broken."
_OLD_VALUES = "Found by text: the same value may mean something else. See whether it still holds for the new one."
_PACKAGES = "From GitHub's dependency graph: versions and known vulnerabilities are facts, licences what packages say."
_WEAKENED = "There can be a good reason for each. Where there is none, it is a finding."
_PROVES_NOTHING = "What passes there shows nothing of the change; it may guard what has to stay as it is."
_NOT_OF_A_REPAIR = (
    "It is the base, without anything of the change: that a test fails there does not show that it looks at what was "
    "changed since an earlier round."
)
_CHARACTERS = 240_000
"""Of diff in a part, about 60,000 tokens; what does not fit is named, and closes the gate."""
_MOST_PARTS = 6
_AROUND_SHARE = 4
"""At most a fourth of a part: what stands around a change must not bury it."""
_MOST_LISTED = 2000


def render_parts(pack: ReviewPack, limit: int = _CHARACTERS, max_parts: int = _MOST_PARTS) -> Packed:
    """One part if everything fits; else several of files that belong together, the riskiest first.

    A file is in the parts as a whole or is named as unread. What stands around the hunks goes where room is left.
    """
    shelves = Shelves(limit, max_parts)
    shelves.lay(arrange([file for file in pack.files if pack.before is None or file.path not in pack.before.paths]))
    parts = shelves.parts or [Shelf(limit)]
    files = {file.path: file for file in pack.files}
    unread = tuple(shelves.unread)
    return Packed(
        prefix=_render_prefix(pack, unread, marked=len(parts) == 1),
        parts=tuple(_render_part(shelf, files, limit, number, len(parts)) for number, shelf in enumerate(parts, 1)),
        unread=unread,
    )


def _render_prefix(pack: ReviewPack, unread: Sequence[str], *, marked: bool) -> str:
    """`marked`: each reader has the whole diff, so that it can be said which files it shows whole."""
    sections = [
        "# The change under review",
        f"Round {pack.round_}.",
        enclose("title", pack.title),
        enclose("description", pack.body or "(none)"),
        *(enclose("issue that it closes", issue) for issue in pack.issues),
        *_render_tests(pack),
        *_render_hints(pack),
    ]
    if pack.guidance:
        sections.append(f"## The project's guidance, from the base branch\n\n{enclose('guidance', pack.guidance)}")
    if pack.asked:
        sections.append(pack.asked)
    if pack.files:
        sizes = [_size(file, pack.before, marked=marked) for file in sorted(pack.files, key=lambda file: file.path)]
        sections.append(f"## Changed files, with the lines that are added and removed\n\n{_listed(sizes)}")
    if pack.before is not None:
        sections.append(render_before(pack.before))
    if pack.set_aside:
        sections.append(f"## Changed but set aside (generated, vendored, locked)\n\n{_listed(pack.set_aside)}")
    if unread:
        sections.append(f"## Changed but too large to show; read what you need\n\n{_listed(unread)}")
    if pack.previous:
        listed = enclose("earlier findings", "\n".join(f"- {line}" for line in pack.previous), rendered=False)
        sections.append(
            "## Said in earlier rounds\n\nSee whether each is settled. Do not repeat advice that was given before, and "
            "report nothing below `major` that an earlier round could have said. What an author answered is a claim: "
            f"hold it to the code.\n\n{listed}"
        )
    return "\n\n".join(sections)


def _render_tests(pack: ReviewPack) -> Iterator[str]:
    """Nobody is left to think that they passed: where none were run, that is said."""
    if pack.tests:
        shown = enclose("test output", pack.tests, rendered=False)
        yield "\n\n".join(filter(None, ("## Tests at this head", pack.ran, shown)))
    if pack.old_tests:
        told = enclose("test output", pack.old_tests, rendered=False)
        words = f"{_PROVES_NOTHING} {_NOT_OF_A_REPAIR}" if pack.round_ > 1 else _PROVES_NOTHING
        yield f"## The change's own tests on the code before it\n\n{words}\n\n{told}"
    if not pack.tests and not pack.old_tests:
        yield "No tests were run for this review."


def _render_hints(pack: ReviewPack) -> Iterator[str]:
    """What programs tell of the change."""
    for heading, words, kind, told in (
        ("Changed lines that no test ran", "Many need none; it is a hint.", "coverage", pack.uncovered),
        ("Alarms of analyzers that this change introduced", _ALARMS, "alarms", pack.alarms),
        ("Tests and checks that this change weakens, told from its lines", _WEAKENED, "weakened", pack.weakened),
        (
            "Names that this change takes away and that are still named at the head",
            _REMOVED,
            "removed names",
            pack.removed,
        ),
        ("Values that this change replaces, and what may rely on them", _OLD_VALUES, "old values", pack.old_values),
        ("Packages that this change adds and removes", _PACKAGES, "packages", pack.packages),
        ("The newest commits on the riskiest of these files, before this change", "", "commits", pack.histories),
        ("Files at the head", "", "file names", pack.there),
        ("Files that this change leaves as they are", "", "untouched files", pack.untouched),
    ):
        if told:
            yield "\n\n".join(filter(None, (f"## {heading}", words, enclose(kind, told, rendered=False))))


def _size(file: FileDiff, before: Before | None, *, marked: bool) -> str:
    """A name with a line feed in it must not look like the marks of two files."""
    name = file.path if file.path.isprintable() else ascii(file.path)
    if before is not None:
        return f"{name}: {file.size}, {told_of(file.path, before)}"
    return f"{name}: {file.size}{_WHOLE if marked and file.seen_whole else ''}"


def _render_part(shelf: Shelf, files: dict[str, FileDiff], limit: int, number: int, of: int) -> Part:
    diff = "".join(chunk.text for chunk in shelf.chunks)
    notes = _notes(shelf, files, limit)
    sections = []
    if of > 1:
        sections.append(
            f"## Part {number} of {of}\n\nThe diff is too large to be read at once. Each part is read on its own, by "
            "the same reviewers: report what this part shows, and read other files where you need them."
        )
    sections.append(f"## The diff against the merge base\n\n{enclose('diff', diff, rendered=False)}")
    if notes:
        told = enclose("code around the diff", "\n\n".join(notes), rendered=False)
        sections.append(f"## Around the changes, at the head\n\n{_AROUND}\n\n{told}")
    spans = tuple(chunk.span for chunk in shelf.chunks)
    return Part("\n\n".join(sections), spans, len(diff) + sum(map(len, notes)))


def _notes(shelf: Shelf, files: dict[str, FileDiff], limit: int) -> list[str]:
    """Those of risky files first, as long as there is room."""
    shown = dict.fromkeys(chunk.span.path for chunk in shelf.chunks)
    room = min(shelf.room, limit // _AROUND_SHARE)
    taken = []
    for note in chain.from_iterable(files[path].notes for path in sorted(shown, key=lambda path: rank(files[path]))):
        marked = mark_hidden(note)
        if len(marked) <= room:
            room -= len(marked)
            taken.append(marked)
    return taken


def _listed(paths: Sequence[str]) -> str:
    """A file's name is a stranger's word too."""
    more = [f"and {len(paths) - _MOST_LISTED} more"] if len(paths) > _MOST_LISTED else []
    return enclose("file names", "\n".join([*paths[:_MOST_LISTED], *more]), rendered=False)
