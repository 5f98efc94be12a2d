"""Tools on the files of a work tree. Each runs inside the sandbox, reading too: a path is only what it is there."""

import re
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from app.agents.cut import both_ends
from app.agents.tool import AgentTool, ToolOutput
from app.agents.tools.listing import listing_tool
from app.policy.reads import Reads, why_not
from app.sandbox.box import Box, Limits, Result
from app.sandbox.prepared_box import without_prepared

_QUICK = Limits(wall_s=20, cpu_s=20, output_bytes=24_000)
_READ_BYTES = 22_000
_BASH_OUTPUT = 16_000
_MOST_FOUND = 50
_HELD_BYTES = 256 * 1024
"""More than is shown: lines that name failing tests are looked for in what is left out."""
SHORT_S = 600
"""A command that may take longer is left to a process of its own, where there is one for it."""
Last = Callable[[Sequence[str], Limits], Awaitable[Result]]
"""Runs a command that is picked up again when the worker dies meanwhile."""
_ADVICE = {
    "timeout": "It did not end in time. Run less of it, or give it a larger `timeout_s`, at most 3600.",
    "output": "It printed without end. Have it print less, or send what it prints through `grep`.",
    "memory": "It took more memory than there is for it. Run less at once.",
    "disk": "It wrote more than there is room for. Take away what it left, and write less.",
}
_HOLDS_BACK = re.compile(r"\|\s*(tail|head|sort|grep|wc|awk|sed|uniq|cut)\b[^|;&\n]*$")
_NOT_FLUSHED = (
    "Nothing came through `{}` before it was ended, which does not mean that nothing was printed: what the command "
    "had printed until then is lost in the pipe. Run it without, or let it write to a file and read that afterwards."
)
_Argument = Annotated[str, Field(pattern=r"^[^\x00]*$")]
"""No program can be handed a NUL in an argument; starting one with it is an error of ours, not of the agent."""
RelativePath = Annotated[str, Field(min_length=1, max_length=1024, pattern=r"^[^/\x00][^\x00]*$")]


class Bash(BaseModel):
    """Run a command with `sh -c` in the project's root, in a fresh process without network.

    Nothing is kept between calls but the files: change directory and set variables in the same command. Of output
    beyond 16,000 characters the middle is left out, but for lines that name a failing test, so there is no need for
    `tail`, which prints nothing before the end. What takes longer than `timeout_s` is ended.
    """

    model_config = ConfigDict(extra="forbid")
    command: _Argument = Field(min_length=1, max_length=20_000)
    timeout_s: int = Field(default=120, ge=1, le=3600)


class ReadFile(BaseModel):
    """Read a text file with line numbers, from `start` to `end`; without `end`, 400 lines.

    At most 22,000 bytes at once. Above them stands how many lines the file has. Paths begin at the project's root.
    """

    model_config = ConfigDict(extra="forbid")
    path: RelativePath
    start: int = Field(default=1, ge=1)
    end: int | None = Field(default=None, ge=1)


class Search(BaseModel):
    """Search the project's text files, all or below `path`, by lines: an extended regular expression (`grep -E`).

    At most 50 lines of a file are shown.
    """

    model_config = ConfigDict(extra="forbid")
    pattern: _Argument = Field(min_length=1, max_length=500)
    path: RelativePath = "."


class Edit(BaseModel):
    """Replace `old` by `new` in a file. `old` must occur exactly once, to the space: include lines around it if needed.

    An empty `old` adds `new` at the end of the file, which is made if it is not there.
    """

    model_config = ConfigDict(extra="forbid")
    path: RelativePath
    old: str = Field(max_length=100_000)
    new: str = Field(max_length=100_000)


def reading_tools(box: Box, worktree: Path) -> list[AgentTool[Any]]:
    """What a reviewer has: the tree is mounted read-only, and by the system's own programs it is read."""
    box = without_prepared(box)

    async def read(wanted: ReadFile, _previous: str | None) -> ToolOutput:
        argv = ["env", "LC_ALL=C", "awk", *_asked_of(wanted), _READ, f"./{wanted.path}"]
        return _numbered(wanted, await box.run(argv, worktree=worktree, limits=_QUICK, writable=False))

    async def search(wanted: Search, _previous: str | None) -> ToolOutput:
        place = "." if wanted.path == "." else f"./{wanted.path}"
        argv = ["grep", "-rnHIE", "--exclude-dir=.git", "-m", str(_MOST_FOUND), "-e", wanted.pattern, "--", place]
        result = await box.run(argv, worktree=worktree, limits=_QUICK, writable=False)
        if result.exit_code == 1 and result.ended == "exit":
            return ToolOutput("Nothing was found.")
        # An expression would take longer for this than the search.
        return told(replace(result, output=_found(result.output.removeprefix("./").replace("\n./", "\n"))))

    return [AgentTool("read_file", ReadFile, read), AgentTool("search", Search, search), listing_tool(box, worktree)]


def reading_tools_within(box: Box, worktree: Path, reads: Reads, changed: frozenset[str]) -> list[AgentTool[Any]]:
    """The same tools to a model, which refuse what a perspective may not read. `changed`: the change's files."""

    def guarded(tool: AgentTool[Any]) -> AgentTool[Any]:
        return tool.unless(lambda wanted: why_not(reads, tool.spec.name, str(getattr(wanted, "path", "")), changed))

    return [guarded(tool) for tool in reading_tools(box, worktree)]


