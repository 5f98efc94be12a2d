"""What a change made by an agent may not hold. Pure: bytes in, values out."""

import posixpath
import re
from dataclasses import dataclass

from app.sandbox.diffs import SUBMODULE, SYMLINK, FileDiff, parse_diff
from app.sandbox.errors import PatchError

_DIFF_BYTES = 5 * 1024**2
_FILES = 1000
_IGNORED_BY_HFS = re.compile("[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]")
_GIT_FOLDER = re.compile(r"(?:\.git|git~\d+)(?:[ .]*(?::.*)?)", re.IGNORECASE | re.DOTALL)
"""`.git` as HFS+ and NTFS understand it, too: the rules stand in git's path.c and utf8.c."""
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_ACTION_FILES = {"action.yml", "action.yaml"}


@dataclass(frozen=True)
class Refusal:
    """Why a path of a change is refused, as words that end a sentence."""

    path: str
    reason: str


def validate(diff: bytes) -> list[Refusal]:
    """Every reason why the diff must not be published; none when it may be. A diff that cannot be read is refused."""
    if len(diff) > _DIFF_BYTES:
        return [Refusal("the diff", f"it has {len(diff)} bytes, more than {_DIFF_BYTES}")]
    try:
        files = parse_diff(diff)
    except PatchError as error:
        return [Refusal("the diff", f"it cannot be read: {error}")]
    if len(files) > _FILES:
        return [Refusal("the diff", f"it changes {len(files)} files, more than {_FILES}")]
    return [refusal for file in files for refusal in _refusals(file)]


def _refusals(file: FileDiff) -> list[Refusal]:
    reasons = [(path, reason) for path in file.paths if (reason := _path_reason(path)) is not None]
    shown = file.path
    if SUBMODULE in {file.old_mode, file.new_mode}:
        reasons.append((shown, "submodules are not changed by agents"))
    elif file.new_mode == SYMLINK:
        reason = _link_reason(shown, file.added_text)
        if reason is not None:
            reasons.append((shown, reason))
    if file.binary and file.new_path is not None:
        reasons.append((shown, "its content is binary and cannot be reviewed"))
    return [Refusal(_printable(path), reason) for path, reason in reasons]


def _path_reason(path: str) -> str | None:
    parts = path.split("/")
    plain = [_plain(part) for part in parts]
    rules = (
        (bool(_CONTROL.search(path)), "its name has control characters"),
        (bool(_SURROGATE.search(path)), "its name is not UTF-8"),
        (any(part in {"", ".", ".."} for part in re.split(r"[/\\]", path)), "its name leads out of the repository"),
        (_names_git_folder(path), "it lies in a git folder"),
        (plain[-1] == ".gitmodules", "submodules are not changed by agents"),
        (
            plain[:2] == [".github", "workflows"] or plain[-1] in _ACTION_FILES,
            "workflows and actions run with the repository's rights",
        ),
    )
    return next((reason for broken, reason in rules if broken), None)


def _link_reason(path: str, target: bytes) -> str | None:
    text = target.decode("utf-8", "replace")
    joined = posixpath.normpath(posixpath.join(posixpath.dirname(path), text))
    if text.startswith("/") or "\\" in text or joined == ".." or joined.startswith("../"):
        return "the symbolic link leads out of the repository"
    if _names_git_folder(joined):
        return "the symbolic link leads into a git folder"
    return None


def _names_git_folder(path: str) -> bool:
    parts = re.split(r"[/\\]", _IGNORED_BY_HFS.sub("", path))
    return any(_GIT_FOLDER.fullmatch(part) for part in parts)


def _plain(part: str) -> str:
    """A name as the least careful of the file systems compares it."""
    return _IGNORED_BY_HFS.sub("", part).rstrip(" .").casefold()


def _printable(path: str) -> str:
    return "".join(character if character.isprintable() else f"\\x{ord(character):02x}" for character in path)
