"""Making commits with plain git, straight in a bare repository; the same history has the same names in every one."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

_EPOCH = 1_700_000_000
_ENVIRONMENT = {
    "PATH": os.defpath,
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_CONFIG_NOSYSTEM": "1",
    **{f"GIT_{who}_{what}": "gate" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
}
_BASES: dict[tuple[str, str], str] = {}
_MERGED: dict[tuple[str, str], dict[str, str] | None] = {}
"""What two commits come to is the same in every repository."""


class Git:
    """One bare repository. `count` dates the commits, so that each is another."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._files: dict[str, dict[str, str]] = {}
        self._count = 0

    def run(self, *args: str, stdin: str = "", fine: Sequence[int] = (0,)) -> str:
        done = subprocess.run(
            ["git", *args], cwd=self.path, env=_ENVIRONMENT, input=stdin.encode(), capture_output=True, check=False
        )
        assert done.returncode in fine, f"git {' '.join(args)}: {done.stderr.decode()}"
        return done.stdout.decode()

    def tip(self, branch: str) -> str:
        return (self.path / "refs" / "heads" / branch).read_text().strip()

    def files(self, commit: str) -> dict[str, str]:
        return self._files[commit]

    def commit(self, changes: Mapping[str, str | None], *parents: str, files: Mapping[str, str] | None = None) -> str:
        """A commit whose files are those of its first parent, or `files`, with changes; None takes one away."""
        whole = dict(self._files[parents[0]] if files is None and parents else files or {})
        for path, text in changes.items():
            if text is None:
                whole.pop(path, None)
            else:
                whole[path] = text
        self._count += 1
        lines = ["commit refs/gate/last", "mark :1", f"committer gate <gate> {_EPOCH + self._count} +0000"]
        lines += [
            _data(f"Change {self._count}"),
            *(f"{'merge' if at else 'from'} {each}" for at, each in enumerate(parents)),
        ]
        lines += ["deleteall", *(f"M 100644 inline {path}\n{_data(text)}" for path, text in sorted(whole.items()))]
        told = self.run(
            "fast-import", "--quiet", "--force", "--cat-blob-fd=1", stdin="\n".join([*lines, "get-mark :1", ""])
        )
        made = told.strip()
        self._files[made] = whole
        return made

    def merged(self, ours: str, theirs: str) -> dict[str, str] | None:
        """The files of a merge without conflicts; None when there are some."""
        if (ours, theirs) not in _MERGED:
            _MERGED[ours, theirs] = self._merge(ours, theirs)
        return _MERGED[ours, theirs]

    def _merge(self, ours: str, theirs: str) -> dict[str, str] | None:
        told = self.run("merge-tree", "--write-tree", ours, theirs, fine=(0, 1)).split("\n")
        if len(told) > 2:
            return None
        listed = self.run("ls-tree", "-r", "--name-only", told[0]).splitlines()
        return {path: self.run("cat-file", "blob", f"{told[0]}:{path}") for path in listed}

    def is_ancestor(self, older: str, newer: str) -> bool:
        return self.merge_base(older, newer) == older

    def merge_base(self, one: str, other: str) -> str:
        if (one, other) not in _BASES:
            _BASES[one, other] = self.run("merge-base", one, other).strip()
        return _BASES[one, other]


def _data(text: str) -> str:
    return f"data {len(text.encode())}\n{text}"
