"""CODEOWNERS as GitHub's page describes it, line by line, and against a slow reading of the same rules."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.policy import codeowners as module
from app.policy.codeowners import MAX_BYTES, Codeowners, Fault, groups, owners_of, parse_codeowners

DOCUMENTED = """\
# These owners will be the default owners for everything in the repo.
*       @global-owner1 @global-owner2
*.js    @js-owner #This is an inline comment.
*.go docs@example.com
*.txt @octo-org/octocats
/build/logs/ @doctocat
docs/*  docs@example.com
apps/ @octocat
/docs/ @doctocat
/scripts/ @doctocat @octocat
**/logs @octocat
/apps/ @octocat
/apps/github
/apps/github/keys @doctocat
"""


@pytest.mark.parametrize(
    ("path", "owners"),
    [
        ("main.c", {"@global-owner1", "@global-owner2"}),
        ("src/deep/main.c", {"@global-owner1", "@global-owner2"}),
        ("web/app.js", {"@js-owner"}),
        ("web/app.JS", {"@global-owner1", "@global-owner2"}),
        ("pkg/main.go", {"docs@example.com"}),
        ("notes.txt", {"@octo-org/octocats"}),
        ("build/logs/a/b.log", {"@octocat"}),
        ("sub/build/logs2/a", {"@global-owner1", "@global-owner2"}),
        ("sub/apps/x/y.js", {"@octocat"}),
        ("docs/api/x.md", {"@doctocat"}),
        ("sub/docs/x.md", {"@global-owner1", "@global-owner2"}),
        ("scripts/run.sh", {"@doctocat", "@octocat"}),
        ("deeply/nested/logs/x", {"@octocat"}),
        ("apps/web/x.py", {"@octocat"}),
        ("apps/github/x.py", set()),
        ("apps/github", set()),
        ("apps/github/keys/x.pem", {"@doctocat"}),
        ("apps/githubs", {"@octocat"}),
    ],
)
def test_documented_examples(path, owners):
    read = parse_codeowners(DOCUMENTED)

    assert read.faults == ()
    assert owners_of(read, path) == owners


@pytest.mark.parametrize(
    ("line", "inside", "outside"),
    [
        ("docs/* @x", ["docs/getting-started.md"], ["docs/build-app/troubleshooting.md", "sub/docs/a.md"]),
        ("/* @x", ["README"], ["src/README"]),
        ("* @x", ["README", "src/deep/README"], []),
        ("/docs/** @x", ["docs/a/b/c.md"], ["docs", "sub/docs/a"]),
        ("apps/ @x", ["apps/a", "sub/apps/a/b"], ["apps"]),
        ("/apps @x", ["apps", "apps/a/b"], ["sub/apps/a"]),
        ("src/*/api @x", ["src/a/api", "src/a/api/b/c"], ["src/api", "src/a/b/api"]),
        ("**/*.py @x", ["a.py", "a/b.py", ".py"], ["a.pyc"]),
        ("a/**/b @x", ["a/b", "a/x/y/b", "a/b/c"], ["a/c", "x/a/b"]),
        ("?.md @x", ["a.md", "d/b.md"], ["ab.md"]),
        ("my\\ docs/ @x", ["my docs/a"], ["my", "docs/a"]),
        ("\\*.md @x", ["*.md"], ["a.md"]),
        ("\\!now.md @x", ["!now.md"], ["now.md"]),
        ("c#/ @x", ["c#/a"], ["c/a"]),
    ],
)
def test_patterns(line, inside, outside):
    read = parse_codeowners(line)

    assert read.faults == ()
    assert [path for path in inside if not owners_of(read, path)] == []
    assert [path for path in outside if owners_of(read, path)] == []


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("!docs/ @x", "`!` does not work"),
        ("\\#notes @x", "`\\#` does not work"),
        ("[ab].py @x", "`[ ]` does not work"),
        ("pages/[id].tsx @x", "`[ ]` does not work"),
        ("/ @x", "write `*`"),
        ("./a @x", "matches nothing"),
        ("a//b @x", "matches nothing"),
        ("*.py someone", "neither `@user`"),
        ("*.py @x @", "neither `@user`"),
        ("*.py @org/team/more", "neither `@user`"),
        ("my docs/ @x", "write spaces in paths as `\\ `"),
        ("a" * 4097 + " @x", "more than 4096 characters"),
    ],
)
def test_a_line_that_cannot_be_read_is_skipped_and_told(line, reason):
    read = parse_codeowners(f"* @everyone\n\n{line}\r\n# end")

    (fault,) = read.faults
    assert (fault.line, fault.text) == (3, line[:200])
    assert reason in fault.reason
    assert owners_of(read, "docs/a.py") == {"@everyone"}


def test_a_line_of_comment_or_nothing_is_no_rule():
    read = parse_codeowners("\ufeff# a\n\n \t\r\n  # b\n*.py @a # @b\n")

    assert read.faults == ()
    assert [(rule.line, rule.pattern, rule.owners) for rule in read.rules] == [(5, "*.py", frozenset({"@a"}))]


def test_names_of_owners_do_not_know_case():
    read = parse_codeowners("* @Mona @Octo-Org/Core-Team Mona@Example.COM @mona_corp")

    assert owners_of(read, "a") == {"@mona", "@octo-org/core-team", "mona@example.com", "@mona_corp"}


def test_only_line_feeds_end_a_line():
    read = parse_codeowners("*.py @a\u2028*.js @b\n")

    assert read.rules == ()
    assert [fault.line for fault in read.faults] == [1]


def test_a_file_as_large_as_github_refuses_has_no_rules():
    line = "* @everyone\n"
    small = line + "#" * (MAX_BYTES - len(line) - 1)

    assert owners_of(parse_codeowners(small), "a") == {"@everyone"}
    reason = "the file has 3 MB or more, so GitHub uses none of it; join lines with wildcards"
    assert parse_codeowners(small + "#") == Codeowners((), (Fault(1, "", reason),))
    assert parse_codeowners(small[:-1] + "\u00e9").rules == ()


def test_faults_are_bounded():
    assert len(parse_codeowners("!a\n" * 5000).faults) == 100


def test_groups_are_the_distinct_sets_of_owners():
    read = parse_codeowners("* @a @b\n*.md @c\n*.txt @b @a\n/free/\n")

    assert groups(read, ["x.py", "y.md", "z.txt", "free/x", "w.py", "x.py"]) == (
        frozenset({"@a", "@b"}),
        frozenset({"@c"}),
    )
    assert groups(read, ["free/x"]) == groups(read, []) == ()


def slowly(pattern, path):
    """The same rules once more, by another way: GitHub's page as one regular expression."""
    names = pattern.strip("/").split("/")
    anchored = "/" in pattern.rstrip("/")
    text = "" if anchored else "(?:[^/]+/)*"
    for index, name in enumerate(names):
        last = index == len(names) - 1
        if name == "**":
            text += "(?:.+)" if last else "(?:[^/]+/)*"
        else:
            text += "".join({"*": "[^/]*", "?": "[^/]"}.get(char, re.escape(char)) for char in name)
            text += "" if last else "/"
    end = "/.+" if pattern.endswith("/") else "" if names[-1] == "*" else "(?:/.+)?"
    return re.fullmatch(text + end, path) is not None


