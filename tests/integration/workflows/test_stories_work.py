"""Work on an issue as people see it: whom it asked, how far it is, how it ends."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.sandbox.box import Result
from tests.support.house import DiedError, House
from tests.support.places import Place
from tests.support.workmen import Call, SecondsBox, Workmen

POLICY = "perspectives: [security, testing]\nmax_rounds: 2\n"
SUBMIT = {"title": "Read the rows once", "summary": "The rows were read once for each row; now once for all."}
MEASURE = "read ten thousand rows"
RESEARCH: list[Call] = [
    ("search", {"pattern": "a", "path": "a.txt"}),
    ("answer", {"answer": "Nobody but a.txt does.", "places": ["a.txt:3"]}),
]


def writer(text: str = "fast\n", *first: Call, measure: str = MEASURE) -> list[Call]:
    submit: Call = ("submit", {**SUBMIT, "measure": measure} if measure else SUBMIT)
    return [*first, ("edit", {"path": "a.txt", "old": "", "new": text}), submit, submit]


@pytest.fixture
def site(running_house: House) -> "Iterator[Site]":
    running_house.installation.repository_ids.clear()
    services, permissions = running_house.services, dict(running_house.app.permissions)
    yield Site(running_house)
    running_house.services, running_house.app.permissions = services, permissions


class Site:
    """A repository, who works there, and what is seen of it."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.place = Place(house, POLICY)
        self.box = SecondsBox(MEASURE, lambda changed: 0.5 if changed else 2.0, "a.txt")

    def ask(self, title: str, calls: dict[str, list[Call]], body: str = "See a.txt.") -> int:
        self.men = Workmen(calls)
        self.house.services = replace(self.house.services, box=self.box, model=self.men)
        issue = int(self.place.call("mona", "POST", "issues", {"title": title, "body": body})["number"])
        self.place.call("mona", "POST", f"issues/{issue}/labels", {"labels": ["quorum"]})
        return issue

    @property
    def pull(self) -> dict[str, Any]:
        return next(each for each in self.place.repository.issues.values() if each["pull"])

    def work_checks(self) -> list[dict[str, Any]]:
        runs = self.place.repository.check_runs.values()
        return [each for each in runs if each["name"] == "quorum/work"]

    def progress(self, issue: int) -> str:
        (comment,) = [each for each in self.place.answers(issue) if "quorum:progress-" in each]
        return comment

    def steps(self) -> list[str]:
        query = "SELECT steps.name FROM steps JOIN runs ON runs.id = run_id WHERE repo_id = :id AND workflow = 'solve'"
        return [row[0] for row in self.house.rows(query, id=self.place.repository.id)]


def test_a_slow_thing_is_given_to_who_measures_and_everything_is_shown(site: Site):
    """The check of the work is in progress while the gate decides, and *Re-run* on it asks for nothing."""
    research: Call = ("research", {"question": "Who else reads these rows?"})
    unmeasured: Call = ("submit", SUBMIT)
    issue = site.ask("Reading is slow", {"writer": writer("fast\n", research, unmeasured), "researcher": RESEARCH})
    in_review: list[str] = []
    site.men.meanwhile_reviewing = lambda: in_review.extend(each["status"] for each in site.work_checks())
    site.house.settle()

    assert "As a performance engineer" in site.men.told["writer"]
    assert any("Nobody but a.txt does." in heard and "- a.txt:3" in heard for heard in site.men.heard)
    assert any("This task is about speed, and there is no `measure`." in heard for heard in site.men.heard)
    assert any("2.00 s before, 0.50 s after: 4.0 times as fast (one run each)" in heard for heard in site.men.heard)
    assert site.box.runs == [False, True] * 4
    assert (
        f"- `{MEASURE}`: 2.00 s before, 0.50 s after: 4.0 times as fast (the least of 3 runs each)" in site.pull["body"]
    )

    seen = [each for each in site.place.repository.reactions if each["on"] == ("issue", issue)]
    assert [each["shown"]["content"] for each in seen] == ["eyes"]
    shown = site.progress(issue)
    assert "Quorum is done" in shown
    assert "[ ]" not in shown
    assert "Specialist: optimization (`“slow” in the title`)." in shown
    (check,), (gate,) = site.work_checks(), site.place.gates(site.pull["pull"]["head_sha"])
    assert set(in_review) == {"in_progress"}
    assert (check["status"], check["conclusion"], gate.status) == ("completed", "success", "completed")
    assert "quorum/work" not in gate.summary
    runs = site.house.rows("SELECT count(*) FROM runs")
    site.place.call("mona", "POST", f"check-runs/{check['id']}/rerequest")
    site.house.settle()
    assert site.house.rows("SELECT count(*) FROM runs") == runs
    said = site.house.rows(
        "SELECT detail FROM audit WHERE action = 'specialists chosen' AND subject = :on", on=subject(site, issue)
    )
    assert len(said) == 1
    assert "optimization" in said[0][0]
    paid = site.house.rows("SELECT DISTINCT role FROM usage WHERE repo_id = :id", id=site.place.repository.id)
    assert {"writer", "researcher"} <= {role for (role,) in paid}
    asked = [name for name in site.steps() if name.startswith("write.research-")]
    assert len(asked) == 4


