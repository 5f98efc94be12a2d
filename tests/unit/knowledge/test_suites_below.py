"""Projects in folders: each is taken for one of its own, those of the task and the largest ones first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.knowledge.suites.below import candidates_below, worth_reading_below

PACKAGE = '{"scripts": {"test": "vitest"}}'
SHOP = {"web/package.json": PACKAGE, "web/src/a.ts": "", "web/src/b.ts": "", "api/go.mod": "", "README.md": ""}


@pytest.mark.parametrize(
    ("files", "near", "commands"),
    [
        ({"go.mod": "", "main.go": ""}, (), []),
        (SHOP, (), ["cd web && npm run test", "cd api && go test ./..."]),
        (SHOP, ("api/main.go",), ["cd api && go test ./...", "cd web && npm run test"]),
        ({"services/api/Cargo.toml": ""}, (), ["cd services/api && cargo test --offline"]),
        ({"a/b/c/Cargo.toml": ""}, (), []),
        ({"docs/package.json": PACKAGE, "examples/x/go.mod": "", "node_modules/x/package.json": PACKAGE}, (), []),
        ({"a b/go.mod": "", "$(id)/go.mod": "", "-r/go.mod": "", "../go.mod": "", ".x/go.mod": ""}, (), []),
        ({"api/tox.ini": "[tox]"}, (), ["cd api && tox"]),
        ({"api/main.go": ""}, (), []),
    ],
)
def test_what_the_files_of_folders_speak_for(files: dict[str, str], near: tuple[str, ...], commands: list[str]):
    assert [each.command for each in candidates_below(files, near)] == commands


def test_each_says_in_which_folder_what_speaks_for_it():
    [found] = candidates_below({"api/go.mod": ""}, ())
    assert (found.why, found.ecosystem) == ("in `api` there is `go.mod`", "Go")


def test_only_some_folders_are_looked_at_however_many_there_are():
    files = {f"f{number}/go.mod": "" for number in range(50)}
    assert len(candidates_below(files, ())) == 3
    assert len(worth_reading_below([f"f{number}/package.json" for number in range(500)])) <= 60


def test_of_their_files_those_are_read_that_tell_something():
    paths = ["web/package.json", "web/src/a.ts", "package.json", "a/b/Makefile", "a/b/c/Makefile", "docs/Makefile"]
    assert worth_reading_below(paths) == ["web/package.json", "a/b/Makefile"]


@given(st.text(max_size=20))
def test_no_name_of_a_folder_is_more_than_a_name(name: str):
    for each in candidates_below({f"{name}/go.mod": ""}, ()):
        folder = each.command.removeprefix("cd ").removesuffix(" && go test ./...")
        assert folder.replace("/", "").replace("-", "").replace("_", "").isalnum()
        assert folder.isascii()
        assert folder == name
