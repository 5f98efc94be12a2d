"""Every command of the pages is typed. What is not run here stands in a table below, with the reason."""

import re

import pytest
from desk import Desk
from elsewhere import PROGRAMS
from servers import stays, watch

from tests.support.shell import Call
from tests.support.written import DEPLOYED, PAGES, Shown, deployed, typed

NAMES = {
    *("quorum setup protect", "quorum setup protect --check", "quorum gate show", "quorum gate simulate"),
    *("quorum config explain --pull", "quorum notes", "quorum COMMAND --help", "git merge-tree", "git diff"),
    *("export QUORUM_...", "quorum demo --repo … --issue … --model …", "systemd-analyze verify"),
    *("pip install -r …", "pip install -e .", "pip install pytest", "npm ci", "npm install", "npm install --global"),
    "pip install --index-url https://mirror.example.com/simple -e .",
}
"""What prose speaks of, and nobody could type as it stands; `test_pages.py` holds ours to be there."""
CLOSED = r"^gate simulate --facts "
"""It says by its code that the gate would be closed: the described pull request has a finding."""
NOT_HERE = {
    r"^demo$": "half a minute of whole processes; tests/system/test_story.py plays it, by this command",
    r"^demo --serve$": "the same, and then it waits; with `--repo` it is run, and with this option",
}
EVERY = [
    *(each for path in PAGES for each in typed(path) if each.text not in NAMES),
    *(each for path in DEPLOYED for each in deployed(path)),
]


@pytest.mark.parametrize("said", EVERY, ids=str)
def test_it_can_be_typed(said: Shown, desk: Desk):
    for call in desk.type(said.text):
        if call.program == "quorum":
            run(desk, call)
        else:
            PROGRAMS[call.program](desk, call)


def run(desk: Desk, call: Call) -> None:
    if any(re.match(pattern, " ".join(call.words)) for pattern in NOT_HERE):
        return
    if stays(call):
        watch(desk, call)
        return
    result = desk.quorum(call)
    assert result.exit_code == bool(re.match(CLOSED, " ".join(call.words))), (
        f"{call}\n{result.output}\n{result.exception!r}"
    )


def test_what_is_named_or_left_out_is_in_the_pages():
    """Else a table would hide a command that somebody writes one day."""
    texts = {each.text for path in PAGES for each in typed(path)}
    assert texts >= NAMES
    assert all(any(re.match(rf"quorum {pattern[1:]}", text) for text in texts) for pattern in NOT_HERE)
