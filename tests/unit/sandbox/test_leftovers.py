import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.sandbox.leftovers import MOST, take_leftovers
from app.sandbox.removal import remove_tree


def lay_out(place: Path, *paths: str) -> Path:
    for path in paths:
        (place / path).parent.mkdir(parents=True, exist_ok=True)
        (place / path).write_text(path)
    return place


def test_the_topmost_folders_without_the_project_s_own_files_are_taken(tmp_path: Path):
    tree = lay_out(
        tmp_path / "tree",
        *("src/a.py", "packages/web/index.js", "node_modules/left/pad.js", "packages/web/node_modules/right/pad.js"),
        *("src/a.egg-info/PKG-INFO", "src/__pycache__/a.pyc", "installed.txt", ".git/config", "build/deep/er.o"),
    )
    kept = take_leftovers(tree, ["src/a.py", "packages/web/index.js"], tmp_path / "kept")
    assert kept == ("build", "node_modules", "packages/web/node_modules", "src/a.egg-info")
    assert (tmp_path / "kept/packages/web/node_modules/right/pad.js").read_text()
    assert sorted(each.name for each in tree.iterdir()) == [".git", "installed.txt", "packages", "src"]


def test_links_are_neither_taken_nor_followed(tmp_path: Path):
    outside = lay_out(tmp_path / "outside", "secret/key")
    tree = lay_out(tmp_path / "tree", "src/a.py")
    (tree / "node_modules").symlink_to(outside)
    (tree / "src/more").symlink_to(outside / "secret")
    assert take_leftovers(tree, ["src/a.py", "node_modules/x"], tmp_path / "kept") == ()
    assert (outside / "secret/key").exists()


def test_no_more_than_so_many_and_none_whose_name_would_be_two_lines(tmp_path: Path):
    tree = lay_out(tmp_path / "tree", *(f"d{number:03}/x" for number in range(MOST + 5)), "two\nlines/x")
    assert len(take_leftovers(tree, [], tmp_path / "kept")) == MOST


def test_a_name_that_is_no_text_is_left_behind(tmp_path: Path):
    tree = lay_out(tmp_path / "tree", "ok/x")
    (tree / os.fsdecode(b"a\xff")).mkdir()
    assert take_leftovers(tree, [], tmp_path / "kept") == ("ok",)


@contextmanager
def somebody(place: Path) -> Iterator[None]:
    """As a user whom the bits of a file bind, in `place`."""
    if os.getuid():
        yield
        return
    os.chown(place, 12_345, 12_345)
    before = Path.cwd()
    os.chdir(place)
    os.seteuid(12_345)
    try:
        yield
    finally:
        os.seteuid(0)
        os.chdir(before)


def test_what_was_closed_to_its_owner_is_taken_and_goes_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """As Go leaves its cache of modules, and a package whatever it likes."""
    monkeypatch.chdir(tmp_path)
    with somebody(tmp_path):
        tree = lay_out(Path("tree"), "src/a.py", "src/more/x", "vendor/x", "node_modules/a/b/x")
        for folder in ("src", "vendor", "node_modules/a/b", "node_modules"):
            (tree / folder).chmod(0o555 if folder != "src" else 0)
        kept = take_leftovers(tree, ["src/a.py"], Path("kept"))
        assert kept == ("node_modules", "src/more", "vendor")
        remove_tree(Path("kept"))
        assert not Path("kept").exists()
