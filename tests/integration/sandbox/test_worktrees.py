"""Files go in, a tree comes out, and nothing that a command planted is ever run or followed by the host's git."""

import os
import socket
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from app.gitcmd import git
from app.sandbox import worktree
from app.sandbox.box import Limits
from app.sandbox.bubblewrap import Bubblewrap
from app.sandbox.errors import WorktreeError
from app.sandbox.patches import validate


async def listed(mirror: Path, tree: str) -> dict[str, str]:
    """Path to mode of every entry of a tree."""
    told = (await git("ls-tree", "-r", "-z", tree, git_dir=mirror)).decode()
    return {line.split("\t")[1]: line.split()[0] for line in told.split("\0") if line}


async def test_a_tree_comes_back_as_it_went_in(mirror: Path, tree: Path, tmp_path: Path, empty_tree: str) -> None:
    (tree / "folder").mkdir()
    (tree / "folder" / "run.sh").write_bytes(b"#!/bin/sh\r\n\x00\xff")
    (tree / "folder" / "run.sh").chmod(0o755)
    (tree / "folder" / 'odd "name"\n').write_text("x")
    (tree / "link").symlink_to("folder/run.sh")
    first = await worktree.snapshot(mirror, tree, empty_tree)
    await worktree.checkout(mirror, first, tmp_path / "again")
    assert await worktree.snapshot(mirror, tmp_path / "again", empty_tree) == first
    assert str((tmp_path / "again" / "link").readlink()) == "folder/run.sh"
    assert (tmp_path / "again" / "folder" / "run.sh").read_bytes() == b"#!/bin/sh\r\n\x00\xff"
    assert (tmp_path / "again" / "folder" / "run.sh").stat().st_mode & stat.S_IXUSR


async def test_there_is_no_git_folder_in_the_tree(mirror: Path, tree: Path, tmp_path: Path, empty_tree: str) -> None:
    (tree / "a").write_text("x")
    await worktree.checkout(mirror, await worktree.snapshot(mirror, tree, empty_tree), tmp_path / "again")
    assert [path.name for path in (tmp_path / "again").iterdir()] == ["a"]


async def test_additions_changes_and_deletions_are_seen(mirror: Path, tree: Path, empty_tree: str) -> None:
    for name in ("kept", "changed", "deleted"):
        (tree / name).write_text("before")
    base = await worktree.snapshot(mirror, tree, empty_tree)
    (tree / "changed").write_text("after")
    (tree / "deleted").unlink()
    (tree / "added").write_text("new")
    after = await worktree.snapshot(mirror, tree, base)
    assert set(await listed(mirror, after)) == {"kept", "changed", "added"}
    assert await worktree.diff(mirror, base, base) == b""
    assert validate(await worktree.diff(mirror, base, after)) == []


def rewrite(tree: Path) -> None:
    """As many bytes as before, and the times that it had: only the change time tells."""
    before = (tree / "a").stat()
    (tree / "a").write_text("two")
    os.utime(tree / "a", ns=(before.st_atime_ns, before.st_mtime_ns))


def replace_by_link(tree: Path) -> None:
    (tree / "a").unlink()
    (tree / "a").symlink_to("b")


