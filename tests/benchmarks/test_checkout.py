"""The second checkout of a repository of 50,000 commits, against a fresh clone of it over the same HTTP."""

import asyncio
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

from app.cli.demo.stage import Stage
from app.forge.api import Forge
from app.forge.mirrors import Mirrors
from app.policy.values import Repo
from app.sandbox.worktree import checkout
from app.settings import Settings

COMMITS, FILES = 50_000, 2_000


def history() -> Iterator[bytes]:
    """A `git fast-import` stream: each commit changes one of many files."""
    for number in range(COMMITS):
        text = f"line {number}\n" * 20
        yield f"commit refs/heads/main\ncommitter A <a@example.org> {1_600_000_000 + number} +0000\n".encode()
        path = f"src/d{number % 50}/f{number % FILES}.py"
        yield f"data 4\nstep\nM 100644 inline {path}\ndata {len(text)}\n{text}\n".encode()


def test_second_checkout_against_a_fresh_clone(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("QUORUM_DATA_DIR", str(tmp_path / "data"))
    with Stage("scripted:none") as stage:
        mona = stage.person("mona")
        repository = stage.new_repository(mona, "large")
        settings = stage.install_app(repository)
        subprocess.run(["git", "fast-import", "--quiet"], cwd=repository.path, input=b"".join(history()), check=True)
        url = f"{stage.github_url}/{repository.full_name}.git".replace("://", f"://x:{mona.token}@")
        clone_s = fresh_clone(url, tmp_path)
        first_s, second_s = asyncio.run(with_mirror(settings, stage.world, repository, tmp_path))
    print(
        f"\n{COMMITS} commits: second checkout {second_s:.2f} s, fresh clone {clone_s:.2f} s: "
        f"{second_s / clone_s:.3f} of it (the first one, which fills the mirror: {first_s / clone_s:.2f})"
    )


def fresh_clone(url: str, tmp_path: Path) -> float:
    start = time.perf_counter()
    subprocess.run(["git", "clone", "--quiet", url, tmp_path / "clone"], check=True)
    return time.perf_counter() - start


async def with_mirror(values: dict[str, str], world, repository, tmp_path: Path) -> tuple[float, float]:
    settings = Settings(
        data_dir=tmp_path / "data",
        github_url=world.base_url,
        app_id=int(values["QUORUM_APP_ID"]),
        app_client_id=values["QUORUM_APP_CLIENT_ID"],
    )
    key = await asyncio.to_thread(Path(values["QUORUM_PRIVATE_KEY_FILE"]).read_text)
    taken = []
    async with httpx.AsyncClient(trust_env=False) as client:
        forge = Forge(settings, client, key)
        (installation,) = await forge.installations()
        repo = Repo(installation, repository.id, "mona", "large")
        mirrors = Mirrors(tmp_path / "mirrors", forge)
        for number in (1, 2):
            start = time.perf_counter()
            head = await mirrors.fetch(repo, "refs/heads/main")
            await checkout(mirrors.path(repo), head, tmp_path / f"tree-{number}")
            taken.append(time.perf_counter() - start)
    return taken[0], taken[1]
