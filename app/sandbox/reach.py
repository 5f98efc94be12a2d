"""Letting a user without rights reach what lies under root's own folders.

Started by root, commands run as a user of their own, who cannot pass through `/root`. The launcher then binds what is
needed under a folder that everybody can pass, in a mount namespace of its own, and drops root's rights after that.
"""

import os
import shutil
from functools import lru_cache
from pathlib import Path

from app.sandbox.errors import SandboxUnavailableError
from app.sandbox.scratch import scratch

_SCRIPT = """
uid=$1; shift
while [ "$1" != -- ]; do /usr/bin/mount --bind -- "$1" "$2"; shift 2; done; shift
exec /usr/bin/setpriv --reuid="$uid" --regid="$uid" --clear-groups -- "$@"
"""


class Reach:
    """For one command: `path` says where bubblewrap finds a folder, `launcher` what has to stand before it."""

    def __init__(self, uid: int) -> None:
        self._uid = uid
        self._binds: list[str] = []
        self._root = os.getuid() == 0

    def path(self, source: Path) -> str:
        if not self._root:
            return str(source)
        target = _mount_point(len(self._binds) // 2)
        self._binds += [str(source), target]
        return target

    def launcher(self) -> list[str]:
        if not self._root:
            return []
        _insist_on_tools()
        unshare = ["/usr/bin/unshare", "--mount", "--propagation", "private", "--"]
        return [*unshare, "/bin/sh", "-euc", _SCRIPT, "sh", str(self._uid), *self._binds, "--"]


@lru_cache(maxsize=1)
def _insist_on_tools() -> None:
    """Looked for until all were there once: it is asked before every command."""
    for tool in ("unshare", "mount", "setpriv"):
        if shutil.which(tool, path="/usr/bin") is None:
            raise SandboxUnavailableError(
                f"/usr/bin/{tool} was not found",
                "Install util-linux and mount, or run Quorum as another user than root.",
            )


@lru_cache(maxsize=64)
def _mount_point(number: int) -> str:
    point = _mount_root() / str(number)
    point.mkdir(mode=0o755)
    return str(point)


@lru_cache(maxsize=1)
def _mount_root() -> Path:
    root = scratch() / "mounts"
    root.mkdir(mode=0o755)
    return root
