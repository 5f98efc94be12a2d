"""What a diff changes, file by file and as lines, told by git."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from app.forge.git import list_files
from app.forge.kept import Kept
from app.gitcmd import git
from app.policy.changed import ChangedFile, ChangeStatus
from app.policy.sensitive import sensitive_words, usual_words

_FILES: Kept[tuple[ChangedFile, ...]] = Kept(20_000)
_MAX_TEXT = 4_000_000
_STATUS: dict[str, ChangeStatus] = {
    "A": "added",
    "C": "copied",
    "D": "removed",
    "M": "modified",
    "R": "renamed",
    "T": "changed",
}
_SYMLINK, _SUBMODULE = "120000", "160000"


async def changed_files(mirror: Path, base: str, head: str) -> tuple[ChangedFile, ...]:
    """Every changed file, with its lines counted. Renames are found as git finds them.

    What is usual in the project is told by `base`, which the change cannot choose.
    """
    return await _FILES.get(mirror, base, head, lambda: _changed_files(mirror, base, head))


async def _changed_files(mirror: Path, base: str, head: str) -> tuple[ChangedFile, ...]:
    """https://git-scm.com/docs/diff-format: `--raw -z` has both paths of a rename behind its status, `--numstat -z` an
    empty path and then both.
    """
    common = ("diff-tree", "-r", "-M", "-z", "--no-ext-diff", "--no-textconv")
    raw = await git(*common, "--raw", "--end-of-options", base, head, git_dir=mirror)
    counts = _counts(await git(*common, "--numstat", "--end-of-options", base, head, git_dir=mirror))
    fields = iter(raw.decode("utf-8", "surrogateescape").split("\0"))
    files = []
    for about in fields:
        if not about:
            break
        old_mode, new_mode, _, _, status = about.removeprefix(":").split(" ")
        first = next(fields)
        path, was = (next(fields), first) if status[0] in "RC" else (first, None)
        added, removed, binary = counts[path]
        files.append(
            ChangedFile(
                path=path,
                was=was,
                status=_STATUS[status[0]],
                added=added,
                removed=removed,
                binary=binary,
                mode_changed="000000" not in {old_mode, new_mode} and old_mode != new_mode,
                submodule=_SUBMODULE in {old_mode, new_mode},
                symlink=_SYMLINK in {old_mode, new_mode},
            )
        )
    return await _with_usual(mirror, base, files)


async def _with_usual(mirror: Path, base: str, files: Sequence[ChangedFile]) -> tuple[ChangedFile, ...]:
    """The project is only looked at where some name has a word that may be usual in it."""
    if not any(sensitive_words(name) for file in files for name in file.names):
        return tuple(files)
    usual = usual_words(await list_files(mirror, base))
    return tuple(replace(file, usual=usual) for file in files)


async def changed_text(mirror: Path, base: str, head: str) -> str | None:
    """Every added and removed line, a line each; None for more than four megabytes of them."""
    patch = await git(
        *("diff-tree", "-r", "-p", "-U0", "-M", "--no-ext-diff", "--no-textconv", "--no-color", "--no-prefix"),
        *("--end-of-options", base, head),
        git_dir=mirror,
    )
    lines, in_hunk = [], False
    for line in patch.split(b"\n"):
        in_hunk = line.startswith(b"@@ ") or (in_hunk and line[:1] in {b"+", b"-", b"\\"})
        if in_hunk and line[:1] in {b"+", b"-"}:
            lines.append(line[1:])
    text = b"\n".join(lines)
    return None if len(text) > _MAX_TEXT else text.decode("utf-8", "replace")


async def is_whitespace_only(mirror: Path, base: str, head: str) -> bool:
    """Whether lines changed, and none of them in more than white space."""
    files = await changed_files(mirror, base, head)
    if not files or any(file.status != "modified" or file.binary or file.mode_changed for file in files):
        return False
    if any(file.submodule or file.symlink for file in files):
        return False
    patch = await git(
        *("diff-tree", "-r", "-p", "-w", "--ignore-blank-lines", "--no-ext-diff", "--no-textconv", "--no-color"),
        *("--end-of-options", base, head),
        git_dir=mirror,
    )
    return b"\n@@ " not in patch


async def messages(mirror: Path, base: str, head: str) -> bytes:
    """The messages of the commits between, in git's order."""
    return await git("log", "--format=%B%x00", "--end-of-options", f"{base}..{head}", git_dir=mirror)


def _counts(numstat: bytes) -> dict[str, tuple[int, int, bool]]:
    fields = iter(numstat.decode("utf-8", "surrogateescape").split("\0"))
    counts = {}
    for entry in fields:
        if not entry:
            break
        added, removed, path = entry.split("\t", 2)
        if not path:
            next(fields)
            path = next(fields)
        binary = added == "-"
        counts[path] = (0, 0, True) if binary else (int(added), int(removed), False)
    return counts
