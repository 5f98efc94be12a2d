import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

ENV = {"PATH": os.defpath, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C.UTF-8"}
ENV |= {f"GIT_{who}_{what}": "mona" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}

Commit = Callable[[dict[str, str | bytes]], str]


@pytest.fixture
def mirror(tmp_path: Path) -> Path:
    path = tmp_path / "mirror.git"
    subprocess.run(["git", "init", "--quiet", "--bare", path], env=ENV, check=True)
    return path


@pytest.fixture
def commit(mirror: Path) -> Commit:
    """A commit that holds exactly these files."""

    def make(files: dict[str, str | bytes]) -> str:
        stream = b"commit refs/heads/main\ncommitter A <a@example.org> 1600000000 +0000\ndata 1\nx\ndeleteall\n"
        for path, content in files.items():
            data = content.encode() if isinstance(content, str) else content
            stream += f'M 100644 inline "{path}"\ndata {len(data)}\n'.encode() + data + b"\n"
        subprocess.run(["git", "fast-import", "--quiet", "--force"], cwd=mirror, env=ENV, input=stream, check=True)
        told = subprocess.run(["git", "rev-parse", "main"], cwd=mirror, env=ENV, capture_output=True, check=True)
        return told.stdout.decode().strip()

    return make
