"""How a project words its commits, learned from those that it has. Pure.

https://www.conventionalcommits.org/en/v1.0.0/ and https://gitmoji.dev/ describe two of the forms.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

Form = Literal["plain", "conventional", "bracket", "area", "gitmoji"]

_CONVENTIONAL = re.compile(
    r"^(?:build|chore|ci|deps|docs|feat|fix|perf|refactor|revert|style|test|tests)"
    r"(?:\((?P<area>[^()]{1,40})\))?!?: (?P<rest>\S.*)$"
)
_BRACKET = re.compile(r"^\[(?P<area>[^\[\]]{1,40})\] ?(?P<rest>\S.*)$")
_AREA = re.compile(r"^(?P<area>[\w./*{},-]{1,40}): (?P<rest>\S.*)$")
_GITMOJI = re.compile(r"^(?P<area>:\w{2,40}:|[\u2190-\u2bff\U0001f000-\U0001faff]\ufe0f?) ?(?P<rest>\S.*)$")
_FORMS: dict[Form, re.Pattern[str]] = {
    "conventional": _CONVENTIONAL,
    "bracket": _BRACKET,
    "gitmoji": _GITMOJI,
    "area": _AREA,
}
_NUMBER = re.compile(r" \(#\d+\)$")
"""GitHub puts it behind the subject of a squash."""
_NOT_BY_HAND = re.compile(r"^(?:Merge |Revert \"|Bump \S+ from |fixup! |squash! |Update dependency |v?\d+\.\d+)")
_SIGNED = re.compile(r"^Signed-off-by: \S", re.MULTILINE)
_LEAST, _SHARE, _NEARLY_ALL = 5, 0.6, 0.9
_MANY = 20
"""Of fewer, all can be short by chance."""
_SHORT, _LONG = 50, 72
_AREAS = 12
_SUBJECT_CHARS = 300
"""Of a first line that is a whole essay."""


@dataclass(frozen=True)
class Style:
    """`areas`: what stands most often in the place of the area, as the project writes it. `limit`: characters.

    `upper`: the words begin with a capital letter; `full_stop`: they end with one; both None where people do either, or
    too few commits tell. `signed`: nearly all commits end with `Signed-off-by`. `samples`: newest subjects.
    """

    form: Form = "plain"
    areas: tuple[str, ...] = ()
    upper: bool | None = None
    full_stop: bool | None = None
    limit: int = _LONG
    signed: bool = False
    samples: tuple[str, ...] = ()


PLAIN = Style()


def learn_style(messages: Sequence[str]) -> Style:
    """From whole messages, newest first. Where there are few of them, or no form is common, little is asked."""
    told = [(subject, message) for message in messages if (subject := subject_of(message))]
    by_hand = [each for each in told if not _NOT_BY_HAND.match(each[0])]
    if len(by_hand) < _LEAST:
        return Style(samples=tuple(subject for subject, _ in by_hand[:_LEAST]))
    subjects = [subject for subject, _ in by_hand]
    form = _form_of(subjects)
    rests = [rest_of(form, subject) for subject in subjects]
    return Style(
        form=form,
        areas=_areas(form, subjects),
        upper=_agreed(rest[0].isupper() for rest in rests if rest[:1].isalpha()),
        full_stop=_agreed(rest.endswith(".") for rest in rests),
        limit=_SHORT if len(subjects) >= _MANY and max(map(len, subjects)) <= _SHORT else _LONG,
        signed=_share(bool(_SIGNED.search(message)) for _, message in by_hand) >= _NEARLY_ALL,
        samples=tuple(subjects[:8]),
    )


def subject_of(message: str) -> str:
    return _NUMBER.sub("", message.lstrip("\n").partition("\n")[0][:_SUBJECT_CHARS].strip())


def rest_of(form: Form, subject: str) -> str:
    """The subject's words without what the form puts before them."""
    found = _FORMS[form].match(subject) if form != "plain" else None
    return found["rest"] if found else subject


def is_in_form(style: Style, subject: str) -> bool:
    return style.form == "plain" or _FORMS[style.form].match(subject) is not None


def _form_of(subjects: Sequence[str]) -> Form:
    """The first that is common: what is conventional has an area, too."""
    return next(
        (form for form, pattern in _FORMS.items() if _share(bool(pattern.match(each)) for each in subjects) >= _SHARE),
        "plain",
    )


def _areas(form: Form, subjects: Sequence[str]) -> tuple[str, ...]:
    if form == "plain":
        return ()
    found = (_FORMS[form].match(subject) for subject in subjects)
    return tuple(
        area for area, _ in Counter(each["area"] for each in found if each and each["area"]).most_common(_AREAS)
    )


def _agreed(said: Iterable[bool]) -> bool | None:
    """What nine of ten do."""
    share = _share(said)
    return True if share >= _NEARLY_ALL else False if share <= 1 - _NEARLY_ALL else None


def _share(said: Iterable[bool]) -> float:
    listed = list(said)
    return sum(listed) / len(listed) if listed else 0.5
