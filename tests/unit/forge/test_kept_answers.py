"""Answers of git that are held: only those that cannot change, and no more than there is room for."""

from pathlib import Path

import pytest

from app.forge.kept import _MOST, Kept
from app.gitcmd import GitError

MIRROR, BASE = Path("/mirrors/7.git"), "a" * 40


def head(letter):
    return letter * 40


@pytest.fixture
def asked():
    return []


async def get(kept, asked, to, *, mirror=MIRROR, answer=b"1234"):
    async def ask():
        asked.append((mirror, to))
        return answer

    return await kept.get(mirror, BASE, to, ask)


async def test_what_two_names_fix_is_asked_once(asked):
    kept = Kept(100)
    assert [await get(kept, asked, head("b")) for _ in range(3)] == [b"1234"] * 3
    assert len(asked) == 1


async def test_another_mirror_is_asked_itself(asked):
    kept = Kept(100)
    await get(kept, asked, head("b"))
    assert await get(kept, asked, head("b"), mirror=Path("/mirrors/8.git"), answer=b"") == b""


@pytest.mark.parametrize("name", ["main", "b" * 39, "B" * 40, "HEAD", f"{'b' * 40}^"])
async def test_a_name_that_may_mean_something_else_later_is_asked_again(asked, name):
    kept = Kept(100)
    await get(kept, asked, name)
    await get(kept, asked, name)
    assert len(asked) == 2


async def test_what_was_not_asked_for_longest_makes_room(asked):
    kept = Kept(10)
    for letter in "bcbdb":
        await get(kept, asked, head(letter))
    assert [to[0] for _, to in asked] == ["b", "c", "d"]
    await get(kept, asked, head("c"))
    assert len(asked) == 4


async def test_many_small_ones_make_room_too(asked):
    kept = Kept(10)
    for number in range(_MOST + 1):
        await get(kept, asked, f"{number:040x}", answer=b"")
    await get(kept, asked, f"{_MOST:040x}", answer=b"")
    assert len(asked) == _MOST + 1
    await get(kept, asked, f"{0:040x}", answer=b"")
    assert len(asked) == _MOST + 2


async def test_what_is_too_large_is_told_and_not_held(asked):
    kept = Kept(10)
    assert [await get(kept, asked, head("b"), answer=b"x" * 99) for _ in range(2)] == [b"x" * 99] * 2
    assert len(asked) == 2


async def test_an_error_is_not_held(asked):
    async def fail():
        raise GitError(("diff-tree",), 128, "bad object")

    kept = Kept(100)
    with pytest.raises(GitError, match="bad object"):
        await kept.get(MIRROR, BASE, head("b"), fail)
    assert await get(kept, asked, head("b")) == b"1234"
