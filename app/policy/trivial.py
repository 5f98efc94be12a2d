"""Changes in which so little can go wrong that one short reading is enough. Pure: it goes by paths and the diff alone.

Nothing that a change says of itself makes it trivial, and whatever is not surely text for people is not: what agents or
programs read (guidance, prompts, templates), what a page runs (HTML, directives), what readers run or follow (commands,
links), what hides (letters that only look alike). Lock files are not either: a new version is code that nobody here has
read. Each perspective that the policy asks still has to answer, and a doubt is read in full: see `app.agents.light`.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from app.policy.changed import ChangedFile
from app.policy.changed_text import ChangedText, Line
from app.policy.kinds import kinds_of
from app.policy.pleas import pleas
from app.policy.risk import lines_to_read, risk_of
from app.policy.sensitive import sensitive_word
from app.policy.trivial_words import (
    CODE_IN_PROSE,
    COMMENTS,
    DIRECTIVES,
    MARKS_AROUND,
    PROSE_ENDINGS,
    PROSE_FOLDERS,
    PROSE_NAMES,
    READ_BY_PROGRAMS,
    STRINGS_AROUND,
)
from app.policy.weakening import weakenings

MOST_LINES, MOST_FILES = 50, 8
"""What is read in one breath; half of what `app.policy.risk` calls small."""
_PLAIN_PATH = re.compile(r"\w[\w.-]*(?:/\w[\w.-]*)*", re.ASCII)
_WORD = re.compile(r"[a-z]+")
_COMMENT = re.compile(r"[A-Za-z0-9 ,.'()?!-]+")
_LETTERS = frozenset({"Lu", "Ll", "Lt", "Po", "Pd", "Ps", "Pe", "Pi", "Pf", "Sc"})
"""Of other scripts than ours only what has one form and stands alone; more would have to be known to be harmless."""


def why_trivial(files: Sequence[ChangedFile], texts: Sequence[ChangedText]) -> str | None:
    """Of what the whole change consists, as words of ours; None if it is not trivial.

    `files` and `texts` are the same files, all of the diff: nothing is left out because somebody set it aside.
    """
    if not files or len(files) > MOST_FILES or lines_to_read(files) > MOST_LINES or risk_of(files).level == "high":
        return None
    by_path = {text.path: text for text in texts}
    if by_path.keys() != {file.path for file in files} or weakenings(texts):
        return None
    sorts = [_sort(file, by_path[file.path]) for file in files]
    told = sorted({each for each in sorts if each is not None})
    return f"only {' and '.join(told)}" if None not in sorts else None


def _sort(file: ChangedFile, text: ChangedText) -> str | None:
    if file.binary or file.mode_changed or file.submodule or file.symlink or not text.hunks:
        return None
    if not _is_for_people(file.path) or pleas(text.added, file.path):
        return None
    ending = file.path.rpartition(".")[2]
    if file.status in {"added", "modified"} and kinds_of(file.path) == {"docs"} and _is_document(file.path):
        return "documents" if _is_prose(text) else None
    mark = COMMENTS.get(ending)
    if file.status == "modified" and mark is not None and kinds_of(file.path) <= {"code", "tests"}:
        return "comments and white space" if _leaves_code_alone(text, mark) else None
    return None


def _is_for_people(path: str) -> bool:
    """Neither hidden nor spelled in a way that could be read as another path, nor named as what a program reads."""
    words = _WORD.findall(path.lower())
    return bool(_PLAIN_PATH.fullmatch(path)) and not READ_BY_PROGRAMS & set(words) and sensitive_word(path) is None


def _is_document(path: str) -> bool:
    """Where people look for documents. One that lies beside code may be part of a program."""
    folders, _, name = path.rpartition("/")
    stem, _, ending = name.rpartition(".")
    if ending not in PROSE_ENDINGS:
        return False
    return stem.upper() in PROSE_NAMES if not folders else folders.split("/")[0] in PROSE_FOLDERS


def _is_prose(text: ChangedText) -> bool:
    if any(MARKS_AROUND.search(line.text) for hunk in text.hunks for line in hunk.lines):
        return False
    return all(_is_plain(line) and not CODE_IN_PROSE.search(line.text) for line in _changed(text))


def _leaves_code_alone(text: ChangedText, mark: str) -> bool:
    """Whether each place holds the same code before and after, to the letter, once comments and blank ends are gone.

    Where the hunk shows the mark of a string over several lines, or of a line that goes on, nobody can tell.
    """
    if any(STRINGS_AROUND.search(line.text) for hunk in text.hunks for line in hunk.lines):
        return False
    if not all(_is_plain(line) for line in _changed(text)):
        return False
    regions = [region for hunk in text.hunks for region in hunk.regions]
    return all(_code(region.removed, mark) == _code(region.added, mark) for region in regions)


def _code(lines: Iterable[Line], mark: str) -> list[str]:
    told = (line.text.rstrip(" \t") for line in lines)
    return [text for text in told if text and not _is_comment(text, mark)]


def _is_comment(text: str, mark: str) -> bool:
    """A line of plain words behind a mark: what tools obey has other signs in it, or one of their words."""
    said = text.lstrip(" \t")
    words = said.removeprefix(f"{mark} ")
    if words == said or not _COMMENT.fullmatch(words):
        return False
    return not DIRECTIVES & set(_WORD.findall(words.lower()))


def _changed(text: ChangedText) -> Iterable[Line]:
    return (line for hunk in text.hunks for line in hunk.lines if line.sign != " ")


def _is_plain(line: Line) -> bool:
    """Whether every character is what it looks like."""
    text = line.text.replace("\t", " ")
    if text.isascii():
        return text.isprintable()
    if unicodedata.normalize("NFKC", text) != text or not text.isprintable():
        return False
    if any(not each.isascii() and unicodedata.category(each) not in _LETTERS for each in text):
        return False
    # A word of two scripts may be another one than it seems: https://www.unicode.org/reports/tr39/#Mixed_Script_Detection.
    return all(len(_scripts(word)) <= 1 for word in text.split())


def _scripts(word: str) -> set[str]:
    return {unicodedata.name(each, "?").split()[0] for each in word if each.isalpha()}
