"""Assertions of one form whose numbers or classes now let more through: bounds, tolerances, timeouts, exceptions."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_NUMBER = re.compile(r"(?<![\w.])\d[\d_]*(?:\.\d+)?(?:e-?\d+)?(?![\w.])")
_TOLERANCE = re.compile(
    r"\b(?:abs|rel|delta|atol|rtol|tol|tolerance|epsilon|eps|within)\s*(?:=|:|\()\s*$"
    r"|(?:InDelta|InEpsilon|be_within)\(.*$|\boffset\(\s*$"
)
_DIGITS = re.compile(r"\b(?:places|decimal|precision)\s*(?:=|:)\s*$|toBeCloseTo\([^()]*,\s*$")
_LOWER = re.compile(r">=?\s*$|(?:Greater\w*|GreaterThan\w*|atLeast|at_least)\(.*$|\.toBeGreaterThan\w*\(\s*$")
_UPPER = re.compile(r"<=?\s*$|(?:Less\w*|LessThan\w*|atMost|at_most)\(.*$|\.toBeLessThan\w*\(\s*$")
_TIMEOUT = re.compile(r"(?i)timeout\w*[\"']?\s*(?:=|:|\(|,)?\s*\(?$|\.setTimeout\(\s*$")
_RETRIES = re.compile(r"(?i)\b(?:reruns|retries|retry|max_runs|retryTimes|retry_count)[\"']?\s*(?:=|:|\(| )\s*$")
_MUCH = 2
"""A timeout that grows by less says little about the test."""

_RAISES = re.compile(
    r"(?:pytest\.raises|assertRaises(?:Regex)?|assertThrows|\.toThrow(?:Error)?|raise_error|assert_raises?)[( ]?\s*"
    r"([\"'`/]|\([\w., ]*\)|[\w.:]*)"
)
_WIDE = frozenset({"", "Exception", "BaseException", "Throwable", "Error", "StandardError", "RuntimeException"})
_APPROX = re.compile(r"approx\(|AlmostEqual|toBeCloseTo|InDelta|be_within|isclose\(|allclose\(")
_EXPLICIT = re.compile(r"\b(?:abs|rel|delta|places|atol|rtol|rel_tol|abs_tol)\b|InDelta|be_within")


@dataclass(frozen=True)
class Grown:
    """Two numbers in the same place of two lines; `before` is the text in front of the new one."""

    before: str
    old: float
    new: float


def grew_looser(old: str, new: str) -> str | None:
    """Why the new assertion lets more through than the old one, as far as their form tells."""
    raised = _why_wider(old, new)
    if raised is not None:
        return raised
    if _APPROX.search(new) and not _APPROX.search(old):
        whole_number = re.search(r"(?:==|,|\()\s*\d+\s*[,)]?\s*(?:#.*)?$", old)
        return "what had to be exact may now be off" if whole_number or _EXPLICIT.search(new) else None
    told = (_why(each) for each in grown_numbers(old, new))
    return next((each for each in told if each is not None), None)


def grown_numbers(old: str, new: str) -> Iterator[Grown]:
    """The numbers that differ, if nothing else does."""
    if _NUMBER.sub("#", old) != _NUMBER.sub("#", new):
        return
    for was, now in zip(_NUMBER.finditer(old), _NUMBER.finditer(new), strict=True):
        if was[0] != now[0]:
            before, after = float(was[0].replace("_", "")), float(now[0].replace("_", ""))
            yield Grown(new[max(0, now.start() - 60) : now.start()], before, after)


def _why(each: Grown) -> str | None:
    more, less = each.new > each.old, each.new < each.old
    if (_TOLERANCE.search(each.before) and more) or (_DIGITS.search(each.before) and less):
        return f"the tolerance grew: {each.old:g} became {each.new:g}"
    if (_LOWER.search(each.before) and less) or (_UPPER.search(each.before) and more):
        return f"the bound was moved from {each.old:g} to {each.new:g}"
    return why_patient(each)


def why_patient(each: Grown) -> str | None:
    """Why a test waits longer, or tries more often."""
    if _TIMEOUT.search(each.before) and each.new >= _MUCH * each.old:
        return f"the timeout grew from {each.old:g} to {each.new:g}"
    if _RETRIES.search(each.before) and each.new > each.old:
        return f"a failure is tried again {each.new:g} times, not {each.old:g}"
    return None


def _why_wider(old: str, new: str) -> str | None:
    before, after = _RAISES.search(old), _RAISES.search(new)
    if before is not None and after is not None:
        was, now = _classes(before[1] or ""), _classes(after[1] or "")
        if (now <= _WIDE and not was <= _WIDE) or was < now:
            will_do = f"an error of {' or '.join(sorted(now))}" if now - {""} else "any error"
            return f"{will_do} will do; before it was {' or '.join(sorted(was))}"
        if was == now and re.search(r"\bmatch ?=|Regex\(", old) and not re.search(r"\bmatch ?=|Regex\(", new):
            return "the error's message is no longer looked at"
    if re.search(r"should_panic\(expected", old) and "#[should_panic]" in new:
        return "the panic's message is no longer looked at"
    if re.search(r"\.(?:ErrorIs|ErrorAs|EqualError|ErrorContains)\(", old) and re.search(r"\.Error\(", new):
        return "any error will do; before it had to be a certain one"
    return None


def _classes(told: str) -> frozenset[str]:
    """The last parts of the names: the same class may be reached in several ways."""
    each = (name.strip().removesuffix(".class") for name in told.strip("()").split(","))
    return frozenset(re.split(r"\.|::", name)[-1] for name in each)
