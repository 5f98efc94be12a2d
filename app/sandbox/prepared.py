"""What a project's set-up left, as bubblewrap's arguments for the commands that come after, and for set-up itself.

What lies in the folder was written by commands: no link in it is followed, and a name that leads elsewhere is left out.
"""

import os
import stat
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path, PurePosixPath

from app.sandbox import forwarder
from app.sandbox.box import TREE, Prepared
from app.sandbox.leftovers import CACHES
from app.sandbox.owning import own, owns, take_back
from app.sandbox.reach import Reach
from app.sandbox.reading import read_within

HOME = "/home/agent"
VENV = "venv"
KEPT = "kept"
WORK = "work"
"""Where the work tree of a set-up lies, beside what is kept of it."""
_NOT_KEPT = ".cache"
_MOST = 256
"""Mounts of each kind: bubblewrap looks through all that there are for each new one."""
_KEPT_BYTES = 1024**2
_CACHE_BYTES = 64 * 1024**2
_DOOR, _FORWARDER = "/run/quorum/way-out", "/run/quorum/forwarder"
_AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt"
_TRUSTING = ("PIP_CERT", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS", "CARGO_HTTP_CAINFO")
"""By which programs that bring authorities of their own trust those of this machine: a network may look into TLS."""
_FOLDER = os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


def make_ready(prepared: Prepared, uid: int) -> None:
    """Have the folders there and in the hands of who uses them: set-up's user, or root, from whom all may read."""
    home, temporary = prepared.place / "home", prepared.place / "tmp"
    if prepared.through is not None:
        for folder in (home, temporary):
            folder.mkdir(mode=0o755, exist_ok=True)
            if not owns(folder, uid):
                own(folder, uid)
    elif home.is_dir() and not owns(home, 0):
        take_back(prepared.place / "tree")
        take_back(home)
    elif home.is_dir() and not home.is_symlink() and stat.S_IRWXU & ~home.stat().st_mode:
        home.chmod(0o755)  # set-up closed it, and would have nothing of it found


def written_in(prepared: Prepared | None) -> list[Path]:
    """Where a command writes beside its work tree."""
    if prepared is None or prepared.through is None:
        return []
    return [prepared.place / "home", prepared.place / "tmp"]


def home(prepared: Prepared | None, reach: Reach, size: int) -> list[str]:
    """Mount /tmp and the home directory: in memory, or on disk while set-up needs more and keeps some of it."""
    if prepared is not None and prepared.through is not None:
        place = reach.path(prepared.place)
        return ["--bind", f"{place}/tmp", "/tmp", "--bind", f"{place}/home", HOME]  # noqa: S108 - the sandbox's own
    memory = [part for each in ("/tmp", HOME) for part in ("--size", str(size), "--tmpfs", each)]  # noqa: S108 - as above
    return memory if prepared is None else [*memory, *_of_home(prepared, reach)]


def _of_home(prepared: Prepared, reach: Reach) -> list[str]:
    """Its links are made anew, so that they lead where they lead inside."""
    try:
        entries = sorted(os.scandir(prepared.place / "home"), key=lambda entry: entry.name)
    except FileNotFoundError:  # it was tidied away
        return []
    place, arguments = reach.path(prepared.place), []
    for entry in [each for each in entries if each.name != _NOT_KEPT][:_MOST]:
        if entry.is_symlink():
            arguments += ["--symlink", str(Path(entry.path).readlink()), f"{HOME}/{entry.name}"]
        elif entry.is_dir(follow_symlinks=False) or entry.is_file(follow_symlinks=False):
            arguments += ["--ro-bind", f"{place}/home/{entry.name}", f"{HOME}/{entry.name}"]
    return arguments


def in_tree(prepared: Prepared | None, worktree: Path, reach: Reach) -> list[str]:
    """Mount what was kept of set-up's tree where this tree has room for it; what stands there already comes first."""
    if prepared is None or prepared.through is not None:
        return []
    paths = parse_kept(read_within(prepared.place, KEPT, _KEPT_BYTES) or b"")[:_MOST]
    place, arguments = reach.path(prepared.place) if paths else "", []
    for path in paths:
        with suppress(OSError):
            if _room_for(worktree, path, folder=_is_folder(prepared.place / "tree", path)):
                arguments += ["--ro-bind", f"{place}/tree/{path}", f"{TREE}{path}"]
                arguments += _caches(prepared, path)
    return arguments


def _caches(prepared: Prepared, path: str) -> list[str]:
    """Folders in memory, for one command, where programs write among what was kept."""
    arguments: list[str] = []
    for name in CACHES if PurePosixPath(path).name == "node_modules" else ():
        with suppress(OSError):
            if _is_folder(prepared.place / "tree", f"{path}/{name}"):
                arguments += ["--size", str(_CACHE_BYTES), "--tmpfs", f"{TREE}{path}/{name}"]
    return arguments


def parse_kept(text: bytes) -> list[str]:
    """The paths, one a line, that stay within a tree, but those within one that stands there already."""
    kept: dict[str, None] = {}
    for line in sorted(text.decode("utf-8", "replace").split("\n")):
        path = PurePosixPath(line)
        stays = line and "\0" not in line and not path.is_absolute() and not {"..", ".git"} & set(path.parts)
        if stays and path.parts and not any(str(each) in kept for each in (path, *path.parents)):
            kept[str(path)] = None
    return list(kept)


def _is_folder(tree: Path, path: str) -> bool:
    """Whether it is a folder, no file. Raises `OSError` for what is neither, or lies behind a link."""
    at = _open_parent(tree, path)
    try:
        mode = os.stat(PurePosixPath(path).name, dir_fd=at, follow_symlinks=False).st_mode
    finally:
        os.close(at)
    if not (stat.S_ISDIR(mode) or stat.S_ISREG(mode)):
        raise OSError(f"{path} is neither a file nor a folder")
    return stat.S_ISDIR(mode)


def _room_for(tree: Path, path: str, *, folder: bool) -> bool:
    """Whether there is, or now is, an empty folder or file to mount over. Made here, as bubblewrap follows links."""
    at, name = _open_parent(tree, path), PurePosixPath(path).name
    try:
        if not _make(at, name, folder=folder):
            return _is_empty(at, name, folder=folder)
        owner = os.fstat(at)
        if os.getuid() == 0:
            os.chown(name, owner.st_uid, owner.st_gid, dir_fd=at, follow_symlinks=False)
        return True
    finally:
        os.close(at)


def _make(at: int, name: str, *, folder: bool) -> bool:
    try:
        if folder:
            os.mkdir(name, 0o755, dir_fd=at)
        else:
            os.close(os.open(name, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o644, dir_fd=at))
    except FileExistsError:
        return False
    return True


def _is_empty(at: int, name: str, *, folder: bool) -> bool:
    about = os.stat(name, dir_fd=at, follow_symlinks=False)
    if not folder:
        return stat.S_ISREG(about.st_mode) and about.st_size == 0
    found = os.open(name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=at)
    try:
        with os.scandir(found) as entries:
            return next(entries, None) is None
    finally:
        os.close(found)


def _open_parent(tree: Path, path: str) -> int:
    """A descriptor of the folder around it; the caller closes it. Raises `OSError` where one on the way is a link."""
    at = os.open(tree, _FOLDER)
    for name in PurePosixPath(path).parts[:-1]:
        try:
            inner = os.open(name, _FOLDER, dir_fd=at)
        finally:
            os.close(at)
        at = inner
    return at


def variables(prepared: Prepared | None, path: str) -> Mapping[str, str]:
    """PATH with what set-up installed for a user first, and what tells of its virtual environment."""
    if prepared is None:
        return {"PATH": path}
    told = {"PATH": f"{HOME}/{VENV}/bin:{HOME}/.local/bin:{path}", "NPM_CONFIG_PREFIX": f"{HOME}/.local"}
    if prepared.through is not None and Path(_AUTHORITIES).is_file():
        told |= dict.fromkeys(_TRUSTING, _AUTHORITIES)
    venv = prepared.place / "home" / VENV
    if not venv.is_dir() or venv.is_symlink():
        return told
    later = {} if prepared.through is not None else {"UV_NO_SYNC": "1", "UV_OFFLINE": "1"}  # so that `uv run` works
    return {**told, "VIRTUAL_ENV": f"{HOME}/{VENV}", "UV_PROJECT_ENVIRONMENT": f"{HOME}/{VENV}", **later}


def online(prepared: Prepared | None, reach: Reach, as_descriptor: Callable[[str], str]) -> list[str]:
    """Mount the proxy's socket, and what leads to it."""
    if prepared is None or prepared.through is None:
        return []
    script = as_descriptor(Path(forwarder.__file__).read_text())
    return ["--ro-bind", reach.path(prepared.through), _DOOR, "--ro-bind-data", script, _FORWARDER]


def launcher(prepared: Prepared | None) -> list[str]:
    """What stands before a command that has a way out: see `app.sandbox.forwarder`."""
    if prepared is None or prepared.through is None:
        return []
    python = Path(sys.base_prefix).resolve() / "bin" / f"python{sys.version_info[0]}.{sys.version_info[1]}"
    return [str(python), "-I", "-S", _FORWARDER, _DOOR]