CHANGES: list[Callable[[Path], object]] = [
    rewrite,
    replace_by_link,
    lambda tree: (tree / "a").unlink(),
    lambda tree: (tree / "a").chmod(0o755),
    lambda tree: (tree / "a").rename(tree / "c"),
    lambda tree: (tree / "a").rename(tree / "b"),
    lambda tree: (tree / "folder" / "d").write_text("new"),
]


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("tick_ns", [0, 10**18])
async def test_git_is_asked_again_for_every_change(
    change: Callable[[Path], object],
    tick_ns: int,
    mirror: Path,
    tree: Path,
    empty_tree: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whether or not the clock of the filesystem has gone on since the last change."""
    clock_ns = worktree._clock_ns
    monkeypatch.setattr(worktree, "_clock_ns", lambda mark: clock_ns(mark) + tick_ns)
    (tree / "folder").mkdir()
    for name in ("a", "b", "folder/c"):
        (tree / name).write_text(name[:1] * 3)
    memory = worktree.Memory(tmp_path / "index")
    first = await worktree.snapshot(mirror, tree, empty_tree, memory=memory)
    let_the_clock_go_on(tree / "a")
    change(tree)
    second = await worktree.snapshot(mirror, tree, first, memory=memory)
    assert second != first
    assert second == await worktree.snapshot(mirror, tree, first)


def let_the_clock_go_on(file: Path) -> None:
    """Until what is changed now gets another time than `file` has."""
    mark = file.parent.parent / "mark"
    while worktree._clock_ns(mark) <= file.stat().st_ctime_ns:
        pass


async def test_git_is_not_asked_where_nothing_changed(
    mirror: Path, tree: Path, empty_tree: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tree / "a").write_text("one")
    let_the_clock_go_on(tree / "a")
    memory = worktree.Memory(tmp_path / "index")
    first = await worktree.snapshot(mirror, tree, empty_tree, memory=memory)
    monkeypatch.setattr(worktree, "git", None)
    assert await worktree.snapshot(mirror, tree, first, memory=memory) == first


async def test_a_change_within_one_tick_of_the_clock_is_seen(
    mirror: Path, tree: Path, empty_tree: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file looks as before to the last nanosecond, as it does on a filesystem whose clock has long ticks."""
    (tree / "a").write_text("one")
    about = (tree / "a").stat()
    monkeypatch.setattr(worktree, "_clock_ns", lambda _mark: about.st_ctime_ns)
    monkeypatch.setattr(worktree, "_inspect", lambda _tree: ("as before", about.st_ctime_ns))
    memory = worktree.Memory(tmp_path / "index")
    first = await worktree.snapshot(mirror, tree, empty_tree, memory=memory)
    (tree / "a").write_text("two")
    assert await worktree.snapshot(mirror, tree, first, memory=memory) != first


async def test_ignored_files_stay_out_unless_they_were_there(mirror: Path, tree: Path, empty_tree: str) -> None:
    (tree / "kept.log").write_text("before")
    base = await worktree.snapshot(mirror, tree, empty_tree)
    (tree / ".gitignore").write_text("*.log\nbuild/\n")
    (tree / "kept.log").write_text("after")
    (tree / "new.log").write_text("x")
    (tree / "build").mkdir()
    (tree / "build" / "out").write_text("x")
    assert set(await listed(mirror, await worktree.snapshot(mirror, tree, base))) == {"kept.log", ".gitignore"}


async def test_what_tests_leave_behind_stays_out_unless_it_was_there(mirror: Path, tree: Path, empty_tree: str) -> None:
    """A project's test command may write `.coverage` though its `.gitignore` does not know it. That is no work."""
    (tree / ".hypothesis").mkdir()
    (tree / ".coveragerc").write_text("[run]")
    for left in (".coverage", ".coverage.host.1", ".hypothesis/x"):
        (tree / left).write_text("x")
    assert set(await listed(mirror, await worktree.snapshot(mirror, tree, empty_tree))) == {".coveragerc"}

    blob = await git("hash-object", "-w", "--stdin", git_dir=mirror, stdin=b"x")
    entry = b"100644 blob %s\t.coverage\n" % blob.strip()
    base = (await git("mktree", git_dir=mirror, stdin=entry)).decode().strip()
    (tree / ".coverage").unlink()
    assert set(await listed(mirror, await worktree.snapshot(mirror, tree, base))) == {".coveragerc"}, (
        "it can be removed"
    )


async def test_some_files_of_one_tree_are_put_onto_another(mirror: Path, tree: Path, empty_tree: str) -> None:
    odd = "a [b]*\n\u00e9"
    for name in ("code", "kept", "test_gone", odd, "test_mode"):
        (tree / name).write_text("old")
    old = await worktree.snapshot(mirror, tree, empty_tree)
    for name in ("code", odd, "test_new"):
        (tree / name).write_text("new")
    (tree / "test_gone").unlink()
    (tree / "test_mode").chmod(0o755)
    new = await worktree.snapshot(mirror, tree, old)
    grafted = await worktree.graft(mirror, old, new, [odd, "test_new", "test_gone", "test_mode"])
    (tree / "code").write_text("old")
    assert grafted == await worktree.snapshot(mirror, tree, old)


async def test_a_link_out_of_the_tree_is_stored_as_a_link_and_refused(
    mirror: Path, tree: Path, tmp_path: Path, empty_tree: str
) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "secret").write_text("the host's secret")
    (tree / "out").symlink_to(tmp_path / "outside")
    after = await worktree.snapshot(mirror, tree, empty_tree)
    assert await listed(mirror, after) == {"out": "120000"}
    patch = await worktree.diff(mirror, empty_tree, after)
    assert b"the host's secret" not in patch
    assert "leads out" in validate(patch)[0].reason


