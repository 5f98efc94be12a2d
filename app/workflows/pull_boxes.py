"""Boxes of a pull request template: one is ticked only if code knows that what it says is true. Pure."""

import re
from collections.abc import Collection

_BOX = re.compile(r"^(\s*(?:[-*+]|\d+\.)\s+)\[[ xX]\]\s+(.*)$")
_BRACKETS = re.compile(r"\(`([^`()]{1,80})`\)")
_WORDS = """
i ive i've we have has been a an the my our your this that all any and new existing unit regression some is are was were
locally with changes change to for pr pull request related relevant corresponding appropriate please it successfully
"""
_FILLING = frozenset(_WORDS.split())
"""They change nothing of what is said; with any other word more is said than is known."""
_TRUE_WHEN: dict[str, frozenset[str]] = {
    "passed": frozenset(
        {"tests pass", "tests passed", "tests passing", "tests green", "ran tests", "test suite passes"}
    ),
    "proven": frozenset(
        {
            *("covered by tests", "covered by test"),
            *("added tests", "tests added", "wrote tests", "included tests", "tests included"),
            *(
                "added tests cover fix",
                "added test",
                "test added",
                "added tests fix",
                "added tests prove fix effective",
            ),
            "added tests prove fix effective or feature works",
        }
    ),
    "linked": frozenset(
        {
            *("linked issue", "links issue", "issue linked", "references issue", "referenced issue", "closes issue"),
            *("linked an issue", "mentioned issue", "fixes issue", "links github issue", "linked github issue"),
        }
    ),
    "changelog": frozenset(
        {
            *("added changelog entry", "updated changelog", "changelog updated", "added entry changelog"),
            *("changelog entry added", "added entry in changelog", "updated changelogmd", "changelogmd updated"),
        }
    ),
}
"""By facts (`pull_template.Filling`), what a box says without the filling words."""


def is_box(line: str) -> bool:
    return _BOX.match(line) is not None


def tick(line: str, true: Collection[str], command: str = "") -> str:
    """Ticked if it is known to be true, else not: a template may come with boxes that are ticked already.

    `command`: by which the tests ran. That it is what a box names in brackets says no more; another would.
    """
    box = _BOX.match(line)
    if box is None:
        return line
    text = _BRACKETS.sub(lambda found: "" if set(found[1].split()) <= set(command.split()) else found[0], box[2])
    words = re.findall(r"[\w'.-]+", text.casefold().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'"))
    said = " ".join(plain for word in words if (plain := word.replace(".", "").strip("-'")) not in {*_FILLING, ""})
    known = any(said in _TRUE_WHEN[fact] for fact in true)
    return f"{box[1]}[{'x' if known else ' '}] {box[2]}"
