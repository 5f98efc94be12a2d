"""Whose fault a failing check is: the change's, the base branch's, or nobody's. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from app.policy.checks import is_ours

FAILED = frozenset({"failure", "timed_out", "error", "startup_failure"})
"""Conclusions of check runs and states of statuses that say so. Who cancels a check does not call the change broken.
https://docs.github.com/en/rest/checks/runs, https://docs.github.com/en/rest/commits/statuses."""
_PASSED = frozenset({"success", "neutral", "skipped"})
_TELLING = 4
"""Characters of a file's name, below which it stands in any log."""

Verdict = Literal["broken", "flaky", "not mine"]


@dataclass(frozen=True)
class Check:
    """A check run, or a status (`app_id` 0), on one commit. `conclusion` None: it has not ended.

    `began`: when it was asked for, as GitHub writes times.
    """

    id: int
    name: str
    app_id: int
    conclusion: str | None
    began: str = ""
    app: str = ""
    suite_id: int = 0
    title: str = ""
    summary: str = ""
    annotations: int = 0

    @property
    def key(self) -> tuple[str, int]:
        return self.name, self.app_id


@dataclass(frozen=True)
class Judged:
    """`because`: the reason as a sentence. `seen_at`: the commit that shows it, "" if none does."""

    check: Check
    verdict: Verdict
    because: str
    passed_here: bool = False


def of_others(checks: Iterable[Check], own_app: int) -> list[Check]:
    """Without our own, and without what calls itself like ours."""
    return [each for each in checks if each.app_id != own_app and not is_ours(each.name)]


def newest(checks: Iterable[Check]) -> list[Check]:
    """Of each check the last; `checks` are in the order in which they began."""
    return list({each.key: each for each in checks}.values())


def failing(checks: Iterable[Check]) -> list[Check]:
    return [each for each in newest(checks) if each.conclusion in FAILED]


def under_way(checks: Iterable[Check], since: str) -> list[Check]:
    """What may still end soon: it has begun after `since`. What hangs for longer is not waited for."""
    return [each for each in newest(checks) if each.conclusion is None and each.began >= since]


def judge(check: Check, here: Sequence[Check], bases: Sequence[Sequence[Check]], *, named: bool) -> Judged:
    """`here` and `bases`: all checks on the head, and on each commit of the base branch that it is held against.

    `named`: what it printed names a file of the change. Order matters: what fails on the base as well is not looked
    into, whatever else may be wrong with it.
    """
    before = [each for base in bases for each in newest(base) if each.key == check.key]
    if any(each.conclusion in FAILED for each in before):
        return Judged(check, "not mine", "it fails on the base branch as well")
    passes = any(each.conclusion in _PASSED for each in before)
    if any(each.key == check.key and each.conclusion in _PASSED for each in here):
        return Judged(check, "flaky", "it passed on this very commit before", passed_here=True)
    if passes and not named:
        return Judged(check, "flaky", "it passes on the base branch, and what it prints names no file of this change")
    return Judged(check, "broken", "it passes on the base branch" if passes else "the base branch has no such check")


def names_any(text: str, paths: Iterable[str]) -> bool:
    """Whether a log speaks of one of these files: by its path, by its name, or as a module of Python or Java."""
    shown = text.replace("\\", "/")
    return any(_is_named(shown, path) for path in paths)


def _is_named(text: str, path: str) -> bool:
    stem = path.rpartition(".")[0] or path
    words = {path, stem.replace("/", ".")} | {each for each in (path.rpartition("/")[2],) if len(each) >= _TELLING}
    return any(re.search(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text) for word in words)
