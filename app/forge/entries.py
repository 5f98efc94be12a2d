"""The files of a change by their objects, as git tells them."""

from pathlib import Path

from app.gitcmd import git
from app.policy.increment import Entry


async def read_entries(mirror: Path, base: str, head: str) -> frozenset[Entry]:
    """Every changed file, with renames as the diff shows them. Raises `GitError` when a commit is not there.

    With `-z` both paths of a rename stand behind its status: https://git-scm.com/docs/diff-format#_raw_output_format
    """
    told = await git(
        *("diff-tree", "-r", "-M", "-z", "--raw", "--no-abbrev", "--no-ext-diff", "--no-textconv"),
        *("--end-of-options", base, head),
        git_dir=mirror,
    )
    fields = iter(told.decode("utf-8", "surrogateescape").split("\0"))
    entries = set()
    for about in fields:
        if not about:
            break
        old_mode, new_mode, old, new, status = about.removeprefix(":").split(" ")
        first = next(fields)
        path, was = (next(fields), first) if status[0] in "RC" else (first, None)
        entries.add(Entry(path, was, status, (old_mode, new_mode), (old, new)))
    return frozenset(entries)
