"""Which changed files are set aside: generated, vendored and lock files, and what the policy adds.

The globs are those of gitignore (https://git-scm.com/docs/gitignore#_pattern_format) without backslashes; the last
one that matches decides, and `!` takes a file back. Case counts.
"""

import re
from collections.abc import Container, Iterable, Sequence

from app.policy.globs import matches
from app.policy.kinds import Kind, kinds_of
from app.policy.testfiles import is_named_as_test

MAX_GLOB_CHARS = 200

BUILT_IN: dict[str, tuple[str, ...]] = {
    "lock file": (
        "Cargo.lock", "Gemfile.lock", "Pipfile.lock", "bun.lock", "composer.lock", "flake.lock", "go.sum", "mix.lock",
        "npm-shrinkwrap.json", "package-lock.json", "packages.lock.json", "pdm.lock", "pnpm-lock.yaml", "poetry.lock",
        "pubspec.lock", "uv.lock", "yarn.lock",
    ),
    "vendored": ("node_modules/", "/vendor/", "third_party/", "bower_components/", ".yarn/releases/"),
    "generated": (
        "*.min.js", "*.min.css", "*.js.map", "*.css.map", "*_pb2.py", "*_pb2_grpc.py", "*_pb2.pyi", "*.pb.go",
        "*.pb.cc", "*.pb.h", "*.snap", "__snapshots__/",
    ),
}  # fmt: skip

_NEVER_RUN = frozenset[Kind]({"docs", "tests"})
_DATA = (".map", ".snap", ".css")
_EVALUATED = re.compile(r"\.[^./]+\.snap\Z")

_EVERYTHING = ("a", "Makefile", "src/app/main.py", ".github/workflows/ci.yml", "z9/y_/x-w.0")


def why_set_aside(path: str, globs: Iterable[str] = (), *, was: str | None = None) -> str | None:
    """`lock file`, `vendored`, `generated` or `policy`; None if the file is to be reviewed.

    A renamed file is set aside only if its old name `was` is as well: a rename hides nothing.
    """
    reason = _why(path, tuple(globs))
    if reason is None or was is None:
        return reason
    return reason if _why(was, tuple(globs)) is not None else None


def is_taken_back(path: str, globs: Iterable[str]) -> bool:
    """Whether the policy says that a file is to be read: the last of its globs that matches begins with `!`."""
    last = next((glob for glob in reversed(tuple(globs)) if matches(glob.removeprefix("!"), path)), "")
    return last.startswith("!")


def hides_nothing(path: str, reason: str, base: Container[str], base_folders: Container[str]) -> bool:
    """Whether a changed file may be set aside for this reason: names are cheap, and new code could choose one.

    `base` are the files before the change, `base_folders` their folders. Lock files and what the policy names always
    may; what is vendored only where its folder was there before, what is generated only if the file itself was.
    """
    if reason == "vendored":
        return path in base or path.rpartition("/")[0] in base_folders
    return reason != "generated" or path in base


def can_run(path: str) -> bool:
    """Whether a file that was set aside is code or settings: documents, tests' data and maps of sources run nowhere.

    What a test runner finds by its name is run. So is a snapshot of Jest or Vitest, `a.test.js.snap`, as they build a
    function of its text: https://github.com/jestjs/jest/blob/main/packages/jest-snapshot-utils/src/utils.ts. Those of
    others are data; they have no other ending before that one.
    """
    if is_named_as_test(path) or _EVALUATED.search(path):
        return True
    return not (kinds_of(path) <= _NEVER_RUN or path.endswith(_DATA))


def glob_problem(glob: str) -> str | None:
    """What is wrong with a glob, as the rest of a sentence that starts with its text; None if nothing is."""
    pattern = glob.removeprefix("!")
    if not pattern.strip("/ ") or len(glob) > MAX_GLOB_CHARS:
        return f"is empty or longer than {MAX_GLOB_CHARS} characters"
    if "\\" in pattern or not pattern.isprintable():
        return "has a backslash or an unprintable character; paths in git use `/`"
    if {".", ".."} & set(pattern.split("/")):
        return "has a `.` or `..` step, which matches nothing; write the path from the repository's root"
    if pattern != pattern.strip() or pattern.startswith("#"):
        return "starts or ends with a space or starts with `#`, which matches nothing"
    if not glob.startswith("!") and all(matches(pattern, path) for path in _EVERYTHING):
        return "matches every file, so nothing would be reviewed"
    return None


def _why(path: str, globs: Sequence[str]) -> str | None:
    """A lock file is a file: what lies in a folder of that name was not written by the tool."""
    reason = next(
        (
            kind
            for kind, known in BUILT_IN.items()
            if any(matches(glob, path, inside=kind != "lock file") for glob in known)
        ),
        None,
    )
    for glob in globs:
        if matches(glob.removeprefix("!"), path):
            reason = None if glob.startswith("!") else "policy"
    return reason
