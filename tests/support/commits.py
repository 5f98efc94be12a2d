"""Commits made by hand in a bare repository, as GitHub makes those of a merge queue."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

_WHO = {f"GIT_{who}_{what}": "mona" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
_WHEN = {f"GIT_{who}_DATE": "@1700000000 +0000" for who in ("AUTHOR", "COMMITTER")}


@dataclass(frozen=True)
class Commits:
    """The same files, parents and subject give the same commit."""

    path: Path

    def make(self, files: dict[str, str], *parents: str, subject: str = "A commit") -> str:
        blobs = {name: self._git("hash-object", "-w", "--stdin", stdin=text) for name, text in files.items()}
        listed = "".join(f"100644 blob {blob}\t{name}\0" for name, blob in sorted(blobs.items()))
        return self.of_tree(self._git("mktree", "-z", stdin=listed), *parents, subject=subject)

    def of_tree(self, tree: str, *parents: str, subject: str = "A commit") -> str:
        named = [part for parent in parents for part in ("-p", parent)]
        return self._git("commit-tree", tree, *named, "-m", subject)

    def merged(self, ours: str, theirs: str) -> str:
        """The tree of a merge."""
        return self._git("merge-tree", "--write-tree", ours, theirs)

    def point(self, ref: str, sha: str) -> None:
        self._git("update-ref", ref, sha)

    def remove(self, ref: str) -> None:
        self._git("update-ref", "-d", ref)

    def at(self, ref: str) -> str:
        return self._git("rev-parse", ref)

    def refs(self, below: str) -> list[str]:
        return self._git("for-each-ref", "--format=%(refname)", below).split()

    def _git(self, *args: str, stdin: str = "") -> str:
        env = {"PATH": os.defpath, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", **_WHO, **_WHEN}
        done = subprocess.run(
            ["git", *args], cwd=self.path, env=env, input=stdin, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()
