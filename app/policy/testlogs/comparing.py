"""What became of the tests between two states of the code, told by their names. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.policy.testlogs.unit import Unit


@dataclass(frozen=True)
class Comparison:
    """`new`: tests that fail now and did not before. `untold`: those that fail now and were not run before.

    `still`: failing before and now; `fixed`: before and not now. `fewer`: units of which fewer tests ran than before.
    """

    new: tuple[str, ...] = ()
    untold: tuple[str, ...] = ()
    still: tuple[str, ...] = ()
    fixed: tuple[str, ...] = ()
    fewer: tuple[str, ...] = ()


def compare(before: Sequence[Unit], after: Sequence[Unit]) -> Comparison | None:
    """None where one of the two is not known by name. A unit that is gone counts as one with fewer tests."""
    if not before or not after:
        return None
    was, now = _by_name(before), _by_name(after)
    parts = [_of_unit(was.get(name), unit) for name, unit in now.items()]
    gone = tuple(f"{name}: it was not run" for name in was if name not in now)
    return Comparison(
        new=tuple(name for part in parts for name in part.new),
        untold=tuple(name for part in parts for name in part.untold),
        still=tuple(name for part in parts for name in part.still),
        fixed=tuple(name for part in parts for name in part.fixed),
        fewer=(*(told for part in parts for told in part.fewer), *gone),
    )


def _of_unit(was: Unit | None, now: Unit) -> Comparison:
    if was is None:
        return Comparison(untold=(*now.failing, *_named(now)))
    before, after = Counter(was.failing), Counter(now.failing)
    fresh = (after - before).elements()
    unknown = [name for name in (after - before).elements() if _lies_in(name, was.broken)]
    broken = tuple(each for each in _named(now) if each not in _named(was))
    return Comparison(
        new=(*(name for name in fresh if not _lies_in(name, was.broken)), *broken),
        untold=tuple(unknown),
        still=(*(before & after).elements(), *(each for each in _named(now) if each in _named(was))),
        fixed=tuple(name for name in (before - after).elements() if not _lies_in(name, now.broken)),
        fewer=_fewer(was, now),
    )


def not_loaded(units: Sequence[Unit]) -> bool:
    """Whether all that is known to have failed could not be built, loaded or run to an end: files or packages."""
    return any(unit.broken for unit in units) and not any(unit.failing for unit in units)


def _fewer(was: Unit, now: Unit) -> tuple[str, ...]:
    if was.ran is None or now.ran is None or now.ran >= was.ran:
        return ()
    return (f"{now.name}: {now.ran} tests ran, {was.ran} before",)


def _lies_in(name: str, broken: Sequence[str]) -> bool:
    """The empty name stands for everything."""
    return any(each in name for each in broken)


def _named(unit: Unit) -> list[str]:
    return [each or f"{unit.name}, as a whole" for each in unit.broken]


def _by_name(units: Sequence[Unit]) -> Mapping[str, Unit]:
    """Those of one name, such as a runner that was started twice, are taken together."""
    found: dict[str, Unit] = {}
    for unit in units:
        known = found.get(unit.name)
        found[unit.name] = unit if known is None else _joined(known, unit)
    return found


def _joined(one: Unit, other: Unit) -> Unit:
    ran = None if one.ran is None or other.ran is None else one.ran + other.ran
    return Unit(one.name, (*one.failing, *other.failing), ran, (*one.broken, *other.broken))
