"""Mirrors under a crowd: what waits for a mirror's lock must not keep its holder from getting on."""

import asyncio
import fcntl
import os
from pathlib import Path

import httpx
import pytest

from app.cli.demo.stage import Stage, push_folder
from app.forge.api import Forge
from app.forge.git import Mirrors
from app.policy.values import Repo
from app.settings import Settings

CROWD = 40


@pytest.fixture
def hosted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A repository on the embedded GitHub, and settings and key of the App that serves it."""
    monkeypatch.setenv("QUORUM_DATA_DIR", str(tmp_path / "data"))
    with Stage("scripted:none") as stage:
        mona = stage.person("mona")
        repository = stage.new_repository(mona, "sample")
        values = stage.install_app(repository)
        source = tmp_path / "source"
        source.mkdir()
        (source / "a.txt").write_text("a\n")
        push_folder(source, f"{stage.github_url}/{repository.full_name}.git", mona.token, "First")
        settings = Settings(
            github_url=stage.github_url, app_id=stage.app_id, app_client_id=values["QUORUM_APP_CLIENT_ID"]
        )
        yield settings, Path(values["QUORUM_PRIVATE_KEY_FILE"]).read_text(), repository


async def test_many_fetches_of_one_repository_all_come_to_an_end(hosted, tmp_path):
    settings, key, repository = hosted
    async with httpx.AsyncClient(trust_env=False) as client:
        forge = Forge(settings, client, key)
        repo = Repo((await forge.installations())[0], repository.id, "mona", "sample")
        mirrors = Mirrors(tmp_path / "mirrors", forge)
        async with asyncio.timeout(60):
            heads = await asyncio.gather(*(mirrors.fetch(repo, "refs/heads/main") for _ in range(CROWD)))
    assert len(set(heads)) == 1


async def test_a_fetch_waits_for_another_process_that_holds_the_mirror(hosted, tmp_path):
    settings, key, repository = hosted
    async with httpx.AsyncClient(trust_env=False) as client:
        forge = Forge(settings, client, key)
        repo = Repo((await forge.installations())[0], repository.id, "mona", "sample")
        mirrors = Mirrors(tmp_path, forge)
        held = os.open(tmp_path / f"{repo.id}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(held, fcntl.LOCK_EX)
        fetching = [asyncio.create_task(mirrors.fetch(repo, "refs/heads/main")) for _ in range(CROWD)]
        # Every thread of the default pool is still free for whoever holds the lock.
        async with asyncio.timeout(30):
            await asyncio.gather(*(asyncio.to_thread(os.getpid) for _ in range(CROWD)))
        assert not any(task.done() for task in fetching)
        os.close(held)
        assert len(set(await asyncio.gather(*fetching))) == 1
