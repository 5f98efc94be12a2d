"""A project's template, filled in with what is known and nothing else."""

from dataclasses import replace

import pytest

from app.forge.manners import choose_template
from app.workflows.pull_boxes import tick
from app.workflows.pull_template import Filling, fill

FILLING = Filling("It keeps cents.", "- `make test` after: passed", "Closes #7", "", frozenset({"passed", "linked"}))
COMMAND = "python3 -m pytest -q"
EVERYTHING = frozenset({"passed", "proven", "linked", "changelog"})


def test_without_a_template_everything_is_said_under_headings_of_ours():
    told = "It keeps cents.\n\n### How it was verified\n\n- `make test` after: passed\n\nCloses #7"
    assert fill("", FILLING) == told


def test_sections_are_filled_by_their_headings_and_the_rest_is_left_to_people():
    template = (
        "Hello!\nFixes #12\n\n# What does this do?\nTell.\n\n**Related issues**\nCloses #\n\n### Screenshots\nShow.\n"
    )
    assert fill(template, FILLING) == (
        "Hello!\n\n# What does this do?\n\nIt keeps cents.\n\n**Related issues**\n\nCloses #7\n\n"
        "### Screenshots\n\n*Not filled in: Quorum knows nothing of this.*\n\n"
        "### How it was verified\n\n- `make test` after: passed"
    )


def test_a_second_heading_of_the_same_sort_points_to_the_first():
    told = fill("## Summary\n\n## Motivation\n\n## Tests\n", FILLING)
    assert told.startswith(
        "## Summary\n\nIt keeps cents.\n\n## Motivation\n\n*See above.*\n\n## Tests\n\n- `make test`"
    )


def test_what_is_left_stands_where_it_is_asked_for_or_behind():
    left = Filling("S.", "V.", "Closes #7", "Windows was not tried.")
    assert "### What is left\n\nWindows was not tried." in fill("", left)
    assert "## Known limitations\n\nWindows was not tried." in fill("## Known limitations\n", left)


def test_a_heading_within_a_fence_is_text():
    assert fill("## Checklist\n- [ ] a\n```\n# Tests\n```\n", FILLING).startswith(
        "It keeps cents.\n\n## Checklist\n- [ ] a\n```\n# Tests\n```"
    )


TRUE = [
    ("- [ ] New and existing unit tests pass locally with my changes", "passed"),
    ("- [ ] All tests pass", "passed"),
    ("* [ ] I have run the tests and they are green", None),
    ("1. [ ] Tests pass.", "passed"),
    ("- [ ] I've added tests that prove my fix is effective or that my feature works", "proven"),
    ("- [ ] Added tests", "proven"),
    ("- [ ] Tests added", "proven"),
    ("- [ ] your changes are covered by tests", "proven"),
    ("- [ ] ran the tests (`pytest`)", "passed"),
    ("- [ ] ran the tests (`python3 -m  pytest`)", "passed"),
    ("- [ ] ran the tests (`tox`)", None),
    ("- [ ] ran the tests (`pytest --browser`)", None),
    ("- [ ] all style issues addressed (`flake8`)", None),
    ("- [ ] Linked the related issue", "linked"),
    ("- [ ] This PR references an issue", "linked"),
    ("- [ ] I have updated the CHANGELOG.md", "changelog"),
    ("- [ ] Added a changelog entry", "changelog"),
    ("- [ ] No tests added", None),
    ("- [ ] Tests are not passing", None),
    ("- [ ] Tests pass on Windows", None),
    ("- [ ] Tests pass and I agree to the licence", None),
    ("- [ ] I have performed a self-review", None),
    ("- [ ] I have read the contributing guide", None),
    ("- [ ] Documentation updated", None),
    ("- [x] Bug fix", None),
]


@pytest.mark.parametrize(("line", "fact"), TRUE, ids=[line for line, _ in TRUE])
def test_a_box_is_ticked_only_if_all_that_it_says_is_known(line: str, fact: str | None):
    empty = line.replace("[x]", "[ ]")
    assert tick(line, EVERYTHING, COMMAND) == (empty.replace("[ ]", "[x]", 1) if fact else empty)
    assert tick(line, EVERYTHING - {fact or ""}, COMMAND) == empty


def test_the_command_that_ran_is_known_to_every_box():
    asked = "- [ ] ran the tests (`make test`)"
    for template in (asked, f"## Checklist\n{asked}"):
        assert "- [x] ran" in fill(template, replace(FILLING, command="make test"))
        assert "- [ ] ran" in fill(template, FILLING)


@pytest.mark.parametrize(
    ("paths", "chosen"),
    [
        (["pull_request_template.md", ".github/PULL_REQUEST_TEMPLATE.md"], ".github/PULL_REQUEST_TEMPLATE.md"),
        (["docs/pull_request_template.txt", "README.md"], "docs/pull_request_template.txt"),
        ([".github/PULL_REQUEST_TEMPLATE/only.md"], ".github/PULL_REQUEST_TEMPLATE/only.md"),
        ([".github/PULL_REQUEST_TEMPLATE/a.md", ".github/PULL_REQUEST_TEMPLATE/b.md"], None),
        (["src/pull_request_template.md", "docs/my_pull_request_template.md"], None),
    ],
)
def test_the_template_is_the_one_that_github_would_take(paths: list[str], chosen: str | None):
    assert choose_template(paths) == chosen
