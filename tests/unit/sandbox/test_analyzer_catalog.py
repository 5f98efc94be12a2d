"""Which analyzers look, and at which files."""

import pytest

from app.policy.analyzers import ANALYZERS, OwnAnalyzer
from app.sandbox.analyzers.catalog import CATALOG, configured

ABSENT = ["actionlint", "eslint"]
OWN = OwnAnalyzer(name="own", command="check it", files=("*.js", "lib/"), sarif="out.sarif")


def test_the_catalog_holds_what_a_policy_may_name():
    assert tuple(each.name for each in CATALOG) == ANALYZERS


def names(wanted, there) -> list[str]:
    return [each.name for each in configured(wanted, there)]


def test_by_default_those_look_that_are_there():
    assert names(None, ("bandit", "ruff")) == ["ruff", "bandit", *ABSENT], "and of what is missing it is told"
    assert names(None, ()) == []
    assert names((), ANALYZERS) == []


def test_what_is_named_looks_even_if_it_is_not_there_and_commands_come_last():
    assert names((OWN, "zizmor", "ruff"), ()) == ["ruff", "zizmor", "own"]


def test_a_command_of_the_policy_gets_the_files_as_arguments_and_may_write():
    (own,) = configured((OWN,), ())
    assert own.argv == ("sh", "-c", "check it", "own")
    assert (own.report, own.own) == ("./out.sarif", True)
    assert own.looks_at("a/b.js")
    assert own.looks_at("lib/x/y")
    assert not own.looks_at("b.py")
    assert not any(each.own for each in CATALOG)


@pytest.mark.parametrize(
    ("path", "tools"),
    [
        ("a/b.py", {"ruff", "bandit"}),
        ("b.pyi", {"ruff"}),
        (".github/workflows/ci.yml", {"zizmor", "yamllint", "actionlint"}),
        ("web/a.mts", {"eslint"}),
        ("web/a.vue", {"eslint"}),
        ("x/action.yaml", {"zizmor", "yamllint"}),
        ("x/.github/workflows/ci.yml", {"yamllint"}),
        ("bin/run.sh", {"shellcheck"}),
        ("api/Dockerfile", {"hadolint"}),
        ("Dockerfile.dev", {"hadolint"}),
        ("README", set()),
    ],
)
def test_each_looks_at_its_own_kind_of_file_and_one_at_all(path: str, tools: set[str]):
    assert {each.name for each in CATALOG if each.looks_at(path)} == {*tools, "detect-secrets"}
