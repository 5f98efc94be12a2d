"""Files that a change leaves as they are: shown with it where the rest of the project is small."""

import pytest

from app.agents.hunks import FileDiff
from app.knowledge.untouched import read_untouched
from app.policy.effort import EFFORTS
from app.workflows.behind import look_behind
from app.workflows.change import Change

SYNC = "def fetch_all(get):\n    return get({})\n"


async def test_who_reads_a_change_to_a_small_project_sees_the_rest_of_it(mirror, commit):
    base = commit({"api.py": "MOST = 10\n", "sync.py": SYNC})
    head = commit({"api.py": "MOST = 20\n", "sync.py": SYNC})
    change = Change(head, base, "", ("api.py",), (), ())
    behind = await look_behind(mirror, change, [FileDiff("api.py", "", 2)], EFFORTS["medium"])
    assert behind.untouched == "sync.py\n     1  def fetch_all(get):\n     2      return get({})"


@pytest.mark.parametrize(
    "others",
    [{"long.py": "x = 1\n" * 500}, {f"{number}.py": "" for number in range(31)}, {}],
    ids=["much", "many", "nothing"],
)
async def test_of_a_larger_one_nothing_is_shown(mirror, commit, others):
    paths = ["api.py", *others]
    head = commit({"api.py": "x\n", **others})
    assert await read_untouched(mirror, head, paths, ["api.py"]) == ""


async def test_what_nobody_reads_is_left_out_and_counts_all_the_same(mirror, commit):
    files = {"yarn.lock": "a\n", "i.png": b"\0", "od\udcffd": "", "empty.py": "", "sync.py": SYNC}
    head = commit({path: text for path, text in files.items() if path.isprintable()})
    assert (await read_untouched(mirror, head, list(files), [])).splitlines()[0] == "sync.py"
    assert "yarn" not in await read_untouched(mirror, head, list(files), [])
    large = commit({"yarn.lock": "a\n" * 2000, "sync.py": SYNC})
    assert await read_untouched(mirror, large, ["yarn.lock", "sync.py"], []) == ""
