"""What is read from a mirror: files with hostile names, what is not there, what git cannot tell."""

import pytest

from app.forge.errors import RefusedError
from app.forge.git import changed_paths, merge_base, show, show_each
from app.gitcmd import GitError

HOSTILE = ["--help", "a b", "ä", "-", "*", ":(glob)*", "q\"'`$(id)", "back\\slash", "new\nline", "tab\there", "\x01"]


@pytest.fixture
async def mirror(installed):
    await installed.mirrors.fetch(installed.repo, "refs/heads/main")
    return installed.mirrors.path(installed.repo)


async def fetched(installed, files, *parents):
    head = installed.commit(files, *parents, branch="hostile")
    await installed.mirrors.fetch(installed.repo, "refs/heads/hostile")
    return head


async def test_hostile_names_are_only_names(installed, mirror):
    files = {name: name.encode() for name in HOSTILE}
    base = installed.git("rev-parse", "main")
    head = await fetched(installed, {**files, "a.txt": b"a\n"}, base)
    assert sorted(await changed_paths(mirror, base, head)) == sorted(HOSTILE)
    assert [await show(mirror, head, name) for name in HOSTILE] == list(files.values())


async def test_several_are_read_in_the_order_in_which_they_are_asked_for(installed, mirror):
    head = await fetched(installed, {"b.txt": b"b", "a.txt": b"a"}, installed.git("rev-parse", "main"))
    assert await show_each(mirror, head, ("b.txt", "none", "../a.txt", "a.txt")) == [b"b", None, None, b"a"]
    assert await show_each(mirror, head, ("..", ".")) == [None, None]


async def test_a_name_that_is_no_text_is_read_all_the_same(installed, mirror):
    blob = installed.git("hash-object", "-w", "--stdin", stdin=b"raw")
    tree = installed.git("mktree", "-z", stdin=b"100644 blob " + blob.encode() + b"\t\xff\xfe\0")
    head = installed.git("commit-tree", tree, "-m", "raw")
    installed.git("update-ref", "refs/heads/raw", head)
    await installed.mirrors.fetch(installed.repo, "refs/heads/raw")
    base = installed.git("rev-parse", "main")
    name = next(path for path in await changed_paths(mirror, base, head) if path != "a.txt")
    assert await show(mirror, head, name) == b"raw"


@pytest.mark.parametrize("path", ["none", "a", "a.txt/b", "*", "a.*", "../a.txt", ":0:a.txt"])
async def test_what_is_no_file_is_none(installed, mirror, path):
    assert await show(mirror, installed.git("rev-parse", "main"), path) is None


async def test_a_folder_is_no_file(installed, mirror):
    blob = installed.git("hash-object", "-w", "--stdin", stdin=b"x")
    inner = installed.git("mktree", stdin=f"100644 blob {blob}\tx\n".encode())
    tree = installed.git("mktree", stdin=f"040000 tree {inner}\tfolder\n".encode())
    head = installed.git("commit-tree", tree, "-m", "folder")
    installed.git("update-ref", "refs/heads/folder", head)
    await installed.mirrors.fetch(installed.repo, "refs/heads/folder")
    assert await show(mirror, head, "folder") is None
    assert await show(mirror, head, "folder/x") == b"x"


async def test_a_commit_that_is_not_there_is_no_missing_file(mirror):
    """Else a policy that could not be read would be a policy that is not there, and the built-in one would hold."""
    with pytest.raises(GitError):
        await show(mirror, "1" * 40, "a.txt")


async def test_histories_without_a_commit_in_common_are_refused(installed, mirror):
    head = await fetched(installed, {"a.txt": b"other\n"})
    with pytest.raises(RefusedError, match="no commit in common"):
        await merge_base(mirror, installed.git("rev-parse", "main"), head)
