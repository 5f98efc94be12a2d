"""Numbers that a change must reach, or must not exceed, moved to its advantage."""

import re
from collections.abc import Iterator, Sequence

from app.policy.changed_text import ChangedText, Hunk, Line
from app.policy.weakened.bounds import Grown, grown_numbers, why_patient
from app.policy.weakened.definitions import holds_tests
from app.policy.weakened.found import Kind, Weakening, weakening
from app.policy.weakened.places import is_ci, is_config
from app.policy.weakened.whole import Whole, bare

_AT_LEAST = re.compile(
    r"""(?ix)
      (?:fail[_-]under|min(?:imum)?[_-]?(?:coverage|score|grade)|cover(?:age)?[_-]?(?:min\w*|threshold)
      |coveralls_min|min_msi|covered-msi)[\w"'-]*\s*[:=(\s]\s*["']?$
    | ["']?(?:branches|functions|lines|statements)["']?\s*:\s*$ | <minimum>\s*$ | \bminimum\s*=\s*["']?$
    | (?:target|threshold)["']?\s*[:=]\s*["']?$
    """
)
_AT_MOST = re.compile(
    r"""(?ix)
      max[_-]?(?!line[_-]?len|width|old[_-]space|workers|size|pool|conn|age)
      (?:complexity|warnings|issues|args|arguments|branches|returns|statements|locals|depth|lines|params
      |nested\w*|statements|attributes|public[_-]methods|violations|errors|failures|same[_-]issues|cognitive\w*)
      [\w"'-]*\s*[:=\s]\s*[\["']*(?:(?:error|warn)["']\s*,\s*)?(?:\{\s*["']?max["']?\s*:\s*)?$
    | \b(?:cyclop|gocyclo|funlen|min-complexity)[\w"'-]*\s*[:=]\s*$ | \bAbcSize\b.*:\s*$ | ^\s*Max:\s*$
    """
)
_COVERAGE = re.compile(
    r"(?i)--cov-fail-under|--fail-under|\bfail_under\b|coverageThreshold|minimum_coverage|check-coverage"
)


def lowered(whole: Whole) -> Iterator[Weakening]:
    """Thresholds in settings and CI, and the patience of tests."""
    for file in whole.files:
        if file.status in {"added", "removed"}:
            continue
        settings = is_config(file.path) or is_ci(file.path)
        for hunk in file.hunks:
            tests = holds_tests(file.path, hunk)
            if settings or tests:
                yield from _numbers(file, hunk, settings=settings)
        if settings:
            yield from _removed(file, whole)


def _numbers(file: ChangedText, hunk: Hunk, *, settings: bool) -> Iterator[Weakening]:
    for old, new in _beside(hunk):
        for each in grown_numbers(old.text[:400], new.text[:400]):
            because = (_why(each) if settings else None) or why_patient(each)
            if because is not None:
                yield weakening(Kind.THRESHOLD_LOWERED, file, new, because)
                break


def _beside(hunk: Hunk) -> Iterator[tuple[Line, Line]]:
    """Lines that took each other's place."""
    for region in hunk.regions:
        if len(region.removed) == len(region.added):
            yield from zip(region.removed, region.added, strict=True)
        else:
            yield from _by_form(region.removed, region.added)


def _by_form(removed: Sequence[Line], added: Sequence[Line]) -> Iterator[tuple[Line, Line]]:
    forms = {re.sub(r"\d+", "#", line.told): line for line in removed}
    for line in added:
        old = forms.get(re.sub(r"\d+", "#", line.told))
        if old is not None:
            yield old, line


def _why(each: Grown) -> str | None:
    if _AT_LEAST.search(each.before) and each.new < each.old:
        return f"{each.old:g} had to be reached, now {each.new:g} will do"
    if _AT_MOST.search(each.before) and each.new > each.old:
        return f"at most {each.old:g} was allowed, now {each.new:g} is"
    return None


def _removed(file: ChangedText, whole: Whole) -> Iterator[Weakening]:
    """A threshold of coverage that is nowhere in the change's new lines."""
    if any(_COVERAGE.search(each) for each in whole.added):
        return
    for line in file.removed:
        if _COVERAGE.search(line.told) and bare(line) not in whole.added and not line.told.startswith(("#", "//")):
            yield weakening(Kind.THRESHOLD_LOWERED, file, line, "the threshold of coverage is gone")
            return
