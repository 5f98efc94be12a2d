"""What a reviewer quotes from the diff as it was shown is put on its own line, where GitHub takes a comment."""

import asyncio
import re
import subprocess
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from app.agents.anchor import Lines
from app.agents.hunks import FileDiff
from app.agents.patched import anchor_at, read_diff
from app.emulator.diffs import places
from app.forge.git import diff
from app.policy.checked import commented_on
from app.policy.finding import Finding, Severity
from app.policy.values import Sha

_HUNK = re.compile(r"@@ -\d+(?:,\d+)? \+(\d+)(?:,\d+)? @@")
_ESCAPED = re.compile(rb'["\\]')
_NUMBERS = count(1)
LINES = [
    b"a = 1",
    b"b(2)",
    b"",
    b"  c",
    b"+++ b/x",
    b"-- d",
    b"@@ -1 +1 @@",
    b"\\ No",
    b"\xff\xfe",
    b"\x0ce\x85",
    "ü".encode(),
]
PATHS = ["a.txt", "b b.txt", "d/é.txt", "日本/語.md", 'q"\\.c']
texts = st.builds(
    lambda lines, end, ended: end.join(lines) + (end if ended and lines else b""),
    st.lists(st.sampled_from(LINES), max_size=14),
    st.sampled_from([b"\n", b"\r\n"]),
    st.booleans(),
)
trees = st.dictionaries(st.sampled_from(PATHS), texts, min_size=1, max_size=3)


