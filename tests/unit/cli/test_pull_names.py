"""A pull request is named as people do, and only on the GitHub that is set."""

import pytest
import typer

from app.cli.pulls import PullName, parse_pull, parse_repository

HUB = "https://github.com"


@pytest.mark.parametrize(
    ("text", "github", "name"),
    [
        ("acme/tally#7", HUB, "acme/tally#7"),
        ("acme/.github#12", HUB, "acme/.github#12"),
        ("ada_acme/tally#7", HUB, "ada_acme/tally#7"),
        ("https://github.com/acme/tally/pull/7", HUB, "acme/tally#7"),
        ("https://GitHub.com/acme/tally/pull/7/files?w=1#diff", HUB, "acme/tally#7"),
        ("http://127.0.0.1:80/acme/tally/pull/7", "http://127.0.0.1:80", "acme/tally#7"),
    ],
)
def test_it_is_understood(text, github, name):
    assert str(parse_pull(text, github)) == name
    assert parse_pull(text, github) == PullName(*[name.split("#")[0], int(name.split("#")[1])])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("acme/tally", "neither OWNER/REPO#NUMBER nor"),
        ("acme/tally#0", "neither"),
        ("acme/tally/x#1", "neither"),
        ("#7", "neither"),
        ("https://github.com/acme/tally/issues/7", "neither"),
        ("https://github.com/acme/tally/pull/77x", "neither"),
        ("https://evil.example/acme/tally/pull/7", "is not on https://github.com; set QUORUM_GITHUB_URL"),
    ],
)
def test_anything_else_is_told(text, told):
    with pytest.raises(typer.BadParameter, match=told):
        parse_pull(text, HUB)


@pytest.mark.parametrize("text", ["tally", "a/b/c", "a/b#1", "", "a/"])
def test_a_repository_has_an_owner_and_a_name(text):
    assert parse_repository("acme/tally") == "acme/tally"
    with pytest.raises(typer.BadParameter, match="is no OWNER/REPO"):
        parse_repository(text)
