"""SIGKILL at steps of the story, found in a first run's journal: each time the same end, everything once.

Every step has two moments: begun but not done, and done but not recorded. All of them take a while, so a sample is
drawn from a printed seed; QUORUM_CRASH_SEED chooses another. QUORUM_CRASH_POINTS, a regular expression, takes every one
that it matches: `.` takes all.
"""

import itertools
import os
import random
import re
import sys
from pathlib import Path

from tests.crash.doomed import place
from tests.support.stories import assert_alike, tell

DOOMED = [sys.executable, str(Path(__file__).with_name("doomed.py")), "serve"]
SAMPLE = 8
DEATHS = 24
"""At most so many in one telling."""
ROOT = str(Path(__file__).parents[2])


def test_the_story_ends_alike_when_its_worker_is_killed_again_and_again(tmp_path):
    calm = tell(tmp_path / "calm")
    places = sorted({place(workflow, name) for workflow, name in calm.steps})
    points = [f"{each} {moment}" for each in places for moment in ("before", "after")]
    seed = int(os.environ.get("QUORUM_CRASH_SEED", "20261121"))
    wish = os.environ.get("QUORUM_CRASH_POINTS")
    sample = (
        [point for point in points if re.search(wish, point)] if wish else random.Random(seed).sample(points, SAMPLE)  # noqa: S311
    )
    wanted = len(sample)
    print(f"seed {seed}: {len(sample)} of {len(points)} places")
    died: list[str] = []
    for number in itertools.count():
        doom = tmp_path / f"doom-{number}"
        doom.mkdir()
        left = sample[:DEATHS]
        (doom / "points").write_text("\n".join(left))
        told = tell(tmp_path / f"told-{number}", command=DOOMED, DOOM=str(doom), PYTHONPATH=ROOT)
        assert_alike(calm, told)
        fallen = [left[int(mark.name.removeprefix("died-"))] for mark in doom.glob("died-*")]
        died += fallen
        # What was not met this time makes room for others, and comes again at the end.
        sample = [point for point in sample if point not in left] + [point for point in left if point not in fallen]
        print(f"telling {number}: {len(fallen)} deaths, {len(sample)} places left")
        if not sample or not fallen:
            break
    assert len(died) >= wanted * 0.7, f"most places must be met, or the sample says nothing; not met: {sample}"
