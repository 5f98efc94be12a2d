"""Which files an issue names, what it lists itself, and which guidance is nearest to them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.knowledge.criteria import stated_criteria
from app.knowledge.guidance import guidance_paths, lay_out
from app.knowledge.named import named_files

PATHS = ["tally/split.py", "tally/__init__.py", "web/src/app.ts", "web/index.ts", "lib/index.ts", "README.md"]


@pytest.mark.parametrize(
    ("text", "files"),
    [
        ("`split_evenly` in tally/split.py:12 is wrong", ("tally/split.py",)),
        ("see split.py, and README.md.", ("tally/split.py", "README.md")),
        ("tally.split.split_evenly(1, 2)", ("tally/split.py",)),
        ("index.ts is wrong", ()),
        ("web\\src\\app.ts", ("web/src/app.ts",)),
        ("lib/index.ts and web/index.ts", ("lib/index.ts", "web/index.ts")),
        ("nothing, e.g. i.e. 1.2.3", ()),
    ],
)
def test_files_are_named_by_path_name_or_module(text, files):
    assert named_files(text, PATHS) == files


@given(st.text())
def test_only_files_of_the_project_are_named(text):
    assert set(named_files(text, PATHS)) <= set(PATHS)


def test_the_nearest_guidance_comes_first_and_nothing_from_elsewhere():
    paths = [
        *(
            "AGENTS.md",
            "CONTRIBUTING.md",
            "docs/CONTRIBUTING.md",
            "web/AGENTS.md",
            "web/src/CLAUDE.md",
            "lib/AGENTS.md",
        ),
        *(".github/copilot-instructions.md", ".github/instructions/ts.instructions.md", "web/README.md"),
    ]
    assert guidance_paths(paths, ["web/src/app.ts"]) == (
        *("web/src/CLAUDE.md", "web/AGENTS.md", "AGENTS.md", ".github/copilot-instructions.md"),
        *(".github/instructions/ts.instructions.md", "CONTRIBUTING.md"),
    )
    assert "web/AGENTS.md" not in guidance_paths(paths, [])


def test_instructions_for_other_files_and_copies_are_left_out():
    place = ".github/instructions/{}.instructions.md"
    texts = {
        "AGENTS.md": "Be brief.",
        "CLAUDE.md": "@AGENTS.md",
        ".github/copilot-instructions.md": "Be brief.\n",
        place.format("ts"): '---\napplyTo: "**/*.ts,**/*.tsx"\n---\nNo any.\n',
        place.format("py"): "---\napplyTo: '**/*.py'\n---\nTyped.\n",
        place.format("all"): "---\napplyTo: '**'\n---\nKind.\n",
        place.format("odd"): "---\napplyTo: [\n---\nOdd.\n",
    }
    told = lay_out(texts, ["web/src/app.ts"], 10_000)
    assert told == (
        "--- AGENTS.md ---\nBe brief.\n\n"
        "--- .github/instructions/ts.instructions.md ---\nNo any.\n\n"
        "--- .github/instructions/all.instructions.md ---\nKind.\n\n"
        "--- .github/instructions/odd.instructions.md ---\nOdd."
    )


@given(st.lists(st.text(max_size=600), max_size=6), st.integers(0, 2000))
def test_guidance_never_takes_more_than_its_room(texts, room):
    told = lay_out({f"{number}/AGENTS.md": text for number, text in enumerate(texts)}, [], room)
    assert len(told) <= room


@pytest.mark.parametrize(
    ("body", "criteria"),
    [
        ("It is wrong.\n- one\n- two", ()),
        ("- [ ] parts add up\n- [x] done\n* [ ] no cent is lost", ("parts add up", "no cent is lost")),
        ("## Acceptance criteria\n1. a holds\n- b holds\n\n## Notes\n- c", ("a holds", "b holds")),
        ("### Expected behavior\r\n- a holds\r\n", ("a holds",)),
        ("```\n- [ ] code\n```\n- [ ] text", ("text",)),
        ("- [ ] a\n- [ ] a", ("a",)),
    ],
)
def test_an_issue_that_lists_what_must_hold_is_taken_at_its_word(body, criteria):
    assert stated_criteria(body) == criteria
