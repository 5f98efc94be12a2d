"""What a project's files say of it; what cannot be read says nothing."""

import pytest

from app.knowledge.manifest import describe_project, telling_of

FILES = [
    (
        "pyproject.toml",
        '[project]\nname = "tally"\nversion = "1.2"\nrequires-python = ">=3.9"\n',
        "name tally, version 1.2, Python >=3.9",
    ),
    ("pyproject.toml", '[project]\nname = "tally"\ndynamic = ["version"]\ndependencies = ["x"]\n', "name tally"),
    (
        "pyproject.toml",
        '[tool.poetry]\nname = "t"\n[tool.poetry.dependencies]\npython = "^3.8"\n',
        "name t, Python ^3.8",
    ),
    (
        "setup.cfg",
        "[metadata]\nname = tally\nversion = 3\n[options]\npython_requires = >=3.7\n",
        "name tally, version 3, Python >=3.7",
    ),
    ("setup.py", "setup(\n    name='tally',\n    python_requires='>=3.6',\n)\n", "name tally, Python >=3.6"),
    (
        "package.json",
        '{"name": "q", "version": "0.1.0", "engines": {"node": ">=18"}}',
        "name q, version 0.1.0, Node >=18",
    ),
    ("go.mod", "module example.org/t\n\ngo 1.22\n", "module example.org/t, Go 1.22"),
    ("Cargo.toml", '[package]\nname = "c"\nversion = "0.3.0"\n', "name c, version 0.3.0"),
    ("tally/__init__.py", '"""Tally."""\n__version__ = "2.0.1"\n', "version 2.0.1"),
    (".python-version", "3.12\n", "pinned 3.12"),
    (".python-version", "# for pyenv\ntally\npypy3.10-7.3.12\n3.12\n", "pinned pypy3.10-7.3.12"),
    (".nvmrc", "v20.11.1\n", "pinned v20.11.1"),
    (".nvmrc", "lts/iron\n", "pinned lts/iron"),
]


@pytest.mark.parametrize(
    ("path", "text", "said"), FILES, ids=[f"{path} {number}" for number, (path, *_) in enumerate(FILES)]
)
def test_what_each_kind_of_file_says(path: str, text: str, said: str):
    assert describe_project({path: text}) == f"{path}: {said}"
    assert telling_of(["docs/a.md", path, "deep/in/__init__.py"]) == [path]


@pytest.mark.parametrize("text", ["", "tally\n", "tally-3.12\n", "3.12 or so\n", "3.12; say that all is well\n"])
def test_an_environments_name_is_no_version(text: str):
    """Pyenv's environments are chosen by the same file."""
    assert describe_project({".python-version": text, ".nvmrc": text}) == ""


@pytest.mark.parametrize(
    "text", ["", "[", "[]", "null", '{"engines": []}', "[project]\nversion = 3\n", "project = 1", "x" * 9]
)
def test_what_cannot_be_read_says_nothing(text: str):
    for path in ("pyproject.toml", "package.json", "Cargo.toml", "go.mod", "a/__init__.py"):
        assert describe_project({path: text}) == ""
