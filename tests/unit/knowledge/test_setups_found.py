"""How what a project's tests need is installed, told by its files: commands of ours only."""

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.knowledge.setups.finding import find_setup, worth_reading
from app.knowledge.setups.plan import Setup

_STEPS = ".github/workflows/copilot-setup-steps.yml"
_PIP = "python3 -m pip install -q"
_PYTEST = f"python3 -c 'import pytest' 2>/dev/null || {_PIP} pytest"
_UV = 'uv sync -q --frozen --inexact --python "$VIRTUAL_ENV"'
_BUILT = "[build-system]\nrequires = ['hatchling']\n"
_PACKAGE = '{"dependencies": {"left-pad": "1"}}'
_TESTED = '[project]\nname = "a"\n[project.optional-dependencies]\n{}\n' + _BUILT


@pytest.mark.parametrize(
    ("files", "commands"),
    [
        ({"README.md": ""}, []),
        ({"pyproject.toml": "[tool.ruff]\n"}, []),
        ({"pyproject.toml": "[project]\nname = 'a'\n"}, []),
        ({"pyproject.toml": "[project]\nname = 'a'\n", "src/a/__init__.py": ""}, [f"{_PIP} -e '.'"]),
        ({"pyproject.toml": _BUILT}, [f"{_PIP} -e '.'"]),
        ({"pyproject.toml": "[project"}, []),
        ({"pyproject.toml": _TESTED.format("tests = []\ndev = []")}, [f"{_PIP} -e '.[tests]'"]),
        ({"pyproject.toml": _TESTED.format("dev = []\nall = []\ntest-gpu = []")}, [f"{_PIP} -e '.[dev]'"]),
        ({"pyproject.toml": _TESTED.format("all = []\nunit-test = []")}, [f"{_PIP} -e '.[unit-test]'"]),
        ({"pyproject.toml": _TESTED.format("'test; id' = []\n'-test' = []")}, [f"{_PIP} -e '.'"]),
        (
            {"pyproject.toml": _BUILT + "[dependency-groups]\ntest = ['pytest']\ndocs = []\n"},
            [f"{_PIP} 'pip>=25.1' && {_PIP} --group test", f"{_PIP} -e '.'"],
        ),
        (
            {"pyproject.toml": "[project]\nname = 'a'\ndependencies = ['attrs']\n"},
            [f"{_PIP} uv && uv pip install -q -r pyproject.toml"],
        ),
        (
            {"pyproject.toml": "[build-system]\nrequires = ['setuptools-scm>=8']\n"},
            [f"export SETUPTOOLS_SCM_PRETEND_VERSION=99.0; {_PIP} -e '.'"],
        ),
        (
            {"pyproject.toml": "[project]\nname = 'a.B-c'\n[build-system]\nrequires = ['setuptools_scm']\n"},
            [f"export SETUPTOOLS_SCM_PRETEND_VERSION_FOR_A_B_C=99.0; {_PIP} -e '.'"],
        ),
        ({"setup.py": "setup(extras_require={'test': ['x'], 'docs': []})"}, [f"{_PIP} -e '.[test]'"]),
        ({"setup.py": "", "setup.cfg": "[options.extras_require]\ntesting =\n  x\n"}, [f"{_PIP} -e '.[testing]'"]),
        ({"setup.cfg": "[metadata]\nname = a\n"}, []),
        (
            {
                "requirements.txt": "",
                "requirements-dev.txt": "",
                "requirements/test.txt": "",
                "docs/requirements.txt": "",
            },
            [f"{_PIP} -r requirements.txt -r requirements-dev.txt -r requirements/test.txt"],
        ),
        ({"test-requirements.txt": "", "test_a.py": ""}, [f"{_PIP} -r test-requirements.txt", _PYTEST]),
        ({"test_a.py": ""}, []),
        ({"pytest.ini": ""}, [_PYTEST]),
        (
            {
                "uv.lock": "",
                "pyproject.toml": "[project]\nname = 'a'\n[tool.uv.workspace]\n[dependency-groups]\ntest = []",
            },
            [f"command -v uv >/dev/null || {_PIP} uv; {_UV} --group test --all-packages"],
        ),
        ({"package.json": "{}", "package-lock.json": ""}, []),
        ({"package.json": "no json", "package-lock.json": ""}, []),
        ({"go.mod": "module a\n"}, []),
        ({"go.mod": "module a\nrequire (\n b v1\n)\n"}, ["go mod download"]),
        ({"go.mod": "require b v1\n", "vendor/modules.txt": ""}, []),
        ({"sub/go.mod": "require b v1\n"}, []),
        ({"go.work": "", "go.mod": "require b v1\n"}, ["go mod download"]),
        ({"Cargo.toml": "[package]\nname = 'a'\n"}, []),
        ({"Cargo.toml": "[dependencies]\nserde = '1'\n"}, ["cargo fetch"]),
        ({"Cargo.toml": "[target.'cfg(unix)'.dev-dependencies]\na = '1'\n"}, ["cargo fetch"]),
        ({"Cargo.toml": "[workspace]\nmembers = []\n"}, ["cargo fetch"]),
        ({"Gemfile": ""}, ["bundle config set --global path ~/.bundle/gems && bundle install --quiet"]),
        ({"composer.json": '{"require": {"php": ">=8", "ext-json": "*"}}'}, []),
        ({"composer.json": '{"require-dev": {"a/b": "1"}}'}, ["composer install --no-interaction --no-progress"]),
        ({"build.gradle": "", "gradlew": ""}, []),
        (
            {"mix.exs": "", "mix.lock": ""},
            ["mix local.hex --force --if-missing && mix local.rebar --force --if-missing && mix deps.get"],
        ),
    ],
)
def test_what_a_projects_files_ask_for(files, commands):
    assert list(find_setup(None, files).commands) == commands


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"package-lock.json": ""}, "npm ci --no-audit --no-fund --loglevel=error || npm ci --no-audit"),
        ({"npm-shrinkwrap.json": ""}, "npm ci "),
        ({}, "npm install --no-audit"),
        ({"pnpm-lock.yaml": "lockfileVersion: '6.0'\n"}, " pnpm@8; pnpm install --frozen-lockfile "),
        ({"pnpm-lock.yaml": "lockfileVersion: '9.0'\n"}, " pnpm@10; pnpm install --frozen-lockfile "),
        ({"yarn.lock": "# yarn lockfile v1\n"}, " yarn@1; yarn install --frozen-lockfile "),
        ({"yarn.lock": "# x\n\n__metadata:\n  version: 8\n"}, " @yarnpkg/cli-dist@4; yarn install --no-immutable"),
        ({"yarn.lock": "", ".yarnrc.yml": ""}, " @yarnpkg/cli-dist@4; yarn install --no-immutable"),
        ({"bun.lock": ""}, " bun@1; bun install --frozen-lockfile "),
    ],
)
def test_a_javascript_project_is_installed_by_the_program_whose_lock_file_is_there(files, words):
    [command] = find_setup(None, {"package.json": _PACKAGE, **files}).commands

    assert words in command


