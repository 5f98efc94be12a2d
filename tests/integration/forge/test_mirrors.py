"""Mirrors under a crowd: what waits for a mirror's lock must not keep its holder from getting on."""

import asyncio
import fcntl
import os

import pytest

from app.forge.mirrors import Mirrors

CROWD = 40


async def test_many_fetches_of_one_repository_all_come_to_an_end(installed):
    async with asyncio.timeout(240):
        fetching = (installed.mirrors.fetch(installed.repo, "refs/heads/main") for _ in range(CROWD))
        heads = await asyncio.gather(*fetching)
    assert set(heads) == {installed.git("rev-parse", "main")}


@pytest.mark.parametrize("left", [("HEAD",), ("HEAD", "config.lock"), ("HEAD.lock",), ()])
async def test_a_mirror_whose_making_was_cut_off_is_made_again(installed, tmp_path, left: tuple[str, ...]):
    """Git writes HEAD before there is a place for objects, and leaves its locks behind where it is killed."""
    half = tmp_path / f"{installed.repo.id}.git"
    (half / "refs" / "heads").mkdir(parents=True)
    for name in left:
        (half / name).write_text("ref: refs/heads/main\n")
    (tmp_path / f"{installed.repo.id}.new" / "refs").mkdir(parents=True)
    mirrors = Mirrors(tmp_path, installed.forge)

    head = await mirrors.fetch(installed.repo, "refs/heads/main")
    assert head == installed.git("rev-parse", "main")
    assert await mirrors.bring(installed.repo, [head]) == []
    assert not (tmp_path / f"{installed.repo.id}.new").exists()


async def test_a_fetch_waits_for_another_process_that_holds_the_mirror(installed, tmp_path):
    mirrors, repo = Mirrors(tmp_path, installed.forge), installed.repo
    held = os.open(tmp_path / f"{repo.id}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(held, fcntl.LOCK_EX)
    fetching = [asyncio.create_task(mirrors.fetch(repo, "refs/heads/main")) for _ in range(CROWD)]
    # Every thread of the default pool is still free for whoever holds the lock.
    async with asyncio.timeout(60):
        await asyncio.gather(*(asyncio.to_thread(os.getpid) for _ in range(CROWD)))
    assert not any(task.done() for task in fetching)
    os.close(held)
    assert len(set(await asyncio.gather(*fetching))) == 1
