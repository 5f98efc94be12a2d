"""Values that a change puts in the place of others on lines that are else the same. Pure.

Who reads the diff sees the new value, and not what still relies on the old one.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.policy.changed_text import ChangedText, Hunk, Line

_LITERAL = re.compile(r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`|(?<![\w.])\d[\d_]*(?:\.\d+)?(?![\w.]))""")
_CONSTANT = re.compile(r"^\W*(?:\w+ ){0,4}([A-Z][A-Z0-9_]{2,})\b[^=(]{0,80}=(?!=)")
"""As `app.knowledge.removed` knows them."""
_LINE_CHARACTERS = 400
_FEWEST_SIGNS, _FEWEST_DIGITS, _FEWEST_LETTERS = 4, 3, 3
_LONGEST = 200


@dataclass(frozen=True)
class Replaced:
    """`old` and `new` without quotes. `name`: of the constant that the line gives a value, or empty."""

    path: str
    line: int
    old: str
    new: str
    name: str = ""


def replaced_values(files: Sequence[ChangedText]) -> list[Replaced]:
    """In the order of the files, each once."""
    found = (each for file in files for hunk in file.hunks for each in _of_hunk(file.path, hunk))
    return list(dict.fromkeys(found))


def is_telling(value: str) -> bool:
    """Whether another place with this value is likely to mean the same thing."""
    if len(value) > _LONGEST or not value.isprintable():
        return False
    if re.fullmatch(r"[\d_.]+", value):
        return sum(map(str.isdigit, value)) >= _FEWEST_DIGITS and not re.fullmatch(r"10+", value)
    return len(value.strip()) >= _FEWEST_SIGNS and not re.fullmatch(r"[a-z]{1,7}", value)


def beside_words(value: str, name: str) -> tuple[str, ...]:
    """As what a number is looked for that tells nothing by itself: `30 days` and `30-day` for one named `KEEP_DAYS`."""
    if is_telling(value) or not re.fullmatch(r"\d[\d_]*", value):
        return ()
    words = [word.lower().removesuffix("s") for word in name.split("_") if len(word) >= _FEWEST_LETTERS]
    return tuple(f"{value}{sign}{word}{end}" for word in words for sign in " -" for end in ("", "s"))


def _of_hunk(path: str, hunk: Hunk) -> Iterator[Replaced]:
    for region in hunk.regions:
        gone = [line for line in region.lines if line.sign == "-"]
        if gone:
            yield from _of_run(path, gone, [line for line in region.lines if line.sign == "+"])


def _of_run(path: str, gone: Sequence[Line], came: Sequence[Line]) -> Iterator[Replaced]:
    """A line that is the same but for its values is the same line; of several, the first that is left over."""
    waiting: dict[str, list[Line]] = {}
    for line in came:
        if len(line.text) <= _LINE_CHARACTERS:
            waiting.setdefault(_without_values(line.text), []).append(line)
    for old in gone:
        likes = waiting.get(_without_values(old.text)) if len(old.text) <= _LINE_CHARACTERS else None
        if not likes:
            continue
        new = likes.pop(0)
        said = _CONSTANT.match(new.text)
        for before, after in zip(_values(old.text), _values(new.text), strict=True):
            if before != after:
                yield Replaced(path, new.number, before, after, said[1] if said else "")


def _without_values(text: str) -> str:
    return _LITERAL.sub("\0", text.strip())


def _values(text: str) -> list[str]:
    return [each[1:-1] if each[0] in "\"'`" else each for each in _LITERAL.findall(text)]
