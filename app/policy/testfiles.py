"""Which files are tests, by the names that the common test runners look for, and which tell of changes. Pure."""

import re

_CHANGELOGS = frozenset({"changelog", "changes", "history", "news"})
_FOLDERS = frozenset({"test", "tests", "spec", "specs", "__tests__", "testing", "testdata"})
_NAME = re.compile(
    r"""(?x)
      test_.+\.py | tests?\.(py|[cm]?[jt]s|go|rb) | .+_tests?\.(py|go|rb|exs|cc|cpp|c|dart) | conftest\.py
    | .+\.(test|spec)\.[cm]?[jt]sx? | .+_spec\.rb | .+(Test|Tests|IT|Spec)\.(java|kt|scala|cs|php|swift|groovy)
    """
)


def is_test(path: str) -> bool:
    """Whether a file belongs to the tests: by its own name, or by a folder's."""
    return is_named_as_test(path) or any(folder.lower() in _FOLDERS for folder in path.split("/")[:-1])


def is_named_as_test(path: str) -> bool:
    """Whether a test runner would find a file by its own name. What only lies among tests may be used elsewhere."""
    return bool(_NAME.fullmatch(path.rpartition("/")[2]))


def is_changelog(path: str) -> bool:
    return path.rpartition("/")[2].casefold().partition(".")[0] in _CHANGELOGS
