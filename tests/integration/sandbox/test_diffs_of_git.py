"""The reader of diffs against the real git: whatever git writes is read, and line numbers are git's."""

import asyncio
import shutil
import subprocess
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.sandbox import worktree
from app.sandbox.diffs import parse_diff

EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
WORDS = ["a", "b", "", "--- a/x", "+++ b/x", "@@ -1 +1 @@", "diff --git a/x b/x", "\\ No newline at end of file", "-- "]
ODD = ["\r", "\u2028", "\x0b", "\x0c", "\x85", "\x1c", "\t", "é"]
contents = st.builds(
    lambda lines, ended: ("\n".join(lines) + ("\n" if ended else "")).encode(),
    st.lists(st.builds("".join, st.lists(st.sampled_from(WORDS + ODD), max_size=3)), max_size=12),
    st.booleans(),
)
names = st.sampled_from(
    [
        "a.txt",
        "b b.txt",
        'quo"te',
        "new\nline",
        "tab\tname",
        "back\\slash",
        "é.txt",
        "d/e.txt",
        " b/x",
        "a b/a b",
        "\u2028",
    ]
)
trees = st.dictionaries(names, contents, max_size=5)


async def diff_between(before: dict[str, bytes], after: dict[str, bytes]) -> bytes:
    folder = Path(tempfile.mkdtemp())
    try:
        mirror = folder / "mirror.git"
        await asyncio.to_thread(subprocess.run, ["git", "init", "-q", "--bare", str(mirror)], check=True)
        found = []
        for number, files in enumerate((before, after)):
            for name, content in files.items():
                path = folder / str(number) / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            (folder / str(number)).mkdir(exist_ok=True)
            found.append(await worktree.snapshot(mirror, folder / str(number), EMPTY_TREE))
        return await worktree.diff(mirror, *found)
    finally:
        shutil.rmtree(folder)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(trees, trees)
def test_every_file_is_found_and_every_line_is_counted_as_git_counts(
    before: dict[str, bytes], after: dict[str, bytes]
) -> None:
    diff = asyncio.run(diff_between(before, after))
    files = parse_diff(diff)
    touched = {name for name in {*before, *after} if before.get(name) != after.get(name)}
    assert {path for file in files for path in file.paths} == touched
    assert {file.new_path for file in files if file.new_path is not None} == {name for name in touched if name in after}
    for file in files:
        if file.new_path is None:
            continue
        lines = after[file.new_path].split(b"\n")
        assert b"\n".join(lines[number - 1] for number in sorted(file.added)) == file.added_text
        assert file.added <= file.shown
        kept = [line for number, line in enumerate(lines, 1) if number not in file.added]
        assert file.beside_removed <= file.shown
        old = before[file.old_path].split(b"\n") if file.old_path is not None else []
        assert is_within([line for line in kept if line], old), "a line that is not among the changed ones is new"


def test_the_lines_next_to_a_removal_are_known() -> None:
    before = b"".join(b"%d\n" % number for number in range(1, 21))
    after = before.replace(b"\n10\n", b"\n").replace(b"1\n2\n", b"2\n", 1).replace(b"20\n", b"")
    (file,) = parse_diff(asyncio.run(diff_between({"a": before}, {"a": after})))
    assert (file.added, file.beside_removed) == (frozenset(), {1, 8, 9, 17})
    (gone,) = parse_diff(asyncio.run(diff_between({"a": before}, {"a": b""})))
    assert gone.beside_removed == frozenset()


def is_within(lines: list[bytes], longer: list[bytes]) -> bool:
    """Whether `lines` come in this order in `longer`."""
    rest = iter(longer)
    return all(line in rest for line in lines)
