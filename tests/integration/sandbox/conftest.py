import os
import subprocess
from pathlib import Path

import pytest

from app.sandbox.box import Limits
from app.sandbox.bubblewrap import Bubblewrap

EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"


@pytest.fixture(scope="session")
def box() -> Bubblewrap:
    return Bubblewrap()


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    folder = tmp_path / "work"
    folder.mkdir()
    return folder


@pytest.fixture
def limits() -> Limits:
    return Limits(wall_s=60.0, cpu_s=10, memory_bytes=256 * 1024**2, processes=40, disk_bytes=64 * 1024**2)


@pytest.fixture
def mirror(tmp_path: Path) -> Path:
    path = tmp_path / "mirror.git"
    subprocess.run(["git", "init", "--quiet", "--bare", str(path)], check=True, env={"PATH": os.defpath})
    return path


@pytest.fixture
def empty_tree() -> str:
    return EMPTY_TREE
