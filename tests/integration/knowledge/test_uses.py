"""Where names are used, told by the real git."""

import asyncio

from app.gitcmd import git_at_most
from app.knowledge import callers
from app.knowledge.callers import find_uses


async def places(mirror, sha, *names, endings=("py",)):
    found = await find_uses(mirror, sha, names, endings)
    return [(use.name, use.path, use.line) for use in found.found], sorted(found.skipped)


async def test_words_are_found_where_they_stand_alone(mirror, commit):
    sha = commit({
        "a.py": "def settle(x):\n    pass\n",
        "d e/b.py": "import a\n\na.settle(1); settle_all()\n",
        "c.py": "unsettle = resettle\n",
        "d.txt": "settle\n",
        "e.py": b"\0settle\n",
    })  # fmt: skip
    assert await places(mirror, sha, "settle") == ([("settle", "a.py", 1), ("settle", "d e/b.py", 3)], [])


async def test_a_line_with_two_names_is_a_use_of_both(mirror, commit):
    sha = commit({"a.py": "settle(record)\n"})
    assert await places(mirror, sha, "record", "settle") == ([("record", "a.py", 1), ("settle", "a.py", 1)], [])


async def test_names_that_are_everywhere_are_skipped_and_said(mirror, commit):
    sha = commit({**{f"{number}.py": "common()\n" * 3 for number in range(20)}, "x.py": "settle()\n"})
    found = await places(mirror, sha, "common", "settle", "get", "x", "operator+")
    assert found == ([("settle", "x.py", 1)], ["common", "get", "operator+", "x"])


async def test_a_name_that_floods_does_not_drown_the_others(mirror, commit, monkeypatch):
    monkeypatch.setattr(callers, "_MOST_BYTES", 8_000)
    sha = commit({**{f"{number}.py": "common()\n" * 20 for number in range(20)}, "x.py": "settle()\n"})
    assert await places(mirror, sha, "common", "settle") == ([("settle", "x.py", 1)], ["common"])


async def test_what_cannot_be_searched_whole_is_said_to_be_skipped(mirror, commit, monkeypatch):
    monkeypatch.setattr(callers, "_MOST_BYTES", 1_000)
    sha = commit({"x.py": "settle(1)\n" + "#" * 2_000 + " settle\n"})
    assert await places(mirror, sha, "settle") == ([], ["settle"])


async def test_nothing_of_a_name_is_an_option_or_a_pattern(mirror, commit):
    sha = commit({"a.py": "--open-files-in-pager=touch x\nset.tle\n"})
    assert await places(mirror, sha, "--open-files-in-pager=touch x", "set.tle", "-e") == (
        [], ["--open-files-in-pager=touch x", "-e", "set.tle"],
    )  # fmt: skip


async def test_an_unknown_commit_is_no_answer(mirror, commit):
    commit({"a.py": "settle\n"})
    assert await places(mirror, "0" * 40, "settle") == ([], ["settle"])


async def test_git_is_ended_when_it_has_said_enough(mirror, commit):
    sha = commit({"a.txt": "line\n" * 400_000})
    out, whole = await git_at_most(1_000, "cat-file", "blob", f"{sha}:a.txt", git_dir=mirror)
    assert (len(out), whole) == (1_000, False)
    out, whole = await git_at_most(3_000_000, "cat-file", "blob", f"{sha}:a.txt", git_dir=mirror)
    assert (len(out), whole) == (2_000_000, True)


async def test_git_s_end_is_heard_though_more_was_said_than_is_read(mirror, commit, monkeypatch):
    """A pipe that is full is read no more by itself, and without that asyncio never tells that its process ended."""
    read = asyncio.StreamReader.read

    async def when_full(self, most=-1):
        while not self._paused and not self._eof:  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0)
        return await read(self, most)

    sha = commit({"a.txt": "line\n" * 400_000})
    monkeypatch.setattr(asyncio.StreamReader, "read", when_full)
    told = await git_at_most(1_000, "cat-file", "blob", f"{sha}:a.txt", git_dir=mirror, timeout_s=20)
    assert told == (b"line\n" * 200, False)
