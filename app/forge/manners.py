"""How a project commits and what it asks of a pull request, as the mirror has it at one commit."""

import re
from pathlib import Path

from app.forge.git import list_files, show
from app.gitcmd import git_at_most

_MESSAGES_BYTES = 1024**2
_TEMPLATE_CHARS = 20_000
_TEMPLATE = re.compile(
    r"(?P<folder>\.github/|docs/|)pull_request_template(?:(?P<ending>\.md|\.txt|)|/[^/]+\.(?:md|txt))", re.IGNORECASE
)
_ORDER = (".github/", "", "docs/")
"""In which GitHub looks for files of this sort:
https://docs.github.com/en/communities/setting-up-your-project-for-healthy-contributions/creating-a-default-community-health-file
"""


async def newest_messages(mirror: Path, sha: str, most: int = 50) -> list[str]:
    """Messages of the newest commits up to `sha`, newest first, merges left out. Raises `GitError`."""
    command = ("log", "--no-merges", f"-n{most}", "--format=%B%x00", "--end-of-options", sha)
    told, _ = await git_at_most(_MESSAGES_BYTES, *command, git_dir=mirror)
    return [message.decode("utf-8", "replace").strip("\n") for message in told.split(b"\0") if message.strip()]


async def read_template(mirror: Path, sha: str) -> str:
    """The pull request template at a commit; empty without one."""
    chosen = choose_template(await list_files(mirror, sha))
    found = None if chosen is None else await show(mirror, sha, chosen)
    return "" if found is None else found.decode("utf-8", "replace").replace("\r\n", "\n")[:_TEMPLATE_CHARS]


def choose_template(paths: list[str]) -> str | None:
    """The one that GitHub takes by itself; of a folder with several none, unless it is the only one there.

    https://docs.github.com/en/communities/using-templates-to-encourage-useful-issues-and-pull-requests/creating-a-pull-request-template-for-your-repository
    """
    found = [each for path in paths if (each := _TEMPLATE.fullmatch(path))]
    single = [each for each in found if each["ending"] is not None]
    if single:
        return min(single, key=lambda each: _ORDER.index(each["folder"].lower()))[0]
    return found[0][0] if len(found) == 1 else None
