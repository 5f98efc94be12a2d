"""What a push onto a large change costs to review, against the review of all of it."""

from pathlib import Path

import pytest

from tests.support.house import House
from tests.support.places import Content, Place

FILES, LINES = 40, 30
NAMES = [f"part{number // 5}/m{number}.py" for number in range(FILES)]


def source(name: str, *more: str) -> str:
    lines = [f"value_{line} = combine(argument, {line}, {name!r})" for line in range(LINES)]
    return "".join(f"{line}\n" for line in ("def run(argument):", *(f"    {line}" for line in (*lines, *more))))


def test_a_push_of_one_file_onto_a_change_of_forty(tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("QUORUM_DATA_DIR", str(tmp_path))
        with House() as house:
            place = Place(house)
            files: dict[str, Content] = {name: source(name) for name in NAMES}
            head, _ = place.pull(files)
            first = asked_of(house)
            place.push("topic", place.commit({NAMES[7]: source(NAMES[7], "return value_1")}, head))
            house.settle()
            second = asked_of(house)
    print(
        f"\na change of {FILES} files with {FILES * (LINES + 1)} lines: a push of one file takes {second / first:.2f} "
        f"of the {first:,} tokens that the first review took"
    )
    assert second < first


def asked_of(house: House) -> int:
    """Tokens, at four characters each, that all perspectives were sent since this was asked last."""
    characters = sum(map(len, house.model.shown))
    house.model.shown.clear()
    house.model.asked.clear()
    return characters // 4
