"""Finding files by their names, in the sandbox like all else: a path is only what it is there."""

import re
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from app.agents.tool import AgentTool, ToolOutput
from app.sandbox.box import Box, Limits

_MOST = 300
_LIMITS = Limits(wall_s=20, cpu_s=20, output_bytes=48_000)
_FIND = (
    'find . -name .git -prune -o ! -type d -print | sed "s|^[.]/||" | grep -E -e "$1" | LC_ALL=C sort | head -n "$2"'
)
_PARTS = re.compile(r"\*\*/|\*\*|\*|\?|.", re.DOTALL)
_MEANS = {"**/": "(.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}


class ListFiles(BaseModel):
    """List the project's files whose path matches `glob`: `*` and `?` stand for characters of a name, `**` for folders.

    A glob without a slash is looked for in every folder. At most 300 are shown.
    """

    model_config = ConfigDict(extra="forbid")
    glob: Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00\n]*$")]


def listing_tool(box: Box, worktree: Path) -> AgentTool[ListFiles]:
    async def list_files(wanted: ListFiles, _previous: str | None) -> ToolOutput:
        argv = ["sh", "-c", _FIND, "sh", pattern_of(wanted.glob), str(_MOST + 1)]
        result = await box.run(argv, worktree=worktree, limits=_LIMITS, writable=False)
        if result.ended != "exit":
            return ToolOutput(f"[ended: {result.ended}] Ask for fewer files.", is_error=True)
        names = result.output.strip("\n").split("\n") if result.output.strip("\n") else []
        if not names:
            return ToolOutput("No file matches.")
        more = [f"(more than {_MOST}; ask for fewer)"] if len(names) > _MOST else []
        return ToolOutput("\n".join([*names[:_MOST], *more]))

    return AgentTool("list_files", ListFiles, list_files)


def pattern_of(glob: str) -> str:
    """An extended regular expression for the whole path, in which only the glob's own signs mean anything."""
    path = glob.removeprefix("./").removeprefix("/")
    path = path if "/" in path else f"**/{path}"
    parts = (_MEANS.get(each) or _literal(each) for each in _PARTS.findall(path))
    return f"^{''.join(parts)}$"


def _literal(sign: str) -> str:
    """In brackets every sign is itself, but for two: https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/V1_chap09.html."""
    return sign if sign.isalnum() or sign in "/_-" else f"\\{sign}" if sign in "^\\" else f"[{sign}]"
