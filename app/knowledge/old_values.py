"""What still relies on values that a change replaces: uses of the constant, and other places with the old value.

Looked for by text: a hint where to look, never a proof.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.gitcmd import GitError, git_at_most
from app.knowledge.callers import Use, find_uses
from app.knowledge.languages import endings_of, grammar_of
from app.policy.paths import why_set_aside
from app.policy.replaced import Replaced, beside_words, is_telling

_MOST_VALUES = 12
_MOST_PLACES = 5
_MOST_USES = 30
"""A value with more of them is everybody's."""
_A_FILE = "200"
"""Lines of one file that are looked at, for all values together."""
_MOST_BYTES = 500_000
_TIMEOUT_S = 30.0
_LINE_CHARACTERS = 160
_VALUE_CHARACTERS = 80


@dataclass(frozen=True)
class OldValue:
    """`uses`: of the constant, if it is one, elsewhere. `places`: lines of the head that have the old value."""

    replaced: Replaced
    uses: tuple[Use, ...]
    places: tuple[Use, ...]


async def find_old_values(mirror: Path, head: str, replaced: Sequence[Replaced]) -> tuple[OldValue, ...]:
    """In the order of `replaced`, which come by their weight; those of which nothing is told are left out."""
    asked = [each for each in replaced if each.path.isprintable() and (each.name or is_telling(each.old))][
        :_MOST_VALUES
    ]
    places = await _find_texts(mirror, head, list(dict.fromkeys(text for each in asked for text in _texts_of(each))))
    families = {grammar.family for each in asked if each.name and (grammar := grammar_of(each.path)) is not None}
    endings = {ending for family in families for ending in endings_of(family)}
    names = [each.name for each in asked if each.name]
    uses = (await find_uses(mirror, head, names, endings)).found if names and endings else ()
    found = []
    for each in asked:
        mine = tuple(use for use in uses if use.name == each.name and (use.path, use.line) != (each.path, each.line))
        found_at = {(use.path, use.line): use for text in _texts_of(each) for use in places.get(text, ())}
        found_at.pop((each.path, each.line), None)
        told = OldValue(each, mine, tuple(found_at[place] for place in sorted(found_at)))
        found += [told] if told.uses or told.places else []
    return tuple(found)


def render_old_values(found: Sequence[OldValue]) -> str:
    """Facts for reviewers; empty if there are none."""
    return "\n".join(line for each in found for line in _lines(each))


def _texts_of(each: Replaced) -> tuple[str, ...]:
    return (each.old,) if is_telling(each.old) else beside_words(each.old, each.name)


def _lines(each: OldValue) -> list[str]:
    what, old, new = each.replaced, _short(each.replaced.old), _short(each.replaced.new)
    told = [f"- {what.path}:{what.line}: {what.name or 'a value'} was {old} and is {new}"]
    told += [*(["  it is used at"] if each.uses else []), *_at(each.uses)]
    told += [*([f"  {old} still stands at"] if each.places else []), *_at(each.places)]
    # Else it would look as if there were no others.
    return told if is_telling(what.old) else [*told, f"  {old} was not looked for by itself"]


def _at(uses: Sequence[Use]) -> list[str]:
    more = [f"    and {len(uses) - _MOST_PLACES} times more"] if len(uses) > _MOST_PLACES else []
    return [*(f"    {use.path}:{use.line}: {use.text}" for use in uses[:_MOST_PLACES]), *more]


def _short(value: str) -> str:
    """As it stands in the source: a backslash there is one backslash here."""
    shown = value if len(value) <= _VALUE_CHARACTERS else f"{value[:_VALUE_CHARACTERS]}…"
    return f"`{shown}`" if shown.isprintable() and "`" not in shown else repr(shown)


async def _find_texts(mirror: Path, head: str, texts: Sequence[str]) -> Mapping[str, tuple[Use, ...]]:
    """Lines of any text file of the head with one of these, by text: https://git-scm.com/docs/git-grep."""
    if not texts:
        return {}
    patterns = [part for text in texts for part in ("-e", text)]
    command = ("grep", "--no-color", "-I", "-n", "-z", "-F", "--max-count", _A_FILE, *patterns, head, "--")
    try:
        out, _ = await git_at_most(_MOST_BYTES, *command, git_dir=mirror, fine=(0, 1), timeout_s=_TIMEOUT_S)
    except (GitError, TimeoutError):
        return {}
    found: dict[str, list[Use]] = {text: [] for text in texts}
    for line in out.decode("utf-8", "replace").split("\n")[:-1]:
        place, _, rest = line.partition("\0")
        number, _, said = rest.partition("\0")
        path = place.partition(":")[2]
        if path.isprintable() and path and number.isdigit() and why_set_aside(path) is None:
            for text in texts:
                if _has(said, text):
                    found[text].append(Use(text, path, int(number), said.strip()[:_LINE_CHARACTERS]))
    return {text: tuple(uses) for text, uses in found.items() if len(uses) <= _MOST_USES}


def _has(line: str, text: str) -> bool:
    """As a value of its own: 8080 does not stand in 18080."""
    start = line.find(text)
    while start >= 0:
        around = line[start - 1 : start] + text[:1], text[-1:] + line[start + len(text) : start + len(text) + 1]
        if not any(len(pair) == 2 and all(sign.isalnum() for sign in pair) for pair in around):  # noqa: PLR2004 - a pair
            return True
        start = line.find(text, start + 1)
    return False
