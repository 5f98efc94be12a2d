"""Whether a condition holds. What is not known is neither yes nor no; a rule applies unless it surely does not.

Three-valued logic of Kleene's kind: `or` with one yes is yes, `and` with one no is no, whatever the rest may be.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from app.policy.conditions import PERMISSIONS, Author, Condition
from app.policy.facts import Facts
from app.policy.globs import Paths
from app.policy.patterns import found_in, in_every_line

_LEVELS = ("low", "medium", "high")
_QUOTED = 10
"""Names that an answer quotes at most."""


@dataclass(frozen=True)
class Answer:
    """`holds` None: not certain; `missing`: for want of a fact, which may come. `quotes` are in the words of others."""

    holds: bool | None
    because: str
    quotes: tuple[str, ...] = ()
    missing: bool = False


def applies(condition: Condition | None, facts: Facts) -> Answer:
    """Whether the condition holds; with none there always is an answer, and it is yes."""
    if condition is None:
        return Answer(True, "always")
    return _all(list(_answers(condition, facts)))


def _answers(condition: Condition, facts: Facts) -> Iterator[Answer]:
    for key in sorted(condition.model_fields_set, key=list(Condition.model_fields).index):
        value = getattr(condition, key)
        if value is not None:
            yield _TESTS[key](value, facts)


def _all(answers: list[Answer]) -> Answer:
    found = {answer.holds for answer in answers}
    holds = False if False in found else None if None in found else True
    return _told(holds, [answer for answer in answers if answer.holds is holds], " and ")


def _any(answers: list[Answer]) -> Answer:
    found = {answer.holds for answer in answers}
    holds = True if True in found else None if None in found else False
    return _told(holds, [answer for answer in answers if answer.holds is holds], " or " if holds is None else " and ")


def _told(holds: bool | None, decisive: list[Answer], word: str) -> Answer:
    quotes = tuple(quote for answer in decisive for quote in answer.quotes)
    missing = holds is None and any(answer.missing for answer in decisive)
    return Answer(holds, word.join(answer.because for answer in decisive), quotes, missing)


def _all_of(value: tuple[Condition, ...], facts: Facts) -> Answer:
    return _all([applies(each, facts) for each in value])


def _any_of(value: tuple[Condition, ...], facts: Facts) -> Answer:
    return _any([applies(each, facts) for each in value])


def _none_of(value: Condition, facts: Facts) -> Answer:
    inside = applies(value, facts)
    because = f"not so: {inside.because}" if inside.holds is False else f"it is so that {inside.because}"
    return Answer(None if inside.holds is None else not inside.holds, because, inside.quotes, inside.missing)


def _paths(globs: tuple[str, ...], facts: Facts) -> Answer:
    if facts.paths is None:
        return _unknown("the changed files are not known")
    return _first(facts.paths, globs, "a changed file matches `paths`", "no changed file matches `paths`")


def _first(paths: Paths, globs: tuple[str, ...], yes: str, no: str) -> Answer:
    """A name that differs by case or Unicode form only may be the same file: then it is not known."""
    for glob in globs:
        if (name := paths.first(glob)) is not None:
            return Answer(True, yes, (name,))
    for glob in globs:
        if (name := paths.first_folded(glob)) is not None:
            return Answer(None, f"{yes} but for case or Unicode form", (name,))
    return Answer(False, no)


def _only_paths(globs: tuple[str, ...], facts: Facts) -> Answer:
    if facts.paths is None:
        return _unknown("the changed files are not known")
    if facts.paths.all(globs):
        return Answer(True, "every changed file matches `only_paths`")
    if facts.paths.all_folded(globs):
        return Answer(None, "every changed file matches `only_paths` but for case or Unicode form")
    return Answer(False, "a changed file does not match `only_paths`")


def _kinds(kinds: tuple[str, ...], facts: Facts) -> Answer:
    if facts.kinds is None or facts.paths is None:
        return _unknown("the changed files are not known")
    for name, found in zip(facts.paths.names, facts.kinds, strict=True):
        if common := found & set(kinds):
            return Answer(True, f"a changed file is of the kind {', '.join(sorted(common))}", (name,))
    return Answer(False, f"no changed file is of the kind {', '.join(kinds)}")


def _only_kinds(kinds: tuple[str, ...], facts: Facts) -> Answer:
    if facts.kinds is None:
        return _unknown("the changed files are not known")
    holds = bool(facts.kinds) and all(found <= set(kinds) for found in facts.kinds)
    return Answer(holds, f"{'every' if holds else 'not every'} changed file is of the kind {', '.join(kinds)}")


def _lines(pattern: str, facts: Facts) -> Answer:
    if facts.changed_text is None:
        return _unknown("the changed lines are not known")
    holds = found_in(pattern, facts.changed_text)
    return Answer(holds, f"{'a' if holds else 'no'} changed line holds the pattern of `lines`")


def _only_lines(pattern: str, facts: Facts) -> Answer:
    if facts.changed_text is None:
        return _unknown("the changed lines are not known")
    holds = in_every_line(pattern, facts.changed_text)
    return Answer(holds, f"{'every' if holds else 'not every'} changed line holds the pattern of `only_lines`")


def _whitespace_only(wanted: bool, facts: Facts) -> Answer:
    return _is(wanted, facts.whitespace_only, "only white space changed", "more than white space changed")


def _unreviewed_code(wanted: bool, facts: Facts) -> Answer:
    known, aside = facts.unreviewed_code, "code that can run was set aside as generated or vendored"
    yes, no = f"{aside}, and not by the policy's `set_aside`", f"no {aside}"
    answer = _is(wanted, None if known is None else bool(known), yes, no)
    return replace(answer, quotes=(known or ())[:_QUOTED])


def _lines_over(limit: int, facts: Facts) -> Answer:
    if facts.files is None:
        return _unknown("the changed files are not known")
    count = sum(file.added + file.removed for file in facts.files)
    return Answer(count > limit, f"{count} lines changed")


def _files_over(limit: int, facts: Facts) -> Answer:
    if facts.files is None:
        return _unknown("the changed files are not known")
    return Answer(len(facts.files) > limit, f"{len(facts.files)} files changed")


def _labels(wanted: tuple[str, ...], facts: Facts) -> Answer:
    """Whether one that somebody set without the permission is there is not known: so it binds, and loosens nothing."""
    if facts.labels is None:
        return _unknown("the labels are not known")
    named = {each.casefold() for each in wanted}
    there = {name: trusted for name, trusted in facts.labels.items() if name.casefold() in named}
    if not there:
        return Answer(False, "it has none of the labels")
    if any(there.values()):
        return Answer(True, "it has a label", tuple(name for name, trusted in there.items() if trusted))
    return Answer(None, "a label was set by somebody who may not set it", tuple(there))


def _author(wanted: Author, facts: Facts) -> Answer:
    if facts.author is None:
        return _unknown("the author is not known")
    return _all(list(_about_author(wanted, facts)))


def _about_author(wanted: Author, facts: Facts) -> Iterator[Answer]:
    author = facts.author
    assert author is not None  # noqa: S101 - asked for by the caller
    if wanted.users is not None:
        holds = author.login.casefold() in {each.removeprefix("@").casefold() for each in wanted.users}
        yield Answer(holds, f"the author is {'one' if holds else 'none'} of `users`")
    if wanted.teams is not None:
        known = None if author.teams is None else bool(author.teams & {each.casefold() for each in wanted.teams})
        yield _is(True, known, "the author is in one of `teams`", "the author is in none of `teams`")
    if wanted.permission is not None:
        enough = None if author.permission is None else at_least(author.permission, wanted.permission)
        yield _is(True, enough, "the author has the permission", "the author has less than the permission")
    if wanted.bot is not None:
        yield _is(wanted.bot, author.bot, "the author is a bot", "the author is a person")
    if wanted.first_time is not None:
        told = ("nothing of the author's was merged here before", "something of the author's was merged here before")
        yield _is(wanted.first_time, facts.first_time, *told)


def _base(globs: tuple[str, ...], facts: Facts) -> Answer:
    if facts.base_ref is None:
        return _unknown("the base branch is not known")
    yes, no = "the base branch matches `base`", "the base branch does not match `base`"
    holds = Paths((facts.base_ref,))
    return Answer(*((True, yes) if any(holds.first(glob) for glob in globs) else (False, no)))


def _title(pattern: str, facts: Facts) -> Answer:
    holds = None if facts.title is None else found_in(pattern, facts.title)
    return _is(True, holds, "the title holds the pattern", "the title does not hold the pattern")


def _risk(level: str, facts: Facts) -> Answer:
    if facts.risk is None:
        return _unknown("the risk is not known")
    holds = _LEVELS.index(facts.risk.level) >= _LEVELS.index(level)
    return Answer(holds, f"the risk is {facts.risk.level}", facts.risk.reasons)


def _signed(wanted: bool, facts: Facts) -> Answer:
    return _is(wanted, facts.signed, "every commit is signed", "a commit is not signed")


def _checks(wanted: Any, facts: Facts) -> Answer:
    """A check that nobody reported has not ended so. Of several with one name all must have."""
    if facts.checks is None:
        return _unknown("the other checks are not known")
    answers = []
    for name, how in wanted.items():
        found = [each.conclusion or "running" for each in facts.checks if each.name == name]
        holds = bool(found) and all(each == how for each in found)
        answers.append(Answer(holds, f"a check ended {'with' if holds else 'otherwise than with'} {how}", (name,)))
    return _all(answers)


def _is(wanted: bool, known: bool | None, yes: str, no: str) -> Answer:
    if known is None:
        return _unknown(f"it is not known whether {yes}")
    return Answer(known is wanted, yes if known else no)


def _unknown(because: str) -> Answer:
    return Answer(None, because, missing=True)


def at_least(permission: str, wanted: str) -> bool:
    """Whether a permission reaches another. A role that GitHub does not have of itself reaches nothing."""
    known = permission in PERMISSIONS and wanted in PERMISSIONS
    return known and PERMISSIONS.index(permission) >= PERMISSIONS.index(wanted)


_TESTS: dict[str, Callable[[Any, Facts], Answer]] = {
    "paths": _paths,
    "only_paths": _only_paths,
    "kinds": _kinds,
    "only_kinds": _only_kinds,
    "lines": _lines,
    "only_lines": _only_lines,
    "whitespace_only": _whitespace_only,
    "unreviewed_code": _unreviewed_code,
    "lines_over": _lines_over,
    "files_over": _files_over,
    "labels": _labels,
    "author": _author,
    "base": _base,
    "title": _title,
    "risk": _risk,
    "signed": _signed,
    "checks": _checks,
    "all_of": _all_of,
    "any_of": _any_of,
    "none_of": _none_of,
}
