from pathlib import Path

from app.sandbox.leftovers import MOST, take_leftovers


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
