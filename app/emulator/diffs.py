"""What a pull request changes: its size, its files and the places in its diff where comments may stand."""

import re
from dataclasses import dataclass
from typing import Any

from app.emulator import git
from app.emulator.render import api_of, page_of
from app.emulator.state import Repository, World

Json = dict[str, Any]
_PLAIN = ("--no-color", "--no-ext-diff", "--no-textconv")
_PATCH = ("-U3", "-M")
_HUNK = re.compile(r"@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@")
_STATES = {"A": "added", "D": "removed", "M": "modified", "R": "renamed", "C": "copied", "T": "changed"}
FILES = 3_000
"""More are not listed: https://docs.github.com/en/rest/pulls/pulls#list-pull-requests-files."""


@dataclass(frozen=True)
class Place:
    """A line of a diff. `position` counts from the file's first hunk, as GitHub does; `hunk` ends with the line."""

    position: int
    hunk: str


async def size(repository: Repository, base: str, head: str) -> Json:
    """What the pull request page shows at the top."""
    numbers = [line.split("\t") for line in (await _diff(repository, base, head, "--numstat")).splitlines()]
    return {
        "commits": await git.count(repository.path, f"{base}..{head}"),
        "additions": sum(int(added) for added, _, _ in numbers if added != "-"),
        "deletions": sum(int(gone) for _, gone, _ in numbers if gone != "-"),
        "changed_files": len(numbers),
    }


async def files(world: World, repository: Repository, base: str, head: str) -> list[Json]:
    """https://docs.github.com/en/rest/pulls/pulls#list-pull-requests-files."""
    fields = iter((await _diff(repository, base, head, "--raw", "-z", "-M", "--no-abbrev")).split("\0")[:-1])
    found = []
    for state in fields:
        *_, blob, letter = state.split()
        before = next(fields)
        after = next(fields) if letter[0] in "RC" else before
        shown = {**_links(world, repository, head, after), "sha": blob, "filename": after}
        shown |= {"status": _STATES[letter[0]], **(await _text(repository, base, head, before, after))}
        found.append({**shown, **({"previous_filename": before} if after != before else {})})
        if len(found) == FILES:
            break
    return found


async def _text(repository: Repository, base: str, head: str, before: str, after: str) -> Json:
    told = await _diff(repository, base, head, *_PATCH, paths=(before, after))
    start = _HUNK.search(told)
    patch = told[start.start() :].rstrip("\n") if start else ""
    lines = [line for line in patch.split("\n") if line]
    added, gone = (sum(line.startswith(sign) for line in lines) for sign in "+-")
    numbers = {"additions": added, "deletions": gone, "changes": added + gone}
    return {**numbers, **({"patch": patch} if patch else {})}


def _links(world: World, repository: Repository, head: str, path: str) -> Json:
    page, api = page_of(world, repository), api_of(world, repository)
    links = {"blob_url": f"{page}/blob/{head}/{path}", "raw_url": f"{page}/raw/{head}/{path}"}
    return {**links, "contents_url": f"{api}/contents/{path}?ref={head}"}


async def places(repository: Repository, base: str, head: str) -> dict[tuple[str, str, int], Place]:
    """Every line inside the hunks, by path, side and number: https://docs.github.com/en/rest/pulls/comments."""
    found: dict[tuple[str, str, int], Place] = {}
    path, left, right, position, hunk = "", 0, 0, 0, ""
    inside = False
    for line in (await _diff(repository, base, head, *_PATCH)).split("\n"):
        start = _HUNK.match(line)
        if line.startswith("diff --git "):
            inside, position = False, -1
        elif start:
            inside, left, right, position, hunk = True, int(start[1]), int(start[2]), position + 1, line
        elif not inside:
            path = _named(line[4:], path) if line.startswith(("+++ ", "--- ")) else path
        elif line.startswith(("+", "-", " ")):
            position, hunk = position + 1, f"{hunk}\n{line}"
            if line[0] != "+":
                found[path, "LEFT", left] = Place(position, hunk)
                left += 1
            if line[0] != "-":
                found[path, "RIGHT", right] = Place(position, hunk)
                right += 1
    return found


def _named(told: str, before: str) -> str:
    """A path as git writes it: ended by a tab if it holds spaces, quoted if it holds stranger things.

    https://git-scm.com/docs/diff-format#generate_patch_text_with_p
    """
    if told == "/dev/null":
        return before
    if told.startswith('"'):
        raw = told[1:-1].encode("utf-8", "surrogateescape").decode("unicode_escape").encode("latin-1")
        return raw[2:].decode("utf-8", "surrogateescape")
    return told.removesuffix("\t")[2:]


async def _diff(repository: Repository, base: str, head: str, *options: str, paths: tuple[str, ...] = ()) -> str:
    return await git.run_git(repository.path, "diff", *_PLAIN, *options, f"{base}...{head}", "--", *paths)
