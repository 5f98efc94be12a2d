"""The files of a project's own perspectives, as they stand in a commit of a mirror."""

import os
from pathlib import Path

from app.gitcmd import git, git_at_most
from app.policy.own import MAX_FILE_BYTES, MAX_FILES, OwnFile, as_text, too_large
from app.policy.rules import OWN_FOLDER

_LISTING_BYTES = 256 * 1024
_READ_AT_MOST = 2 * MAX_FILES
"""Where there are more files than may be there, which is told, nobody needs what stands in all of them."""
_FILE_MODES = frozenset({b"100644", b"100755"})


async def read_own_files(mirror: Path, sha: str) -> tuple[OwnFile, ...]:
    """Everything in the folder; what is no plain text file has its fault told. Raises `GitError` if git cannot tell.

    https://git-scm.com/docs/git-ls-tree#_output_format
    """
    command = ("--literal-pathspecs", "ls-tree", "-r", "-l", "-z", "--full-tree", "--end-of-options", sha, OWN_FOLDER)
    listed, whole = await git_at_most(_LISTING_BYTES, *command, git_dir=mirror)
    entries = [entry.partition(b"\t") for entry in listed.split(b"\0") if b"\t" in entry]
    found = [await _read(mirror, about.split(), name) for about, _, name in entries[:_READ_AT_MOST]]
    found += [OwnFile(_inside(name)) for _, _, name in entries[_READ_AT_MOST:]]
    return tuple(found) if whole else (*found, OwnFile("", fault="the folder is too large", remedy="Empty it."))


async def _read(mirror: Path, about: list[bytes], path: bytes) -> OwnFile:
    mode, _, blob, size = about
    name = _inside(path)
    if mode not in _FILE_MODES:
        return OwnFile(name, fault="it is a link or a submodule", remedy="Put a plain file there.")
    if int(size) > MAX_FILE_BYTES:
        return too_large(name)
    return as_text(name, await git("cat-file", "blob", blob.decode(), git_dir=mirror))


def _inside(path: bytes) -> str:
    return plain_name(os.fsdecode(path)).removeprefix(OWN_FOLDER).removeprefix("/")


def plain_name(path: str) -> str:
    """A path as text whatever its bytes are, so that it can be kept and shown."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")
