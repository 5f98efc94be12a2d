"""git on the emulator's own bare repositories."""

import asyncio
from pathlib import Path

_ENVIRONMENT = {
    "PATH": "/usr/local/bin:/usr/bin:/bin",
    "LC_ALL": "C.UTF-8",
    "HOME": "/nonexistent",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": "/dev/null",
    "GIT_AUTHOR_NAME": "GitHub",
    "GIT_AUTHOR_EMAIL": "noreply@github.com",
    "GIT_COMMITTER_NAME": "GitHub",
    "GIT_COMMITTER_EMAIL": "noreply@github.com",
}


class GitFailedError(Exception):
    """git ended with a failure; `code` is its exit status."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code


async def run_git(repository: Path, *args: str, stdin: bytes = b"") -> str:
    """Raises `GitFailedError`."""
    process = await asyncio.create_subprocess_exec(
        "git",
        *args,
        cwd=repository,
        env={**_ENVIRONMENT, "GIT_DIR": str(repository)},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate(stdin)
    if process.returncode:
        raise GitFailedError(process.returncode, err.decode(errors="replace"))
    return out.decode(errors="surrogateescape")


async def rev(repository: Path, ref: str) -> str | None:
    try:
        return (await run_git(repository, "rev-parse", "--verify", "--quiet", f"{ref}^{{commit}}")).strip()
    except GitFailedError:
        return None


async def refs(repository: Path) -> dict[str, str]:
    told = await run_git(repository, "for-each-ref", "--format=%(refname) %(objectname)", "refs/heads/")
    return dict(line.split(" ", 1) for line in told.splitlines())


async def create(path: Path) -> None:
    await asyncio.to_thread(path.mkdir, parents=True)
    await run_git(path, "init", "--quiet", "--bare", "--initial-branch=main")
    await run_git(path, "config", "http.receivepack", "true")


async def merge_tree(repository: Path, base: str, head: str) -> str | None:
    """The tree of a clean merge; None when there are conflicts."""
    try:
        return (await run_git(repository, "merge-tree", "--write-tree", base, head)).split("\n", 1)[0].strip()
    except GitFailedError as error:
        if error.code == 1:
            return None
        raise


async def added_lines(repository: Path, base: str, head: str) -> dict[str, set[int]]:
    """New-side lines inside the hunks of base...head, by path: where review comments may stand."""
    told = await run_git(repository, "diff", "--no-color", "--no-ext-diff", "-U3", f"{base}...{head}")
    lines: dict[str, set[int]] = {}
    path, position = "", 0
    for line in told.split("\n"):
        if line.startswith("+++ "):
            path = line[6:]
        elif line.startswith("@@ "):
            position = int(line.split("+", 1)[1].split(" ", 1)[0].split(",")[0])
        elif path and line.startswith(("+", " ")):
            lines.setdefault(path, set()).add(position)
            position += 1
    return lines
