"""How a Python project's tests may be run. https://docs.pytest.org/en/stable/reference/customize.html"""

import re
from collections.abc import Iterable, Iterator, Mapping

from app.knowledge.suites.candidate import NEEDS_MORE, Candidate

_PYTHON = "Python"
_MODULES = frozenset({"tests.py", "test.py"})
"""At the root, and nowhere else, one of these is a project's tests."""
_CONFIGURED = (
    ("pytest.ini", ""),
    ("pytest.toml", ""),
    (".pytest.ini", ""),
    ("conftest.py", ""),
    ("tests/conftest.py", ""),
    ("test/conftest.py", ""),
    ("pyproject.toml", "[tool.pytest"),
    ("setup.cfg", "[tool:pytest]"),
    ("tox.ini", "[pytest]"),
)
_TEST = re.compile(r"(?:.*/)?(?:test_[^/]+|[^/]+_test)\.py")
_UNITTEST = re.compile(r"^\s*(?:import|from) unittest\b", re.MULTILINE)
_PYTEST = re.compile(r"^\s*(?:import|from) pytest\b", re.MULTILINE)
_PACKAGE_IN_SRC = re.compile(r"src/[^/]+/__init__\.py|src/[^/]+\.py")


def of_python(files: Mapping[str, str]) -> Iterator[Candidate]:
    """For tests that pytest would find: pytest, then unittest; with `src` on the path if code lies there.

    Where the text of every test is there and speaks of unittest alone, unittest comes first: there may be no pytest.
    """
    before = "PYTHONPATH=src " if any(_PACKAGE_IN_SRC.fullmatch(path) for path in files) else ""
    tests = python_tests(files)
    mark = configures_pytest(files)
    found = f"there are tests such as `{tests[0]}`" if tests else ""
    if mark or found:
        why = f"`{mark}` configures pytest" if mark else found
        both = [Candidate(f"{before}python3 -m pytest -q", why, _PYTHON, "pytest")]
        if found:
            discover = f"{before}python3 -m unittest discover{_start(files, tests[0])}"
            both.append(Candidate(discover, found, _PYTHON, "unittest"))
        yield from reversed(both) if not mark and all(_is_unittest(files[each]) for each in tests) else both
    for module in sorted(_MODULES & files.keys()):
        why, name = f"there is `{module}`", module.removesuffix(".py")
        yield Candidate(f"python3 -m pytest -q {module}", why, _PYTHON, "pytest")
        yield Candidate(f"python3 -m unittest {name}", why, _PYTHON, "unittest")
    if "manage.py" in files and "django" in files["manage.py"]:
        yield Candidate("python3 manage.py test", "there is a Django project's `manage.py`", _PYTHON, "manage.py")
    if "tox.ini" in files or "[tool.tox" in files.get("pyproject.toml", ""):
        yield Candidate("tox", "tox is configured", _PYTHON, "tox", NEEDS_MORE)
    if "noxfile.py" in files:
        yield Candidate("nox", "there is `noxfile.py`", _PYTHON, "nox", NEEDS_MORE)


def configures_pytest(files: Mapping[str, str]) -> str | None:
    """The file that does, by its name or by what stands in it."""
    return next((name for name, words in _CONFIGURED if name in files and words in files[name]), None)


def python_tests(paths: Iterable[str]) -> list[str]:
    """Those that are tests by their names."""
    return sorted(path for path in paths if _TEST.fullmatch(path))


def _is_unittest(text: str) -> bool:
    return bool(_UNITTEST.search(text)) and not _PYTEST.search(text)


def _start(files: Mapping[str, str], example: str) -> str:
    """A folder that is no package is not gone into, so that it is where unittest has to start."""
    folder = example.partition("/")[0] if "/" in example else ""
    if folder in {"tests", "test"} and f"{folder}/__init__.py" not in files:
        return f" -s {folder}"
    return ""