@pytest.mark.parametrize(
    ("asked", "files", "words"),
    [
        ("pnpm@9.1.0+sha512.0", {"pnpm-lock.yaml": "lockfileVersion: '6.0'\n"}, " pnpm@9.1.0; "),
        ("yarn@4.1.0", {"yarn.lock": "", ".yarnrc.yml": ""}, " @yarnpkg/cli-dist@4.1.0; "),
        ("yarn@4.1.0", {"pnpm-lock.yaml": ""}, " pnpm@10; "),
        ("pnpm@9; id", {"pnpm-lock.yaml": ""}, " pnpm@9; pnpm "),
        ("pnpm@latest", {"pnpm-lock.yaml": ""}, " pnpm@10; "),
    ],
)
def test_the_version_that_the_project_asks_for_comes_first(asked, files, words):
    package = json.dumps({"packageManager": asked, "devDependencies": {"a": "1"}})
    assert words in find_setup(None, {"package.json": package, **files}).commands[0]


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"poetry.lock": "", "pyproject.toml": "[tool.poetry.group.test]\noptional = true\n"}, " --with test"),
        ({"pyproject.toml": "[tool.poetry.extras]\ntests = []\n"}, "/poetry install --no-interaction --extras tests"),
        ({"Pipfile.lock": ""}, "/pipenv sync --dev"),
        ({"pom.xml": ""}, "mvn -B -q "),
        ({"pom.xml": "", "mvnw": ""}, "sh ./mvnw -B -q "),
        ({"a b.sln": "", "c.csproj": ""}, "dotnet restore && find "),
    ],
)
def test_other_tools_of_projects_are_known(files, words):
    [command] = find_setup(None, files).commands

    assert words in command


