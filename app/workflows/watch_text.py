"""What the issue says that a failing check of the default branch becomes. Nobody is called by name."""

from collections.abc import Sequence

from app.forge.clean import clean_plain
from app.forge.visible import only_visible
from app.policy.render import code
from app.policy.values import Sha
from app.policy.watching import Red
from app.workflows.texts import fence, one_line

_TITLE = 120
_PRINTED = 3_000


def render_red_title(branch: str, names: Sequence[str]) -> str:
    more = f" and {len(names) - 1} more" if len(names) > 1 else ""
    return one_line(clean_plain(f"{names[0]}{more} fails on {branch}"), _TITLE)


def render_red(branch: str, red: Sequence[Red], commits: Sequence[tuple[Sha, str]], printed: str, page: str) -> str:
    """Which checks, since when, among which commits the cause is, and the end of what the first one printed.

    `page`: the repository's address.
    """
    lines = [f"Checks fail on {code(branch)}:", "", *(_line(each) for each in red)]
    first = red[0]
    if first.green:
        place = f"{page}/compare/{first.green[:12]}...{first.red[:12]}"
        lines += ["", f"The cause of the first is among these commits ({place}):", ""]
    else:
        lines += ["", "No earlier commit was found at which the first passed. It fails at:", ""]
    lines += [f"- {sha[:12]} {code(subject)}" for sha, subject in commits]
    if printed.strip():
        shown = fence(only_visible(printed[-_PRINTED:]))
        lines += ["", f"{code(first.check.name)} printed at its end:", "", shown]
    return "\n".join([*lines, "", "This issue is closed when these checks pass again."])


def _line(red: Red) -> str:
    green = f"last passed at {red.green[:12]}, " if red.green else ""
    since = f"since {red.red[:12]}" if red.red != red.newest else f"at {red.red[:12]}"
    return f"- {code(red.check.name)}: {green}fails {since}"


def render_green(branch: str, names: Sequence[str]) -> str:
    return f"{', '.join(code(name) for name in names)} passed again on {code(branch)}."
