import os
import time
from pathlib import Path

from app.workflows.preparing import Made
from app.workflows.setting_up import SetUp, _tidy_all, render_set_up

DAY = 86_400


def test_what_was_done_and_what_was_not_is_told():
    told = SetUp("k", ("npm ci",), "`package-lock.json`", left_out=("`sudo apt-get`: it wants root",))
    assert render_set_up(told) == (
        "Set up by `npm ci` (found out: `package-lock.json`). Not run: `sudo apt-get`: it wants root."
    )
    assert render_set_up(SetUp()) == ""


def test_of_a_failure_the_last_words_are_told_as_code():
    told = SetUp("k", ("make",), made=Made("make: exit code 2", "a\n@mona *no rule*\n\n", ("example.org",)))
    text = render_set_up(told)
    assert "The last that it printed: `@mona *no rule*`." in text
    assert "`example.org`" in text


def test_what_nobody_used_goes_whosever_it_was(tmp_path: Path):
    """Of repositories that Quorum no longer sees, too."""
    for name, days in (("1/old", 31), ("1/used", 2), ("2/.made", 2), ("2/new", 0), ("2/new.failed", 31)):
        (tmp_path / name).mkdir(parents=True)
        os.utime(tmp_path / name, (time.time() - days * DAY,) * 2)
    _tidy_all(tmp_path)
    assert sorted(str(each.relative_to(tmp_path)) for each in tmp_path.glob("*/*")) == ["1/used", "2/new"]


def test_of_one_repository_few_are_kept_that_nobody_used_for_a_day(tmp_path: Path):
    for number in range(6):
        (tmp_path / "1" / str(number)).mkdir(parents=True)
        os.utime(tmp_path / "1" / str(number), (time.time() - (2 + number) * DAY,) * 2)
    _tidy_all(tmp_path)
    assert sorted(each.name for each in tmp_path.glob("*/*")) == ["0", "1", "2", "3"]
