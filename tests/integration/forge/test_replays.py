"""Whether one change is another one put onto another base, and nothing else: worked out by git itself."""

import pytest

from app.forge.git import commit_tree, has_commit, is_replay
from app.forge.history import first_parents, is_ancestor
from app.gitcmd import git
from app.policy.values import Sha

NOBODY = "nobody <nobody@localhost>"
BASE = {"a": b"1\n2\n3\n4\n5\n6\n7\n8\n9\n"}
CHANGED = {"a": b"1\ntwo\n3\n4\n5\n6\n7\n8\n9\n"}
ON_TOP = {"a": b"1\n2\n3\n4\n5\n6\n7\n8\nnine\n", "b": b"b\n"}
BOTH = {"a": b"1\ntwo\n3\n4\n5\n6\n7\n8\nnine\n", "b": b"b\n"}


@pytest.fixture
async def mirror(tmp_path):
    await git("init", "--quiet", "--bare", str(tmp_path))
    return tmp_path


async def tree(mirror, files):
    blobs = {
        path: await git("hash-object", "-w", "--stdin", git_dir=mirror, stdin=held) for path, held in files.items()
    }
    listed = "".join(f"100644 blob {blob.decode().strip()}\t{path}\n" for path, blob in blobs.items())
    return (await git("mktree", git_dir=mirror, stdin=listed.encode())).decode().strip()


async def commit(mirror, files, *parents):
    return await commit_tree(mirror, await tree(mirror, files), parents, "Say it", NOBODY, 0)


async def replayed(mirror, *stages):
    return await is_replay(mirror, *[await commit(mirror, files) for files in stages])


async def test_a_change_on_another_base_is_the_same_change(mirror):
    assert await replayed(mirror, BASE, CHANGED, ON_TOP, BOTH)


async def test_a_change_and_something_more_is_not(mirror):
    assert not await replayed(mirror, BASE, CHANGED, ON_TOP, {**BOTH, "b": b"EVIL\n"})
    assert not await replayed(mirror, BASE, CHANGED, ON_TOP, {**BOTH, "c": b"EVIL\n"})
    assert not await replayed(mirror, BASE, CHANGED, ON_TOP, ON_TOP)


async def test_a_change_that_does_not_fit_is_not(mirror):
    other = {"a": b"1\nzwei\n3\n4\n5\n6\n7\n8\n9\n"}
    assert not await replayed(mirror, BASE, CHANGED, other, CHANGED)


async def test_on_the_same_base_it_must_be_the_same_outcome(mirror):
    assert await replayed(mirror, BASE, CHANGED, BASE, CHANGED)
    assert not await replayed(mirror, BASE, CHANGED, BASE, BOTH)


async def test_a_change_turned_round_takes_it_back(mirror):
    assert await replayed(mirror, CHANGED, BASE, BOTH, ON_TOP)
    assert not await replayed(mirror, CHANGED, BASE, BOTH, BOTH)


async def test_a_commit_that_is_not_there_is_no_replay_and_nobodys_ancestor(mirror):
    known, gone = await commit(mirror, BASE), Sha("1" * 40)
    assert not await is_replay(mirror, known, known, gone, known)
    assert not await has_commit(mirror, gone)
    assert not await is_ancestor(mirror, gone, known)
    assert not await is_ancestor(mirror, known, gone)


async def test_the_branch_s_own_commits_are_listed_and_not_what_a_merge_brought(mirror):
    first = await commit(mirror, BASE)
    side = await commit(mirror, ON_TOP, first)
    second = await commit(mirror, CHANGED, first)
    merged = await commit(mirror, BOTH, second, side)
    assert await first_parents(mirror, first, merged, 10) == [second, merged]
    assert await first_parents(mirror, first, merged, 1) == [merged]
    assert await first_parents(mirror, merged, merged, 10) == []
    assert await is_ancestor(mirror, side, merged)
    assert not await is_ancestor(mirror, merged, side)
