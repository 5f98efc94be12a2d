"""Files of a change that nothing which was agreed on or found speaks for. Pure."""

from collections.abc import Collection, Iterable

from app.policy.kinds import kinds_of
from app.policy.testfiles import is_changelog


def outside(paths: Iterable[str], expected: Collection[str]) -> list[str]:
    """Of `paths` those that are not `expected`, files or folders with a slash behind them; none if nothing is known.

    Tests, documents and the changelog belong to every task.
    """
    names = {each.removeprefix("./") for each in expected}
    folders = tuple(each for each in names if each.endswith("/"))
    if not names:
        return []
    return [each for each in paths if each not in names and not each.startswith(folders) and not _goes_along(each)]


def _goes_along(path: str) -> bool:
    kinds = kinds_of(path)
    return "tests" in kinds or kinds == {"docs"} or is_changelog(path)
