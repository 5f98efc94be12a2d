"""That actionlint would be found, called and read. No package holds the program itself: here a stand-in answers."""

from pathlib import Path

import pytest

from app.sandbox.analyzers.catalog import configured
from app.sandbox.analyzers.run import analyze
from app.sandbox.bubblewrap import Bubblewrap
from app.sandbox.diffs import FileDiff

PATH = ".github/workflows/ci.yml"
STAND_IN = """#!/bin/sh
# Not actionlint: it takes the options that Quorum gives, and finds fault with each line that says `ubuntu-oldest`.
# What it prints has the form of https://github.com/rhysd/actionlint/blob/main/docs/usage.md#format-error-messages.
[ "$1 $2 $3 $4 $5" = "-no-color -shellcheck= -pyflakes= -format {{json .}}" ] || { echo "options: $*" >&2; exit 2; }
shift 5
for file; do
  grep -n ubuntu-oldest -- "$file" | while IFS=: read -r line _; do
    printf '{"message": "label \\"ubuntu-oldest\\" is unknown", "filepath": "%s", "line": %s, "column": 5, ' \\
      "${file#./}" "$line"
    printf '"kind": "runner-label", "snippet": "", "end_column": 9},'
  done
done | sed 's/,$//; s/^/[/; s/$/]/' >/tmp/found
[ -s /tmp/found ] || { echo "[]"; exit 0; }
cat /tmp/found
exit 1
"""


@pytest.fixture
def beside(tmp_path: Path) -> Path:
    """A folder of packages with nothing in it but the stand-in."""
    program = tmp_path / "packages" / "bin" / "actionlint"
    program.parent.mkdir(parents=True)
    program.write_text(STAND_IN)
    for each in (tmp_path, program.parent.parent, program.parent, program):
        each.chmod(0o755)  # commands in the sandbox run as another user, who must be able to pass
    return program.parent.parent


def trees(folder: Path, before: str, now: str) -> tuple[Path, Path]:
    made = folder / "head", folder / "base"
    for tree, text in zip(made, (now, before), strict=True):
        (tree / PATH).parent.mkdir(parents=True)
        (tree / PATH).write_text(text)
    return made


async def test_what_the_change_introduced_is_told(beside: Path, tmp_path: Path):
    before = "jobs:\n  a:\n    runs-on: ubuntu-oldest\n"
    head, base = trees(tmp_path, before, f"{before}  b:\n    runs-on:  ubuntu-oldest\n")
    lines = frozenset({4, 5})
    file = FileDiff(
        PATH, PATH, added=lines, shown=frozenset({3, 4, 5}), beside_removed=frozenset(), old_mode="100644",
        new_mode="100644", binary=False, added_text=b"",
    )  # fmt: skip
    found = await analyze(Bubblewrap(packages=beside), head, base, [file], configured(["actionlint"], ()))
    assert found.missing == ()
    (alarm,) = found.alarms
    assert (alarm.tool, alarm.rule, alarm.path, alarm.line) == ("actionlint", "runner-label", PATH, 5)
    assert alarm.message == 'label "ubuntu-oldest" is unknown'
    assert alarm.quote == "runs-on: ubuntu-oldest"