def bash_tool(
    box: Box, worktree: Path, *, writable: bool, last: Last | None = None, variables: Mapping[str, str] | None = None
) -> AgentTool[Bash]:
    """`last` runs what may take longer than ten minutes; without it, nothing may. `variables` are set for each command.

    They are set by `env`, as what runs long commands hands on arguments alone.
    """
    setting = ["env", *(f"{name}={value}" for name, value in variables.items())] if variables else []

    async def bash(wanted: Bash, _previous: str | None) -> ToolOutput:
        seconds = wanted.timeout_s if last is not None else min(wanted.timeout_s, SHORT_S)
        limits = Limits(wall_s=seconds, cpu_s=seconds, output_bytes=_HELD_BYTES)
        argv = [*setting, "sh", "-c", wanted.command]
        if last is not None and seconds > SHORT_S:
            return _told_of(wanted.command, await last(argv, limits))
        return _told_of(wanted.command, await box.run(argv, worktree=worktree, limits=limits, writable=writable))

    return AgentTool("bash", Bash, bash)


def edit_tool(box: Box, worktree: Path) -> AgentTool[Edit]:
    box = without_prepared(box)

    async def edit(wanted: Edit, _previous: str | None) -> ToolOutput:
        path, old, new = (text.encode() for text in (wanted.path, wanted.old, wanted.new))
        # Without what is installed, and without a module of any size: to load them takes longer than the edit.
        argv = ["python3", "-I", "-S", "-c", _EDIT, str(len(path)), str(len(old))]
        result = await box.run(argv, worktree=worktree, limits=_QUICK, stdin=path + old + new)
        return ToolOutput(told(result).text, is_error=not result.ok)

    return AgentTool("edit", Edit, edit)


_EDIT = """
import os, sys
told = sys.stdin.buffer.read()
first, second = int(sys.argv[1]), int(sys.argv[1]) + int(sys.argv[2])
path, old, new = (part.decode() for part in (told[:first], told[first:second], told[second:]))
if not old:
    made = not os.path.lexists(path)
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    open(path, "a", encoding="utf-8", newline="").write(new)
    sys.exit(print(f"Created {path}." if made else f"Added to the end of {path}."))
if not os.path.isfile(path):
    sys.exit(f"There is no file {path}.")
text = open(path, encoding="utf-8", newline="").read()
count = text.count(old)
if count != 1:
    advice = "Read the file again and copy the text exactly." if not count else "Include more of the lines around it."
    sys.exit(f"The text to replace occurs {count} times in {path}, not once. {advice}")
open(path, "w", encoding="utf-8", newline="").write(text.replace(old, new))
print(f"Edited {path}.")
"""


def _found(output: str) -> str:
    """With the files named of which `grep` shows no more, as nothing else says so."""
    counts = Counter(line.partition(":")[0] for line in output.splitlines())
    full = [path for path, count in counts.items() if count >= _MOST_FOUND]
    more = f"(there may be more in {', '.join(full)}: {_MOST_FOUND} lines of a file are shown)"
    return "\n".join([output.rstrip("\n"), more]) if full else output


_READ = """
NR >= start && NR <= end && !full {
    size += length($0) + 9
    if (last && size > most) full = 1
    else { printf "%6d  %s\\n", NR, $0; last = NR }
}
END { print last + 0, NR }
"""
"""The last line says up to which line was printed, and how many there are."""


def _asked_of(wanted: ReadFile) -> list[str]:
    values = {"start": wanted.start, "end": wanted.end or wanted.start + 399, "most": _READ_BYTES}
    return [part for name, value in values.items() for part in ("-v", f"{name}={value}")]


def _numbered(wanted: ReadFile, result: Result) -> ToolOutput:
    """Under a line that says which file it is, and how much of it."""
    text, _, end = result.output.rstrip("\n").rpartition("\n")
    counted = re.fullmatch(r"(\d+) (\d+)", end)
    if not result.ok or counted is None:
        return told(result)
    last, lines = int(counted[1]), int(counted[2])
    if not last:
        return ToolOutput(f"{wanted.path} ends before line {wanted.start}: its last one is {lines}.")
    cut = "more than 22,000 bytes; " if last < min(lines, wanted.end or wanted.start + 399) else ""
    more = f"\n({cut}it goes on to line {lines}: `start` {last + 1})" if last < lines else ""
    return ToolOutput(f"{wanted.path}, lines {wanted.start} to {last} of {lines}\n{text}{more}")


def _told_of(command: str, result: Result) -> ToolOutput:
    """Of a command that was ended before anything came through its pipe it is said why there is nothing."""
    output = told(replace(result, output=both_ends(result.output, _BASH_OUTPUT)))
    held_back = result.ended != "exit" and not result.output.strip() and _HOLDS_BACK.search(command)
    return replace(output, text=f"{output.text}\n{_NOT_FLUSHED.format(held_back[1])}") if held_back else output


def told(result: Result) -> ToolOutput:
    """A result as the agent reads it: the output, then how it ended if that was not well, and what may help."""
    text = result.output.strip("\n") or "(no output)"
    if result.ended != "exit":
        how = f"[ended: {result.ended} after {result.seconds:.0f} s]"
        return ToolOutput("\n".join(filter(None, [text, how, _ADVICE.get(result.ended, "")])), is_error=True)
    return ToolOutput(text if result.exit_code == 0 else f"{text}\n[exit code {result.exit_code}]")