@st.composite
def changes(draw: st.DrawFn) -> tuple[dict[str, bytes], dict[str, bytes]]:
    """A tree before and after: files come and go, are renamed, and their blocks are moved, doubled or taken out."""
    before = draw(trees)
    after = dict(before)
    for path in sorted(before):
        match draw(st.sampled_from(["stays", "renamed", "moved", "cut", "grown", "gone", "other ends", "end"])):
            case "renamed":
                after[f"new/{path}"] = after.pop(path) + draw(st.sampled_from([b"", b"new\n"]))
            case "moved":
                lines = before[path].splitlines(keepends=True)
                at = draw(st.integers(0, len(lines)))
                after[path] = b"".join([*lines[at:], *lines[:at]])
            case "cut":
                lines = before[path].splitlines(keepends=True)
                after[path] = b"".join(lines[: len(lines) // 3] + lines[2 * len(lines) // 3 :])
            case "grown":
                after[path] = before[path] * 2 + draw(texts)
            case "gone":
                del after[path]
            case "other ends":
                after[path] = (
                    before[path].replace(b"\r\n", b"\n")
                    if b"\r" in before[path]
                    else before[path].replace(b"\n", b"\r\n")
                )
            case "end":
                after[path] = before[path].rstrip(b"\r\n")
    return before, {**after, **draw(st.dictionaries(st.sampled_from(PATHS), texts, max_size=1))}


@pytest.fixture(scope="module")
def mirror(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("anchors") / "mirror.git"
    subprocess.run(["git", "init", "--quiet", "--bare", place], check=True)
    return place


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(changes(), st.booleans())
def test_every_line_that_may_be_quoted_is_found_again(
    mirror: Path, change: tuple[dict[str, bytes], dict[str, bytes]], merges: bool
) -> None:
    """`merges`: the head took the base branch's newest commit in, so that git could show it as a combined diff."""
    before, after = change
    assume(before != after)
    base, head = commits(mirror, before, after, merges=merges)
    files, lines = read_diff(asyncio.run(diff(mirror, base, head)), ())
    taken = asyncio.run(places(cast("Any", SimpleNamespace(path=mirror)), base, head))
    asked = [quoted(file.path, text, number) for file in files for number, text in shown(file) if text.strip()]
    asked = [each for each in asked if each.start_line in lines[each.path].changed]
    found = asyncio.run(anchor_at(mirror, head, lines, asked))

    assert found.dropped == ()
    assert [spot(each) for each in found.kept] == [spot(each) for each in asked]
    assert {(each.path, "RIGHT", each.end_line) for each in found.kept} <= taken.keys()
    added = {(file.path, number) for file in files for number, text in shown(file, "+") if text.strip()}
    assert added <= {(each.path, each.start_line) for each in asked}, "what is new may always be spoken of"


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(changes())
def test_every_line_of_a_file_that_is_gone_is_found_on_the_old_side(
    mirror: Path, change: tuple[dict[str, bytes], dict[str, bytes]]
) -> None:
    before, after = change
    base, head = commits(mirror, {**before, "gone.txt": b"one\r\ntwo\n\n\xff three\ntwo"}, after, merges=False)
    files, lines = read_diff(asyncio.run(diff(mirror, base, head)), ())
    taken = asyncio.run(places(cast("Any", SimpleNamespace(path=mirror)), base, head))
    gone = [file for file in files if "\ndeleted file mode 100644\n" in file.text]
    asked = [quoted(file.path, text, number) for file in gone for number, text in old_side(file) if text.strip()]
    found = asyncio.run(anchor_at(mirror, head, lines, asked))

    assert {each.path for each in asked} >= {"gone.txt"}
    assert found.dropped == ()
    assert [(each.path, *commented_on(each)) for each in found.kept] == [
        (each.path, "LEFT", each.start_line, each.end_line) for each in asked
    ]
    assert {(each.path, "LEFT", commented_on(each)[1]) for each in found.kept} <= taken.keys()


def old_side(file: FileDiff) -> Iterator[tuple[int, str]]:
    """Number and text of the lines of a file that is gone, by a count of its own."""
    told = file.text.split("\n")
    start = next((number for number, line in enumerate(told) if line.startswith("@@ ")), len(told))
    yield from enumerate((line[1:] for line in told[start + 1 :] if line.startswith("-")), 1)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(changes(), st.integers(1, 6), st.integers(0, 5))
def test_a_quote_of_several_lines_never_leaves_its_hunk(
    mirror: Path, change: tuple[dict[str, bytes], dict[str, bytes]], length: int, early: int
) -> None:
    before, after = change
    assume(before != after)
    base, head = commits(mirror, before, after, merges=False)
    files, lines = read_diff(asyncio.run(diff(mirror, base, head)), ())
    taken = asyncio.run(places(cast("Any", SimpleNamespace(path=mirror)), base, head))
    asked = list(spread(files, lines, after, length, early))
    found = asyncio.run(anchor_at(mirror, head, lines, asked))

    for each in found.kept:
        assert all((each.path, "RIGHT", line) in taken for line in range(each.start_line, each.end_line + 1))
        assert lines[each.path].changed.intersection(range(each.start_line, each.end_line + 1))


def spread(
    files: list[FileDiff], lines: dict[str, Lines], after: dict[str, bytes], length: int, early: int
) -> Iterator[Finding]:
    """Quotes that begin before a changed line, whether or not the diff shows where."""
    for file in files:
        text = after.get(file.path, b"").decode("utf-8", "replace").split("\n")
        for number in sorted(lines[file.path].changed):
            start = max(1, number - early)
            quote = "\n".join(text[start - 1 : start - 1 + length])
            if quote.strip():
                yield quoted(file.path, quote, start)


def shown(file: FileDiff, kinds: str = "+ ") -> Iterator[tuple[int, str]]:
    """Number and text of lines as the diff shows them, by a count of its own."""
    number, left = None, 0
    for line in file.text.split("\n"):
        hunk = _HUNK.match(line)
        if hunk and left == 0:
            number, left = int(hunk[1]), _length(line)
        elif number is not None and left > 0 and line[:1] in {"+", " "}:
            if line[0] in kinds:
                yield number, line[1:]
            number, left = number + 1, left - 1


def _length(line: str) -> int:
    found = re.match(r"@@ -\S+ \+\d+(?:,(\d+))? @@", line)
    assert found is not None
    return int(found[1] or 1)


def quoted(path: str, text: str, line: int) -> Finding:
    end = line + text.count("\n")
    return Finding(
        severity=Severity.MINOR, category="c", path=path, start_line=line, end_line=end, quote=text, claim="Hm."
    )


def spot(finding: Finding) -> tuple[str, int, int]:
    return finding.path, finding.start_line, finding.end_line


def commits(mirror: Path, before: dict[str, bytes], after: dict[str, bytes], *, merges: bool) -> tuple[Sha, Sha]:
    """The base branch's newest commit and the head: https://git-scm.com/docs/git-fast-import."""
    ref = f"refs/heads/t{next(_NUMBERS)}"
    older = _commit(ref, 1, {"old.txt": b"old\n", **before}, b"")
    newer = _commit(ref, 2, {**before}, b"from :1\n")
    onto = b"from :1\nmerge :2\n" if merges else b"from :2\n"
    stream = older + newer + _commit(f"{ref}-topic", 3, after, onto) + b"get-mark :2\nget-mark :3\n"
    command = ["git", "-C", str(mirror), "fast-import", "--quiet", "--force"]
    done = subprocess.run(command, input=stream, capture_output=True, check=True)
    base, head = done.stdout.decode().split()
    return Sha(base), Sha(head)


def _commit(ref: str, mark: int, files: dict[str, bytes], onto: bytes) -> bytes:
    head = f"commit {ref}\nmark :{mark}\ncommitter Ada <ada@example.com> {1_790_000_000 + mark} +0000\ndata 1\nx\n"
    listed = [
        b'M 100644 inline "%s"\ndata %d\n%s\n' % (_ESCAPED.sub(rb"\\\g<0>", path.encode()), len(data), data)
        for path, data in files.items()
    ]
    return b"".join([head.encode(), onto, b"deleteall\n", *listed])
