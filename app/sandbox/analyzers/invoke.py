"""One run of one analyzer over one work tree, in the sandbox."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath

from app.sandbox.analyzers.alarm import Alarm, one_line
from app.sandbox.analyzers.catalog import Analyzer
from app.sandbox.analyzers.texts import lines_of
from app.sandbox.box import Box, Limits, Result
from app.sandbox.errors import ReportError
from app.sandbox.prepared_box import without_prepared

_BYTES = 4 * 1024**2
_LIMITS = Limits(wall_s=90, cpu_s=180, output_bytes=_BYTES)
_OWN_LIMITS = Limits(wall_s=600, cpu_s=1200, output_bytes=_BYTES)
_AT_ONCE = 200
"""Files a run: names are up to 4,096 bytes long, and a command line holds 2 MiB of them (execve(2))."""
_NOT_FOUND = 127
_ABSENT = "it is not there; install Quorum with its analyzers: `pip install 'quorum[analyzers]'`"
# What it prints is kept apart from what it complains of. A report that the change brought along is none of this tool's.
_SCRIPT = """
report=$1 worst=$2; shift 2
[ -z "$report" ] || rm -rf -- "$report"
"$@" >/tmp/said 2>/tmp/complaints </dev/null
code=$?
: "${report:=/tmp/said}"
if [ "$code" -le "$worst" ] && { [ -s "$report" ] || [ "$code" -eq 0 ]; }; then cat -- "$report"
else tail -c 2000 /tmp/complaints; fi
exit "$code"
"""


async def alarms_of(box: Box, analyzer: Analyzer, tree: Path, paths: Sequence[str]) -> list[Alarm]:
    """What it says of these files, each of which is in the tree. Raises `ReportError`, and what the box raises."""
    found: list[Alarm] = []
    if analyzer.only_configured and not _has_config(analyzer, tree, paths):
        return found
    for start in range(0, len(paths), _AT_ONCE):
        batch = paths[start : start + _AT_ONCE]
        found += await _run(box, analyzer, tree, batch)
    return found


async def _run(box: Box, analyzer: Analyzer, tree: Path, paths: Sequence[str]) -> list[Alarm]:
    argv = [*analyzer.argv, *(() if _has_config(analyzer, tree, paths) else analyzer.unconfigured)]
    # A name that begins with a dash is a name all the same.
    names = [f"./{path}" for path in paths]
    # Only what is the project's own needs what was installed for it; others would be told what to say by that.
    of_project = analyzer.own or analyzer.only_configured
    result = await (box if of_project else without_prepared(box)).run(
        ["sh", "-c", _SCRIPT, "sh", analyzer.report, str(analyzer.worst), *argv, *names],
        worktree=tree,
        limits=_OWN_LIMITS if analyzer.own else _LIMITS,
        env=analyzer.env,
        writable=analyzer.own,
    )
    _require_end(analyzer, result)
    try:
        read = analyzer.read(analyzer.name, result.output)
    except ReportError as error:
        raise ReportError(f"{error}{_how(result)}") from error
    asked = frozenset(paths)
    return [replace(alarm, tool=analyzer.name) for alarm in read if alarm.path in asked]


def _require_end(analyzer: Analyzer, result: Result) -> None:
    if result.ended != "exit":
        raise ReportError(f"it was ended ({result.ended} after {result.seconds:.0f} s)")
    if result.exit_code == _NOT_FOUND and not analyzer.own:
        raise ReportError(analyzer.absent or _ABSENT)
    if result.exit_code > analyzer.worst:
        raise ReportError(f"it failed{_how(result)}")
    if result.omitted_bytes:
        raise ReportError(f"it printed more than {_BYTES} bytes")


def _how(result: Result) -> str:
    """The exit code, and the last line of what it said."""
    last = next((line for line in reversed(result.output.split("\n")) if line.strip()), "")
    return f" (exit code {result.exit_code}{': ' if last else ''}{one_line(last, 200)})"


def _has_config(analyzer: Analyzer, tree: Path, paths: Sequence[str]) -> bool:
    folders = {str(folder) for path in paths for folder in PurePosixPath(path).parents}
    return any(
        any(word in line for line in lines_of(tree, str(PurePosixPath(folder, name))))
        for folder in sorted(folders)
        for name, word in analyzer.configs
    )