def test_a_project_of_several_languages_gets_all_of_them():
    found = find_setup(
        None, {"requirements.txt": "", "package.json": _PACKAGE, "yarn.lock": "", "go.mod": "require a v1"}
    )

    assert [each.split()[0] for each in found.commands] == ["python3", "command", "go"]
    assert found.why == "`requirements.txt`, `yarn.lock`, `go.mod`"
    assert found.files == ("go.mod", "package.json", "requirements.txt", "yarn.lock")


def test_nothing_to_install_depends_on_nothing():
    assert find_setup(None, {"pyproject.toml": "[tool.ruff]\n", "README.md": ""}) == Setup()


def test_the_policy_is_taken_at_its_word():
    files = {"package.json": _PACKAGE, "web/yarn.lock": "", "Makefile": "", "bin/prepare.sh": "", "bin/other.sh": ""}
    found = find_setup(("sh ./bin/prepare.sh",), files)

    assert found.commands == ("sh ./bin/prepare.sh",)
    assert found.why == "`setup` in `.github/quorum.yml`"
    assert found.files == ("Makefile", "bin/prepare.sh", "package.json", "web/yarn.lock")


def test_a_policy_that_forbids_it_is_obeyed():
    assert find_setup((), {"package.json": _PACKAGE}).commands == ()


def test_the_projects_own_steps_come_before_what_its_files_ask_for():
    steps = "jobs: {copilot-setup-steps: {steps: [{run: make deps}, {run: sudo make more}]}}"
    found = find_setup(None, {"package.json": _PACKAGE, "a/go.sum": "", _STEPS: steps})

    assert found.commands == ("make deps",)
    assert found.why == f"the steps of `{_STEPS}`"
    assert found.left_out == ("`sudo make more`: it needs root's rights",)
    assert found.files == (_STEPS, "a/go.sum", "package.json")


def test_where_no_step_can_be_run_the_files_tell_and_the_steps_are_named():
    steps = "jobs: {copilot-setup-steps: {steps: [{uses: acme/prepare@v1}]}}"
    found = find_setup(None, {"go.mod": "require a v1", _STEPS: steps})

    assert found.commands == ("go mod download",)
    assert found.left_out == ("`acme/prepare@v1`: an action of GitHub's runs on GitHub alone",)


def test_only_files_that_tell_something_are_read():
    paths = ["pyproject.toml", "a/pyproject.toml", "Cargo.toml", "poetry.lock", "go.mod", _STEPS, "src/main.py"]
    assert worth_reading(paths) == [_STEPS, "Cargo.toml", "go.mod", "pyproject.toml"]


_ODD = st.one_of(
    st.text(max_size=30), st.sampled_from(["test; evil", "$(evil)", "test`evil`", "-e evil", "test\nevil"])
)
_NAMED = ["pyproject.toml", "setup.cfg", "setup.py", "package.json", "composer.json", "Cargo.toml", "go.mod"]
_TEXT = st.one_of(
    st.text(max_size=60),
    _ODD.map(lambda name: f"[project.optional-dependencies]\n{name!r} = []\n[dependency-groups]\n{name!r} = []\n"),
    _ODD.map(lambda name: f"[tool.poetry.group.{name!r}]\noptional = true\n[tool.poetry.extras]\n{name!r} = []\n"),
    _ODD.map(lambda name: f"[options.extras_require]\n{name} =\n  x\n"),
    _ODD.map(lambda name: f'{{"packageManager": "pnpm@{name}", "dependencies": {{"{name}": "{name}"}}}}'),
    _ODD.map(lambda name: f"lockfileVersion: '{name}'\n"),
)


@given(
    st.dictionaries(st.sampled_from([*_NAMED, "pnpm-lock.yaml", "yarn.lock", "uv.lock", "poetry.lock"]), _TEXT), _ODD
)
def test_of_the_repositorys_text_nothing_but_plain_names_becomes_a_command(files, name):
    found = find_setup(
        None, {**files, f"{name}.csproj": "", f"requirements-{name}.txt": "", "setup.py": "", "Gemfile": ""}
    )

    assert "evil" not in " ".join(found.commands)
    for command in found.commands:
        assert re.fullmatch(r"[A-Za-z0-9 _.,:;'\"$%/~=<>|&@{}+\[\]-]+", command)


@given(st.text(max_size=200), st.text(max_size=200))
def test_no_text_is_too_odd(manifest, steps):
    files = dict.fromkeys([*_NAMED, "tox.ini", "yarn.lock", "pnpm-lock.yaml"], manifest)
    assert isinstance(find_setup(None, {**files, _STEPS: steps}), Setup)