class SuiteBox(SecondsBox):
    """Where `make test` says how many lines `a.txt` has, as tests that passed."""

    async def run(self, argv: Sequence[str], *, worktree: Path, **more: Any) -> Result:
        if list(argv) == ["sh", "-c", "make test"]:
            return Result(0, f"{len((worktree / 'a.txt').read_text().splitlines())} passed")
        return await super().run(argv, worktree=worktree, **more)


def test_a_command_that_was_found_out_is_run_for_reviewers_and_counted_by_nobody(site: Site):
    """Of a person's pull request beside it nothing is run, whatever its branch is called."""
    site.box = SuiteBox(MEASURE, lambda _: 1.0, "a.txt")
    main = site.place.commit({"Makefile": "test:\n\ttrue\n"}, site.place.main)
    site.place.git("update-ref", "refs/heads/main", main)
    site.ask("Add a line", {"writer": writer(measure="")})
    site.house.settle()
    head = site.pull["pull"]["head_sha"]
    shown = [text for text in site.men.shown if "The change under review" in text]
    assert shown
    assert all(f"Quorum ran them in its sandbox at `{head[:12]}` for those who review." in text for text in shown)
    assert all("$ make test\\npassed\\n\\n21 passed" in text for text in shown)
    assert all("No tests were run" not in text for text in shown)
    bodies = [each["body"] for each in site.place.repository.comments.values()]
    (council,) = (text for text in bodies if "### The council on" in text)
    assert "Tests: passed, by `make test`, which was found out when the change was made" in council
    query = "SELECT tests FROM examinations WHERE repo_id = :id AND head_sha = :head"
    of = {"id": site.place.repository.id}
    assert site.house.rows(query, head=head, **of) == [("not_configured",)]

    site.men.shown.clear()
    stranger = site.place.push("quorum-like", site.place.commit({"b.txt": "other\n"}, main))
    site.place.open("quorum-like")
    site.house.settle()
    assert site.men.shown
    assert all("No tests were run for this review." in text for text in site.men.shown)
    assert site.house.rows(query, head=stranger, **of) == [("not_configured",)]


def test_when_the_council_is_not_convinced_the_check_and_the_comment_say_what_to_do(site: Site):
    evil, again = writer("EVIL security\n", measure=""), writer("EVIL testing\n", measure="")
    issue = site.ask("Add a line", {"writer": evil, "repairer": again})
    site.house.settle()
    first, check = site.work_checks()
    assert first["head_sha"] != check["head_sha"] == site.pull["pull"]["head_sha"]
    assert (first["conclusion"], first["output"]["title"]) == ("neutral", "Went on at a newer commit")
    assert (check["conclusion"], check["output"]["title"]) == ("failure", "Needs a person")
    told = "After 2 rounds the council still asks for changes"
    assert told in check["output"]["summary"]
    assert told in site.progress(issue)
    assert f"Take over pull request #{site.pull['number']}, or close it." in site.progress(issue)
    answered = "Its author answered: The repairer gave no answer of its own."
    assert any(answered in text for text in site.men.shown if "Round 2" in text)


def test_a_worker_that_dies_leaves_one_check_and_a_person_who_stops_it_ends_it(site: Site):
    issue = site.ask("Add a line", {"writer": writer(measure="")})

    def die() -> None:
        raise DiedError

    site.men.meanwhile = die
    with pytest.raises(BaseExceptionGroup):
        site.house.settle()
    site.house.leases_end()
    site.place.say("mona", issue, f"@{site.house.app.slug} stop")
    site.house.settle()
    (check,) = site.work_checks()
    assert (check["conclusion"], check["output"]["title"]) == ("neutral", "Ended")
    assert "asked to stop" in check["output"]["summary"]
    assert "Quorum ended its work" in site.progress(issue)


def test_permissions_that_were_taken_away_are_told_with_who_can_give_them_back(site: Site):
    site.house.app.permissions = {**site.house.app.permissions, "contents": "read"}
    issue = site.ask("Add a line", {"writer": writer(measure="")})
    site.house.settle()
    told = site.progress(issue)
    assert "Quorum stopped and needs a person" in told
    assert "GitHub does not let Quorum do this in" in told
    assert "grant the permissions that it asks for" in told
    assert site.work_checks() == []


def test_a_repository_that_takes_no_word_any_more_does_not_keep_the_run_from_ending(site: Site):
    """The reason is on record, for `quorum runs list`."""
    taken = {"issues": "read", "pull_requests": "read"}
    site.house.app.permissions = {**site.house.app.permissions, **taken}
    site.ask("Add a line", {"writer": writer(measure="")})
    site.house.settle()
    query = "SELECT state, reason FROM runs WHERE workflow = 'solve' AND repo_id = :id"
    ((state, reason),) = site.house.rows(query, id=site.place.repository.id)
    assert state == "failed"
    assert "GitHub does not let Quorum do this in" in reason


def subject(site: Site, number: int) -> str:
    return f"{site.place.repository.full_name}#{number}"
