"""A run as lines: everything at once, what is new, and a picture that is drawn again."""

import io
from dataclasses import replace

from rich.console import Console
from rich.live import Live

from app.cli.following import Lines, Picture, follow
from app.cli.run_lines import news, whole
from app.cli.run_list import Row, render_row
from app.cli.run_views import Change, RunView
from app.forge.diffstat import FileStat
from app.policy.values import MicroUsd, Repo
from app.runs.outline import StepLine
from app.runs.run import Run
from app.store.usage import Totals

RUN = Run("id", "solve", Repo(1, 7, "mona", "sample"), 3, None, "running", None, None, {}, 0, None, 1, 0.0, 100)
FREE = Totals(0, 0, 0, MicroUsd(0))
PAID = Totals(2, 900, 40, MicroUsd(12_300))
ISSUE = StepLine("issue", "step", 0.0, 0.25)
BEGUN = StepLine("write.turn-1", "step", 60.0, None)
VIEW = RunView(RUN, FREE, [ISSUE, BEGUN])
CHANGE = Change([FileStat("a.py", 3, 1), FileStat("p.png", None, None)], "+x\n\x1b[2J-y")


def ended(view: RunView, state: str = "failed", reason: str = "Gone.\n\nWhat to do: Look.") -> RunView:
    return replace(view, run=replace(view.run, state=state, reason=reason))


def test_everything_is_shown_to_who_looks_once():
    shown = whole(replace(VIEW, specialists=["database (label sql)"], plan="First\n\nthen", change=CHANGE, totals=PAID))
    assert shown == [
        "solve of mona/sample#3: running",
        "specialists: database (label sql)",
        "plan:",
        "  First",
        "  then",
        f"  00:00:00  step   {'issue':50} 0.25 s",
        f"  00:01:00  step   {'write.turn-1':50} unfinished",
        "change so far: 2 files, +3 -1",
        "  a.py  +3 -1",
        "  p.png  no text",
        "+x",
        "[2J-y",
        "2 model calls, 900 tokens in, 40 out, $0.0123",
    ]


def test_why_it_ended_and_what_to_do_stand_on_lines_of_their_own():
    assert whole(ended(VIEW))[:3] == [
        "solve of mona/sample#3: failed",
        "  because: Gone.",
        "  what to do: Look.",
    ]


def test_what_to_do_is_never_cut():
    long = "Look here. " * 100
    assert whole(ended(VIEW, reason=f"Gone\n\x1b[2J.\n\nWhat to do: {long}"))[1:3] == [
        "  because: Gone [2J.",
        f"  what to do: {long.strip()}",
    ]


def test_only_what_is_new_is_news():
    assert news(VIEW, VIEW) == []
    later = replace(VIEW, steps=[ISSUE, replace(BEGUN, finished_at=61.5)], totals=PAID)
    assert news(VIEW, later) == [
        f"  00:01:00  step   {'write.turn-1':50} 1.50 s",
        "2 model calls, 900 tokens in, 40 out, $0.0123",
    ]
    assert news(later, replace(later, change=CHANGE))[0] == "change so far: 2 files, +3 -1"
    assert news(later, replace(later, plan="P")) == ["plan:", "  P"]
    assert news(later, ended(later))[0] == "solve of mona/sample#3: failed"


def test_a_step_that_was_only_begun_is_told_when_it_has_ended():
    assert not any("write.turn-1" in line for line in news(None, VIEW))


def test_files_on_another_machine_are_told_as_such():
    assert "change so far: not here" in whole(replace(VIEW, change=Change(trouble="not here")))


async def test_following_shows_each_thing_once_and_ends_with_the_run():
    views = [VIEW, VIEW, replace(VIEW, change=CHANGE), ended(replace(VIEW, change=CHANGE))]
    out, waits = io.StringIO(), []

    async def read() -> RunView:
        return views[len(waits)]

    async def wait() -> None:
        waits.append(None)

    last = await follow(read, wait, Lines(Console(file=out, width=200)))
    assert (last.run.state, len(waits)) == ("failed", 3)
    lines = out.getvalue().splitlines()
    assert [line for line in lines if line.startswith(("solve of", "change so far", "0 model"))] == [
        "solve of mona/sample#3: running",
        "change so far: 2 files, +3 -1",
        "solve of mona/sample#3: failed",
        "0 model calls, 0 tokens in, 0 out, $0.0000",
    ]
    assert "\x1b" not in out.getvalue()


def test_a_picture_fits_the_window_while_it_goes_on_and_is_whole_at_the_end():
    console = Console(file=io.StringIO(), force_terminal=True, width=80, height=14)
    many = replace(VIEW, steps=[replace(ISSUE, name=f"step-{number}{'x' * 90}") for number in range(50)])
    with Live(console=console, auto_refresh=False) as live:
        Picture(console, live).show(None, many)
        drawn = str(live.get_renderable()).splitlines()
        assert (drawn[0], drawn[1], len(drawn)) == ("solve of mona/sample#3: running", "  ...", 10)
        assert "step-49" in drawn[-2]
        assert len(console.render_lines(live.get_renderable())) == 10
        Picture(console, live).show(many, ended(many))
        assert len(str(live.get_renderable()).splitlines()) > 50


def test_a_run_in_the_list_has_its_repository_number_state_reason_and_cost():
    run = ended(VIEW, reason="It\nbroke \x1b[2J.\n\nWhat to do: Look.").run
    line = render_row(Row(run, 1_234_500))
    assert line == f"id  solve     failed     {'mona/sample#3':30} $  1.2345  It broke [2J."
    assert len(render_row(Row(replace(run, reason="x" * 5000), 0))) < 260
