"""Wording a commit as the project does: what the writer is told of it, and what code puts right by itself. Pure."""

import re
from collections.abc import Sequence

from app.policy.commit_style import Style, is_in_form, rest_of
from app.policy.kinds import all_kinds

_ASKED = {
    "plain": "one sentence that says what the commit does",
    "conventional": "`type(area): what it does` (https://www.conventionalcommits.org)",
    "bracket": "`[area] what it does`",
    "area": "`area: what it does`",
    "gitmoji": "an emoji for the kind of change, then what it does",
}
_EMOJI = {"fix": "bug", "feat": "sparkles", "docs": "memo", "test": "white_check_mark"}
_SIGNS = {"fix": "\U0001f41b", "feat": "\u2728", "docs": "\U0001f4dd", "test": "\u2705"}
_FIXES = re.compile(r"^(?:fix|correct|repair|mend|avoid|prevent|handle|stop|keep|do not|don't)\w*\b", re.IGNORECASE)
_FAULT_LABELS = frozenset({"bug", "kind/bug", "type: bug", "defect", "regression"})


def describe_style(style: Style) -> str:
    """For the writer, in a sentence; `style.samples` show the rest."""
    cases = {True: "begins with a capital letter", False: "begins with a small letter", None: ""}
    stops = {True: "ends with a full stop", False: "ends without a full stop", None: ""}
    asked = [_ASKED[style.form], f"has at most {style.limit} characters", cases[style.upper], stops[style.full_stop]]
    *first, last = [each for each in asked if each]
    return f"A commit's first line here is {', '.join(first)} and {last}."


def word_subject(style: Style, title: str, paths: Sequence[str], labels: Sequence[str] = ()) -> str:
    """`title` as the project would word it. What stands in it stays, so that it may be a little too long yet.

    Where the form is missing, the kind of change is told by its files and the issue's labels; an area only where one
    that the project uses is a part of all paths.
    """
    rest = _case(style, rest_of(style.form, title.strip()))
    if is_in_form(style, title.strip()):
        before = title.strip()[: len(title.strip()) - len(rest_of(style.form, title.strip()))]
        return f"{before}{rest}"
    kind, area = _kind(title, paths, labels), _area(style, paths)
    if style.form == "conventional":
        return f"{kind}({area}): {rest}" if area else f"{kind}: {rest}"
    if style.form == "gitmoji":
        named = bool(style.areas) and style.areas[0].startswith(":")
        return f":{_EMOJI[kind]}: {rest}" if named else f"{_SIGNS[kind]} {rest}"
    if style.form == "bracket" and area:
        return f"[{area}] {rest}"
    return f"{area}: {rest}" if style.form == "area" and area else rest


def _case(style: Style, rest: str) -> str:
    """A first word with another capital in it, or all in capitals, is a name."""
    if style.full_stop is not None:
        rest = rest.rstrip(". ") + "." * style.full_stop
    first = rest.split(" ", 1)[0]
    if style.upper is None or any(letter.isupper() or letter in "_.(`/" for letter in first[1:].rstrip(".")):
        return rest
    return (rest[:1].upper() if style.upper else rest[:1].lower()) + rest[1:]


def _kind(title: str, paths: Sequence[str], labels: Sequence[str]) -> str:
    kinds = all_kinds(paths)
    if kinds == {"docs"}:
        return "docs"
    if kinds == {"tests"}:
        return "test"
    return "fix" if _FIXES.match(title) or _FAULT_LABELS & {label.casefold() for label in labels} else "feat"


def _area(style: Style, paths: Sequence[str]) -> str:
    """The one that the project uses most, among those that are a folder or a file's name in the path of every file.

    Tests and words about the code go with what they are about.
    """
    telling = [path for path in paths if not all_kinds([path]) & {"tests", "docs"}] or list(paths)
    parts = [{part.partition(".")[0].casefold() for part in path.split("/")} | {path.casefold()} for path in telling]
    return next((area for area in style.areas if parts and all(area.casefold() in each for each in parts)), "")