parts = st.text(alphabet="ab.", min_size=1, max_size=3).filter(lambda name: name not in {".", ".."})
some_paths = st.lists(parts, min_size=1, max_size=4).map("/".join)
steps = st.one_of(parts, st.sampled_from(["*", "**", "a*", "*b", "?", "*.a", "*.b"]))
patterns = st.builds(
    lambda start, names, end: start + "/".join(names) + end,
    st.sampled_from(["", "/"]),
    st.lists(steps, min_size=1, max_size=4),
    st.sampled_from(["", "/"]),
).filter(lambda pattern: not pattern.endswith("**/"))


@given(lines=st.lists(patterns, max_size=12), path=some_paths)
def test_the_last_line_that_matches_decides(lines, path):
    read = parse_codeowners("".join(f"{pattern} @o{number}\n" for number, pattern in enumerate(lines)))
    expected = [f"@o{number}" for number, pattern in enumerate(lines) if slowly(pattern, path)]

    assert read.faults == ()
    assert owners_of(read, path) == set(expected[-1:])


@given(text=st.text(alphabet="ab*?/.@ \\#![]\t\r\n\u00e9", max_size=60), path=some_paths)
def test_every_line_is_a_rule_a_fault_or_a_comment(text, path):
    read = parse_codeowners(text)
    told = [*(rule.line for rule in read.rules), *(fault.line for fault in read.faults)]
    written = [line.strip(" \t\r") for line in text.split("\n")]

    assert sorted(told) == [number for number, line in enumerate(written, 1) if line and not line.startswith("#")]
    owners_of(read, path)


def test_of_a_thousand_lines_few_are_tried_for_each_of_three_thousand_files(monkeypatch):
    tried = []
    matches = module.matches
    monkeypatch.setattr(module, "matches", lambda *given, **how: tried.append(1) or matches(*given, **how))
    lines = [f"/services/s{number}/ @org/t{number}" for number in range(900)]
    lines += [f"*.e{number} @org/e{number}" for number in range(90)]
    lines += [f"docs/d{number}/* @d{number}" for number in range(10)]
    files = [f"services/s{number % 900}/src/f{number}.e{number % 200}" for number in range(3000)]
    read = parse_codeowners("\n".join(lines))

    assert len(groups(read, files)) == 990
    assert len(tried) <= 2 * len(files)