async def test_pipes_sockets_and_nested_repositories_are_no_content(mirror: Path, tree: Path, empty_tree: str) -> None:
    os.mkfifo(tree / "pipe")
    with socket.socket(socket.AF_UNIX) as server:
        folder = os.open(tree, os.O_RDONLY)
        server.bind(f"/proc/self/fd/{folder}/socket")
        os.close(folder)
        subprocess.run(["git", "init", "--quiet", str(tree / "nested")], check=True, env={"PATH": os.defpath})  # noqa: ASYNC221
        for place in (tree / "nested", tree):
            (place / "file").write_text("x")
        after = await worktree.snapshot(mirror, tree, empty_tree)
    assert await listed(mirror, after) == {"file": "100644", "nested/file": "100644"}


async def test_files_that_a_command_locked_are_read_all_the_same(
    mirror: Path, tree: Path, empty_tree: str, box: Bubblewrap, limits: Limits
) -> None:
    source = "mkdir d; echo x > d/f; echo y > g; chmod 000 d g; chmod 000 /work"
    assert (await box.run(["sh", "-c", source], worktree=tree, limits=limits)).ok
    assert set(await listed(mirror, await worktree.snapshot(mirror, tree, empty_tree))) == {"d/f", "g"}


async def test_a_file_that_is_too_large_is_refused(mirror: Path, tree: Path, empty_tree: str) -> None:
    with (tree / "large").open("wb") as file:
        file.truncate(51 * 1024**2)
    with pytest.raises(WorktreeError, match="large is larger"):
        await worktree.snapshot(mirror, tree, empty_tree)


def run_trusting_git(mirror: Path, tree: Path, index: Path) -> None:
    """What a host would do that believes what lies in the tree."""
    places = {"GIT_DIR": str(mirror), "GIT_WORK_TREE": str(tree), "GIT_INDEX_FILE": str(index)}
    settings = {"PATH": os.defpath, "GIT_CONFIG_GLOBAL": str(tree / ".gitconfig"), **places}
    subprocess.run(["git", "add", "sub"], cwd=tree, env=settings, check=False, capture_output=True)


PLANTED = r"""
set -e
mkdir -p .git/hooks .git/info bare/hooks bare/objects bare/refs sub
printf '#!/bin/sh\ntouch CANARY\n' > evil; chmod +x evil
for place in .git bare; do
  for hook in pre-commit post-checkout post-index-change reference-transaction fsmonitor-watchman post-commit; do
    cp evil $place/hooks/$hook
  done
  echo 'ref: refs/heads/main' > $place/HEAD
  cat > $place/config <<EOF
[core]
  repositoryformatversion = 0
  fsmonitor = CANARY_COMMAND
  hooksPath = /work/.git/hooks
  sshCommand = CANARY_COMMAND
  pager = CANARY_COMMAND
  editor = CANARY_COMMAND
  attributesFile = /work/.gitattributes
[diff]
  external = CANARY_COMMAND
[diff "evil"]
  textconv = CANARY_COMMAND
  command = CANARY_COMMAND
[filter "evil"]
  clean = CANARY_COMMAND
  smudge = CANARY_COMMAND
  process = CANARY_COMMAND
  required = true
[merge "evil"]
  driver = CANARY_COMMAND
[include]
  path = /work/more
EOF
done
cp .git/config .gitconfig
echo '* filter=evil diff=evil merge=evil' > .gitattributes
echo '* filter=lfs diff=lfs' > sub/.gitattributes
printf '[submodule "x"]\n path = sub\n url = ext::sh -c CANARY_COMMAND\n update = !CANARY_COMMAND\n' > .gitmodules
echo changed > sub/file
"""


async def test_nothing_that_was_planted_is_run_by_the_hosts_git(
    mirror: Path, tree: Path, tmp_path: Path, empty_tree: str, box: Bubblewrap, limits: Limits
) -> None:
    canary = tmp_path / "canary"
    tmp_path.chmod(0o755)  # noqa: ASYNC240
    command = tmp_path / "command"
    command.write_text(f"#!/bin/sh\ntouch {canary}\ncat\n")
    command.chmod(0o755)
    source = PLANTED.replace("CANARY_COMMAND", str(command)).replace("CANARY", str(canary))
    planted = await box.run(["sh", "-c", source], worktree=tree, limits=limits)
    assert planted.ok, planted
    run_trusting_git(mirror, tree, tmp_path / "index")
    assert canary.exists(), "outside, git runs what was planted: else this shows nothing"
    canary.unlink()

    after = await worktree.snapshot(mirror, tree, empty_tree)
    patch = await worktree.diff(mirror, empty_tree, after)
    await worktree.checkout(mirror, after, tmp_path / "again")
    await worktree.snapshot(mirror, tree, after)
    assert not canary.exists()
    assert not (tree / ".git").exists()
    assert {refusal.path for refusal in validate(patch)} >= {".gitmodules"}
